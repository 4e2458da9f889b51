#include "rl/returns.hpp"

#include <fmt/core.h>

#include <cmath>
#include <stdexcept>

#include "nn/arithmetic/vector_ops.hpp"

namespace rl {
namespace {

void check_fraction(std::string_view who, std::string_view what, nn::Scalar value) {
  if (!(value >= 0 && value <= 1))
    throw std::invalid_argument(fmt::format("{}: expected {} from 0 to 1, got {}", who, what, value));
}

void check_length(std::string_view who, std::string_view what, std::size_t expected, std::size_t got) {
  if (got != expected)
    throw std::invalid_argument(fmt::format("{}: expected {} {}, one per reward, got {}", who, expected, what, got));
}

void check_steps(std::string_view who, const Steps& steps) {
  const std::size_t count = steps.rewards.size();
  check_length(who, "next_values", count, steps.next_values.size());
  check_length(who, "terminated", count, steps.terminated.size());
  check_length(who, "truncated", count, steps.truncated.size());
}

}  // namespace

// #region returns
void discounted_returns(nn::ConstVectorView rewards, nn::Scalar gamma, nn::VectorView returns) {
  assert(rewards.size() == returns.size());
  if (!(gamma >= 0 && gamma <= 1))
    throw std::invalid_argument(fmt::format("discounted_returns: expected gamma from 0 to 1, got {}", gamma));
  nn::Scalar following = 0;  // the return of the step after this one; nothing follows the last
  for (std::size_t t = rewards.size(); t-- > 0;) {
    following = rewards[t] + gamma * following;
    returns[t] = following;
  }
}
// #endregion returns

void total_returns(nn::ConstVectorView rewards, nn::Scalar gamma, nn::VectorView returns) {
  discounted_returns(rewards, gamma, returns);
  if (!returns.empty()) nn::fill(returns, returns[0]);
}

// #region bootstrapped-returns
void bootstrapped_returns(const Steps& steps, nn::Scalar gamma, nn::VectorView returns) {
  check_steps("bootstrapped_returns", steps);
  check_length("bootstrapped_returns", "returns", steps.rewards.size(), returns.size());
  check_fraction("bootstrapped_returns", "gamma", gamma);
  for (std::size_t t = returns.size(); t-- > 0;) {
    const bool unfinished = steps.truncated[t] || t + 1 == returns.size();
    const nn::Scalar following = steps.terminated[t] ? 0 : unfinished ? steps.next_values[t] : returns[t + 1];
    returns[t] = steps.rewards[t] + gamma * following;
  }
}
// #endregion bootstrapped-returns

// #region gae
void gae(const Steps& steps, nn::ConstVectorView values, nn::Scalar gamma, nn::Scalar lambda,
         nn::VectorView advantages) {
  check_steps("gae", steps);
  check_length("gae", "values", steps.rewards.size(), values.size());
  check_length("gae", "advantages", steps.rewards.size(), advantages.size());
  check_fraction("gae", "gamma", gamma);
  check_fraction("gae", "lambda", lambda);
  // #region gae-loop
  nn::Scalar following = 0;  // the advantage of the step after this one, within the episode
  for (std::size_t t = values.size(); t-- > 0;) {
    const nn::Scalar next_value = steps.terminated[t] ? 0 : steps.next_values[t];  // a truncation has one
    if (steps.terminated[t] || steps.truncated[t]) following = 0;
    const nn::Scalar td_error = steps.rewards[t] + gamma * next_value - values[t];
    following = td_error + gamma * lambda * following;
    advantages[t] = following;
  }
  // #endregion gae-loop
}
// #endregion gae

void standardize(nn::VectorView x) {
  if (x.empty()) throw std::invalid_argument("standardize: expected at least one number, got 0");
  const auto count = static_cast<nn::Scalar>(x.size());
  const nn::Scalar mean = nn::sum(x) / count;
  for (nn::Scalar& value : x) value -= mean;
  const nn::Scalar deviation = std::sqrt(nn::dot(x, x) / count);
  for (nn::Scalar& value : x) value /= deviation + nn::Scalar(1e-8);
}

}  // namespace rl
