/// The catalogue of verdicts and the pages agree; where a verdict or an exercise sends its reader, there is something
/// to read.
#include <doctest/doctest.h>
#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>

#include "nn/io/file.hpp"
#include "rl/diagnose/catalogue.hpp"

namespace test_diagnose_pages {

namespace {

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

/// Where to read: a page of docs, then ", section N: Title" (or without the title) or ": Title".
struct Section {
  std::string page, number, title;
  std::string heading, text;  // the whole line of the heading, and what stands below it; empty if there is none
};
Section section(const std::string& where) {
  Section s;
  const std::size_t end = where.find(".md") + 3;
  s.page = where.substr(0, end);
  std::string rest = where.substr(end);
  if (const std::string mark = ", section "; rest.starts_with(mark)) {
    s.number = rest.substr(mark.size(), rest.find(':') - mark.size());
    rest.erase(0, mark.size() + s.number.size());
  }
  if (rest.starts_with(": ")) s.title = rest.substr(2);
  if (!std::filesystem::exists(s.page)) return s;
  const std::string wanted = "## " + (s.number.empty() ? "" : s.number + ". ") + s.title;
  std::istringstream page(nn::read_file(s.page));
  for (std::string line; std::getline(page, line);) {
    const bool heading = line.starts_with("## ");
    if (heading && !s.heading.empty()) break;
    if (heading && (s.title.empty() ? line.starts_with(wanted) : line == wanted)) s.heading = line;
    if (!s.heading.empty()) s.text += line + "\n";
  }
  return s;
}

}  // namespace

TEST_CASE("every name of the catalogue stands once, and the figures are those of the page") {
  std::set<std::string_view> seen;
  std::istringstream page(nn::read_file("docs/what-cartpole-hides.md"));
  std::map<std::string, std::string> rows;
  std::string without;
  for (std::string line; std::getline(page, line);)
    if (line.starts_with("Without a mistake CartPole gives"))
      without = line;
    else if (const std::size_t end = line.find(".mutant)"); line.starts_with("|") && end != std::string::npos)
      rows[line.substr(line.rfind('/', end) + 1, end - line.rfind('/', end) - 1)] = replaced(line, "killed, ", "");
  CHECK(without == fmt::format("Without a mistake CartPole gives {} (10) with Adam and {} (10) with SGD.",
                               rl::right_adam, rl::right_sgd));
  for (const rl::Verdict& v : rl::verdicts()) {
    CHECK_MESSAGE(seen.insert(v.name).second, std::string(v.name));
    CHECK(v.mistake.ends_with('.'));
    CHECK(v.mistake.size() < 160);
    CHECK(!v.tell.empty());
    if (v.mutant.empty()) continue;
    const std::string row = rows[std::string(v.mutant)];
    CHECK_MESSAGE(row.ends_with(fmt::format("| {} | {} |", v.adam, v.sgd)), std::string(v.name), ": ", row);
  }
  CHECK(seen.size() >= 45);
  const rl::Formulas& all = rl::catalogue().formulas;
  CHECK(all.output.size() + all.gaussian.size() + all.mu.size() + all.log_sigma.size() + all.terms.size() +
            all.families.size() + all.weights.size() + all.passes.size() >
        150);
}

TEST_CASE("every verdict sends its reader to a heading that exists") {
  std::set<std::string> chapters;
  for (const rl::Verdict& v : rl::verdicts()) {
    const Section s = section(std::string(v.read));
    CHECK_MESSAGE(!s.heading.empty(), std::string(v.name), ": there is no ", std::string(v.read));
    if (s.heading.empty()) continue;
    chapters.insert(s.page);
  }
  CHECK(chapters.size() >= 10);
}

TEST_CASE("every exercise says where to read: sections that exist, with the equation in them, or files") {
  std::size_t exercises = 0;
  for (const auto& file : std::filesystem::directory_iterator("tests/exercises/solutions")) {
    const std::string name = file.path().filename().string();
    if (!name.starts_with("ex") || file.path().extension() != ".cpp") continue;
    ++exercises;
    const std::string text = nn::read_file(file.path());
    const std::string mark = "\n// Read: ";
    const std::size_t at = text.find(mark);
    CHECK_MESSAGE(at != std::string::npos, name);
    if (at == std::string::npos) continue;
    std::string line = text.substr(at + mark.size(), text.find('\n', at + 1) - at - mark.size());
    CHECK_MESSAGE(line.ends_with('.'), name);
    line.pop_back();
    for (std::size_t end; !line.empty(); line.erase(0, end < line.size() ? end + 2 : end)) {
      end = std::min(line.find("; "), line.size());
      std::string where = line.substr(0, end), equation;
      if (const std::size_t eq = where.find(", Eq. "); eq != std::string::npos)
        equation = where.substr(eq + 6), where.resize(eq);
      if (where.find(".md") == std::string::npos) {
        CHECK_MESSAGE(std::filesystem::is_regular_file(where), name, ": ", where);
        continue;
      }
      const Section s = section(where);
      CHECK_MESSAGE(!s.heading.empty(), name, ": there is no ", where);
      CHECK_MESSAGE((!s.number.empty() || !s.title.empty()), name, ": no section in ", where);
      if (!equation.empty()) CHECK_MESSAGE(s.text.find(equation) != std::string::npos, name, ": ", where, equation);
    }
  }
  CHECK(exercises >= 30);
}

}  // namespace test_diagnose_pages
