/// The module of the panel "diagnose": files go in, the report that `make diagnose` prints comes out.

#include <array>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "docs/playground/page.hpp"
#include "rl/diagnose/diagnose.hpp"

namespace playground {
namespace {

std::map<std::string, std::string> files;

/// Where the museum shows a mistake in the code of others.
constexpr std::array<std::array<std::string_view, 2>, 15> exhibits = {{
    {"mean-log-prob-times-sum", "the-mean-of-the-log-probabilities"},
    {"reversed-inside-the-loop", "one-indentation-too-far"},
    {"sum-reset-at-rewards", "a-rule-for-pong"},
    {"rewards-not-summed", "discounted-but-not-summed"},
    {"whitened-per-episode", "whitened-one-episode-at-a-time"},
    {"gradient-of-p", "a-policy-too-many-in-the-objective"},
    {"softmax-twice", "softmax-and-then-again"},
    {"all-actions-pushed-alike", "the-action-that-was-never-used"},
    {"entropy-sign-wrong", "entropy-downhill"},
    {"relu-always-open", "an-equals-sign"},
    {"derivative-at-the-activation", "the-derivative-at-the-wrong-point"},
    {"hidden-derivative-missing", "better-without"},
    {"outer-product-transposed", "two-arguments-exchanged"},
    {"clipped-action", "the-clipped-action-in-the-buffer"},
    {"reparameterised-sample", "a-gradient-that-runs-through-the-draw"},
}};

std::string exhibit_of(std::string_view mistake) {
  for (const auto& [name, section] : exhibits)
    if (name == mistake) return "museum.html#" + std::string(section);
  return "";
}

std::string json(const rl::Verdict& v) {
  std::string text = "{";
  const auto add = [&](std::string_view key, std::string_view value) {
    text += (text.size() > 1 ? "," : "") + quoted(key) + ":" + quoted(value);
  };
  add("name", v.name), add("sentence", v.mistake), add("tell", v.tell);
  add("read", site_link(v.read)), add("read_title", section_title(v.read));
  add("museum", exhibit_of(v.name));
  add("adam", v.adam), add("sgd", v.sgd);
  return text + "}";
}

const char* tell_report(const rl::Diagnosis& diagnosis) {
  return tell(rl::report(diagnosis));
}

}  // namespace
}  // namespace playground

extern "C" {

/// A file: the room holds its name, and behind it its text.
void add_file(std::size_t name_length, std::size_t text_length) {
  using namespace playground;
  files[std::string(told(name_length))] = told(text_length, name_length);
}

/// The report on the one table that was added. Files are forgotten, here and below.
const char* diagnose() {
  using namespace playground;
  const auto given = std::exchange(files, {});
  if (given.size() != 1)
    throw std::invalid_argument("diagnose: expected one file, got " + std::to_string(given.size()));
  const auto& [name, text] = *given.begin();
  return tell_report(rl::diagnose(rl::read_samples(rl::learner_text(text, name), name)));
}

/// The report on the folder whose matrices were added as W0.csv, x.txt, ...; the room holds its name.
const char* diagnose_net(std::size_t name_length) {
  using namespace playground;
  const auto given = std::exchange(files, {});
  const std::string folder(told(name_length));
  const auto text_of = [&](const std::string& stem) -> std::optional<std::string> {
    for (const char* extension : {".csv", ".txt"})
      if (const auto file = given.find(stem + extension); file != given.end())
        return rl::learner_text(file->second, folder + "/" + file->first);
    return std::nullopt;
  };
  return tell_report(rl::diagnose(rl::read_net(folder, text_of)));
}

/// All known mistakes as JSON.
const char* catalogue() {
  using namespace playground;
  std::string all = "[";
  for (const rl::Verdict& v : rl::verdicts()) all += (all.size() > 1 ? ",\n" : "") + json(v);
  return tell(all + "]");
}

}  // extern "C"
