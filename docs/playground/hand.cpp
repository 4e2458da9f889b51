/// The panel "One step by hand": a row for each program, and an arrow for where its step moves the probability.
///                                                                 docs/00-the-question.md, section 1

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "docs/playground/drawing.hpp"
#include "docs/playground/page.hpp"
#include "docs/playground/planted.hpp"
#include "nn/arithmetic/matrix.hpp"
#include "nn/softmax.hpp"
#include "rl/categorical.hpp"

namespace playground {
namespace {

struct Arrow {
  std::string program;
  double from, to;  // the probability of the action taken, before the step and after it
};
std::vector<Arrow> arrows;

std::vector<double> numbers;

}  // namespace
}  // namespace playground

extern "C" {

/// One step by hand: p, what mistake number `mistake` injects, the logits after z += rate * injected, p after that, and
/// what a right program injects; `actions` numbers of each.
const double* one_step(std::size_t mistake, std::size_t actions, double z0, double z1, double z2, std::size_t action,
                       double G, double rate) {
  using namespace playground;
  if (mistake >= mistakes().size() || actions < 2 || actions > 3 || action >= actions)
    throw std::invalid_argument(
        fmt::format("one_step: expected 2 or 3 actions and one of them, got action {} of {}", action, actions));
  const double z[] = {z0, z1, z2};
  nn::Matrix logits(actions, 1), p(actions, 1), injected(actions, 1), right(actions, 1), taken(1, 1);
  for (std::size_t k = 0; k < actions; ++k) logits(k, 0) = static_cast<Scalar>(z[k]);
  taken(0, 0) = static_cast<Scalar>(action);
  rl::Categorical head(actions);
  const Scalar weight = static_cast<Scalar>(G);
  head.weighted_score(logits, rl::ConstMatrixView(taken), {&weight, 1}, right);
  planted(head, mistakes()[mistake])->weighted_score(logits, rl::ConstMatrixView(taken), {&weight, 1}, injected);
  numbers.clear();
  const auto tell_column = [&](const nn::Matrix& m) {
    for (std::size_t k = 0; k < actions; ++k) numbers.push_back(static_cast<double>(m(k, 0)));
  };
  nn::softmax(logits, p), tell_column(p), tell_column(injected);
  for (std::size_t k = 0; k < actions; ++k) logits(k, 0) += static_cast<Scalar>(rate) * injected(k, 0);
  tell_column(logits), nn::softmax(logits, p), tell_column(p), tell_column(right);
  return numbers.data();
}

/// The same as two cells of a table, with a semicolon between: what is injected, and the way of the probability of the
/// action taken. The room holds the name of the program, for the arrow.
const char* hand_row(std::size_t length, std::size_t mistake, std::size_t actions, double z0, double z1, double z2,
                     std::size_t action, double G, double rate) {
  using namespace playground;
  action = std::min(action, actions - 1);
  const double* n = one_step(mistake, actions, z0, z1, z2, action, G, rate);
  arrows.push_back({std::string(told(length)), n[action], n[3 * actions + action]});
  std::string injected;
  for (std::size_t k = 0; k < actions; ++k) injected += (k ? ", " : "") + with_sign(n[actions + k]);
  return tell(fmt::format("{};{:.3f} → {:.3f}", injected, arrows.back().from, arrows.back().to));
}

/// The picture of the arrows of all rows since the last one.
const char* hand_arrows(double width) {
  using namespace playground;
  double low = 1, high = 0;
  for (const Arrow& arrow : arrows)
    for (const double p : {arrow.from, arrow.to}) low = std::min(low, p), high = std::max(high, p);
  const int first = static_cast<int>(20 * low), last = static_cast<int>(std::ceil(20 * high + 0.01));  // twentieths
  const auto x = [&](double p) { return 16 + (width - 32) * (20 * p - first) / (last - first); };
  std::string inside;
  for (int i = first; i <= last; i += 1 + (last - first) / 8)
    inside += path("grid", fmt::format("M{:.1f} 8V140", x(i / 20.0))) +
              label(std::round(x(i / 20.0)), 156, "middle", fmt::format("{:.2f}", i / 20.0));
  double y = 34;
  for (const auto& [program, from, to] : arrows) {
    inside += path(y == 34 ? "arrow a0" : "arrow a1", fmt::format("M{:.1f} {}H{:.1f}m{}", x(from), y, x(to),
                                                                  to < from ? "5 -5l-5 5l5 5" : "-5 -5l5 5l-5 5"));
    inside += label(std::round(x(from)), y - 8, x(from) > width / 2 ? "end" : "start", program);
    y += 32;
  }
  arrows.clear();
  return tell(picture(width, 160, inside));
}

}  // extern "C"
