#include "rl/bernoulli.hpp"

#include <fmt/core.h>

#include <stdexcept>

#include "nn/arithmetic/elementary.hpp"

namespace rl {
namespace {

void check_actions(std::string_view who, ConstMatrixView actions) {
  const auto action = actions.row(0);
  for (std::size_t t = 0; t < action.size(); ++t)
    if (action[t] != 0 && action[t] != 1)
      throw std::invalid_argument(
          fmt::format("Bernoulli::{}: expected actions 0 or 1, got {} in column {}", who, action[t], t));
}

}  // namespace

void Bernoulli::sample(ConstMatrixView outputs, std::span<const double> u, MatrixView actions) {
  assert(outputs.rows() == 1 && u.size() == outputs.cols() && actions.cols() == outputs.cols());
  const auto z = outputs.row(0);
  const auto action = actions.row(0);
  for (std::size_t t = 0; t < z.size(); ++t) action[t] = u[t] >= static_cast<double>(nn::sigmoid(-z[t])) ? 1 : 0;
}

void Bernoulli::mode(ConstMatrixView outputs, MatrixView actions) {
  assert(outputs.rows() == 1 && actions.cols() == outputs.cols());
  const auto z = outputs.row(0);
  const auto action = actions.row(0);
  for (std::size_t t = 0; t < z.size(); ++t) action[t] = z[t] > 0 ? 1 : 0;
}

void Bernoulli::log_prob(ConstMatrixView outputs, ConstMatrixView actions, VectorView result) {
  assert(outputs.rows() == 1 && actions.cols() == outputs.cols() && result.size() == outputs.cols());
  check_actions("log_prob", actions);
  const auto z = outputs.row(0), action = actions.row(0);
  for (std::size_t t = 0; t < z.size(); ++t) result[t] = nn::log_sigmoid(action[t] == 1 ? z[t] : -z[t]);
}

void Bernoulli::entropy(ConstMatrixView outputs, VectorView result) {
  assert(outputs.rows() == 1 && result.size() == outputs.cols());
  const auto z = outputs.row(0);
  for (std::size_t t = 0; t < z.size(); ++t)
    result[t] = -nn::sigmoid(z[t]) * nn::log_sigmoid(z[t]) - nn::sigmoid(-z[t]) * nn::log_sigmoid(-z[t]);
}

// #region injected-gradient
void Bernoulli::weighted_score(ConstMatrixView outputs, ConstMatrixView actions, ConstVectorView weights,
                               MatrixView output_gradient) {
  assert(outputs.rows() == 1 && actions.cols() == outputs.cols() && weights.size() == outputs.cols());
  assert(output_gradient.rows() == 1 && output_gradient.cols() == outputs.cols());
  check_actions("weighted_score", actions);
  const auto z = outputs.row(0), action = actions.row(0);
  const auto injected = output_gradient.row(0);
  for (std::size_t t = 0; t < z.size(); ++t) injected[t] = (action[t] - nn::sigmoid(z[t])) * weights[t];
}
// #endregion injected-gradient

void Bernoulli::entropy_gradient(ConstMatrixView outputs, ConstVectorView weights, MatrixView output_gradient) {
  assert(outputs.rows() == 1 && weights.size() == outputs.cols());
  assert(output_gradient.rows() == 1 && output_gradient.cols() == outputs.cols());
  const auto z = outputs.row(0);
  const auto injected = output_gradient.row(0);
  for (std::size_t t = 0; t < z.size(); ++t)
    injected[t] -= weights[t] * (nn::sigmoid(z[t]) * nn::sigmoid(-z[t]) * z[t]);
}

}  // namespace rl
