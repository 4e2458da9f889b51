/// The strip of an episode, and the table of a step, as the page shows them.

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "docs/playground/drawing.hpp"
#include "docs/playground/page.hpp"
#include "docs/playground/shown.hpp"

namespace playground {
namespace {

double largest(nn::ConstVectorView numbers) {
  double most = 1e-9;
  for (const Scalar x : numbers) most = std::max(most, std::abs(static_cast<double>(x)));
  return most;
}
double largest(const nn::Matrix& m, const rl::Episode& e) {
  double most = 0;
  for (std::size_t k = 0; k < m.rows(); ++k) most = std::max(most, largest(m.row(k).subspan(e.first, e.length)));
  return most;
}

/// The colour of an action's number.
std::string ink(std::size_t k) {
  return fmt::format("a{}", k);
}

}  // namespace

std::string Shown::strip(std::size_t episode, std::size_t step) const {
  const rl::Episode& e = batch_->episodes[episode];
  const double most = largest(e.of(coefficients_)), strong = largest(batch_->actions, e);
  std::string bars;
  std::array<std::string, 3> ticks;
  for (std::size_t i = 0; i < e.length; ++i) {
    const std::size_t t = e.first + i;
    const double middle = static_cast<double>(i) + 0.5, a = static_cast<double>(batch_->actions(0, t));
    bars += fmt::format("M{:.6g} 30v{:.2f}", middle, -28 * static_cast<double>(coefficients_[t]) / most);
    if (gaussian())
      bars += fmt::format("M{:.6g} 72v{:.2f}", middle, -8 * a / strong);
    else
      ticks[static_cast<std::size_t>(a)] += fmt::format("M{} {:.6g}h1", i, 66 + 7 * a);
  }
  std::string inside = path("bars", bars) + path("grid", fmt::format("M0 30H{}", e.length));
  for (std::size_t k = 0; k < ticks.size(); ++k) inside += path("ticks " + ink(k), ticks[k]);
  inside += path("now", fmt::format("M{:.6g} 0V82", static_cast<double>(step) + 0.5));
  return picture(static_cast<double>(e.length), 82, inside, true);
}

bool Shown::is_wrong(std::size_t t) const {
  bool wrong = false;
  for (std::size_t k = 0; k < injected_.rows(); ++k)
    wrong = wrong || !(std::abs(injected_(k, t) - right_(k, t)) <= 1e-4 * (1 + std::abs(injected_(k, t))));
  return wrong;
}

std::size_t Shown::next_wrong(std::size_t episode, std::size_t step) const {
  const rl::Episode& e = batch_->episodes[episode];
  for (std::size_t i = 1; i <= e.length; ++i)
    if (is_wrong(e.first + (step + i) % e.length)) return (step + i) % e.length;
  return e.length;
}

std::string Shown::step(std::size_t episode, std::size_t step) const {
  const rl::Episode& e = batch_->episodes[episode];
  const std::size_t t = e.first + step, numbers = injected_.rows();
  const auto action = static_cast<double>(batch_->actions(0, t));
  const std::vector<std::string> actions = actions_of(setup_);
  const double most = largest(right_, e);

  std::string rows;
  const auto add = [&](std::string_view heading, const auto& cell) {
    rows += "<tr><th scope=\"row\">" + std::string(heading);
    for (std::size_t k = 0; k < numbers; ++k) rows += "<td>" + std::string(cell(k));
  };
  const auto vector = [&](const nn::Matrix& m, double scale) {
    return [&m, scale, t](std::size_t k) {
      const auto x = static_cast<double>(m(k, t));
      return bar(x, scale, ink(k)) + with_sign(x);
    };
  };
  const auto number = [&](double x, double scale) {
    return [=](std::size_t k) { return k == 0 ? with_sign(x, 2) : k == 1 ? bar(x, scale) : ""; };
  };
  rows += fmt::format("<thead><tr><th>step {}", step + 1);
  for (std::size_t k = 0; k < numbers; ++k)
    rows += "<th>" + (gaussian()                              ? k == 0 ? "for μ" : "for log σ"
                      : k == static_cast<std::size_t>(action) ? actions[k] + " ✓"
                                                              : actions[k]);
  rows += "<tbody>";
  if (gaussian()) {
    add("μ, σ", [&](std::size_t k) { return k == 0 ? with_sign(outputs_(0, t), 2) : fmt::format("{:.3f}", sigma_); });
    add("action a", number(action, largest(batch_->actions, e)));
    add("(a−μ)/σ², ((a−μ)/σ)²−1", vector(score_, largest(score_, e)));
  } else {
    add("p", [&](std::size_t k) { return bar(probs_(k, t), 1, ink(k)) + fmt::format("{:.3f}", probs_(k, t)); });
    add("one_hot", [&](std::size_t k) { return k == static_cast<std::size_t>(action) ? "1" : "0"; });
    add("one_hot − p", vector(score_, 1));
  }
  add("return G", number(returns_[t], largest(e.of(returns_))));
  const bool critic = setup_.settings.algorithm != "reinforce";
  if (critic || setup_.settings.baseline != "none")
    add(critic ? "advantage" : "G − baseline", number(right_coefficients_[t], largest(e.of(right_coefficients_))));
  if (is_wrong(t)) add("right", vector(right_, most));
  add("injected", vector(injected_, most));

  double agree = 0, sum = 0, size = 0;
  for (std::size_t k = 0; k < numbers; ++k) {
    agree += static_cast<double>(injected_(k, t)) * static_cast<double>(right_(k, t));
    sum += injected_(k, t), size += std::abs(injected_(k, t));
  }
  const bool sure = !gaussian() && std::abs(right_coefficients_[t]) > 1e-3 * largest(e.of(right_coefficients_)) &&
                    largest(right_, {t, 1}) < 1e-3 * std::abs(static_cast<double>(right_coefficients_[t]));
  const char* fits = !is_wrong(t) && sure                         ? "sure"
                     : !is_wrong(t)                               ? right_coefficients_[t] > 0   ? "better"
                                                                    : right_coefficients_[t] < 0 ? "worse"
                                                                                                 : "same"
                     : agree < 0                                  ? "away"
                     : size == 0                                  ? "left"
                     : agree == 0                                 ? "needless"
                     : !gaussian() && std::abs(sum) > 1e-3 * most ? "sum"
                                                                  : "amount";
  return fmt::format(
      "{{\"table\":{},\"did\":{},\"fits\":\"{}\",\"wrong\":{},\"most\":\"{:.1f}\"}}", quoted(rows),
      quoted(gaussian() ? actions[0] + " " + with_sign(action, 2) : actions[static_cast<std::size_t>(action)]), fits,
      is_wrong(t) ? "true" : "false", largest(e.of(coefficients_)));
}

}  // namespace playground
