/// The panel "Letters are actions": what the policy writes, and what is injected at every letter of a word: of one that
/// it wrote itself, Eq. (16.2), or of one of the book, as pretraining has it, Eq. (16.1).
///                                                             docs/16-tokens-are-actions.md, section 1

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "docs/playground/drawing.hpp"
#include "docs/playground/page.hpp"
#include "docs/playground/training.hpp"
#include "envs/words.hpp"
#include "nn/softmax.hpp"
#include "rl/training/pretraining.hpp"
#include "rl/training/writing.hpp"

namespace playground {
namespace {

using envs::Alphabet;

Training& writer() {
  Training& t = started();
  if (t.setup.settings.rewards.empty())
    throw std::invalid_argument("letters: expected environment=Words, got " + t.setup.experiment.environment);
  return t;
}

std::string name_of(std::size_t action) {
  return action == Alphabet::end ? "end" : std::string(1, static_cast<char>('a' + action));
}

/// The letters that a state shows, the last one at the end; a dot where there is none.
std::string seen_in(const nn::States& states, std::size_t column) {
  std::string seen;
  for (std::size_t back = Alphabet::seen; back-- > 0;)
    for (std::size_t k = 0; k < Alphabet::symbols; ++k)
      if (states(back * Alphabet::symbols + k, column) != 0) seen += k + 1 < Alphabet::symbols ? name_of(k) : "\u00b7";
  return seen;
}

/// The four likeliest actions but `taken`.
std::array<std::size_t, 4> others(nn::ConstMatrixView p, std::size_t column, std::size_t taken) {
  std::vector<std::size_t> order(p.rows());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::erase(order, taken);
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return p(a, column) > p(b, column); });
  return {order[0], order[1], order[2], order[3]};
}

/// The injected vector at every letter of an episode, (one_hot - p) times the coefficient: a row each.
std::string table(const rl::Batch& batch, const rl::Episode& e, nn::ConstMatrixView p,
                  nn::ConstVectorView coefficients) {
  double most = 1e-9;
  for (std::size_t t = e.first; t < e.first + e.length; ++t)
    most = std::max(most, std::abs(static_cast<double>(coefficients[t])));
  std::string rows =
      "<thead><tr><th>sees<th>letter<th>p<th>coefficient<th>injected there<th>and at the likeliest others<tbody>";
  for (std::size_t t = e.first; t < e.first + e.length; ++t) {
    const auto letter = static_cast<std::size_t>(batch.actions(0, t));
    const auto coefficient = static_cast<double>(coefficients[t]), here = static_cast<double>(p(letter, t));
    const double injected = (1 - here) * coefficient;
    rows += fmt::format("<tr><th scope=\"row\"><code>{}</code><td><b>{}</b><td>{:.3f}<td>{}<td>{}{}<td>",
                        seen_in(batch.states, t), name_of(letter), here, with_sign(coefficient, 2),
                        bar(injected, most, "a0"), with_sign(injected));
    for (const std::size_t k : others(p, t, letter))
      rows += fmt::format("<i>{}</i> {} ", name_of(k), with_sign(-static_cast<double>(p(k, t)) * coefficient, 2));
  }
  return rows;
}

}  // namespace
}  // namespace playground

extern "C" {

/// As JSON: `words` that the policy writes now, and the means over 200 of them.
const char* letters_written() {
  using namespace playground;
  rl::Learner& learner = writer().learner;
  const rl::Writing writing = rl::write_words(learner, 200, 0);
  std::string words;
  for (std::size_t i = 0; i < 12; ++i) words += (i ? " " : "") + writing.words[i];
  return tell(
      fmt::format("{{\"words\":{},\"reward\":\"{:.2f}\",\"length\":\"{:.1f}\",\"entropy\":\"{:.2f}\",\"kl\":\"{:.2f}\","
                  "\"bits\":\"{:.2f}\","
                  "\"different\":\"{:.0f}\"}}",
                  quoted(words), writing.reward, writing.length, writing.entropy, writing.kl,
                  rl::bits_per_letter(learner.policy(), envs::held_out_words()), 200 * writing.distinct));
}

/// The words of the coming update: how many.
std::size_t letters_play() {
  using namespace playground;
  Training& t = writer();
  t.shown.play(t.updates + 1);
  return t.shown.episodes();
}
/// The table of word i of them. The advantage is the coefficient.
const char* letters_word(std::size_t i) {
  using namespace playground;
  const Shown& shown = writer().shown;
  return tell(table(shown.batch(), shown.batch().episodes[i], shown.probs(), shown.coefficients()));
}
/// The table of word i of those for pretraining. The coefficient is 1.
const char* letters_of_book(std::size_t i) {
  using namespace playground;
  rl::Policy& policy = writer().learner.policy();
  const std::string_view word = envs::training_words()[i % envs::training_words().size()];
  const rl::Batch batch = rl::batch_of_words({&word, 1});
  nn::Matrix p(Alphabet::action_count, batch.steps());
  nn::softmax(policy.network.feedforward(batch.states), p);
  return tell(table(batch, batch.episodes[0], p, nn::Vector(batch.steps(), 1)));
}

}  // extern "C"
