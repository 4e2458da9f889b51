#include "rl/distribution.hpp"

#include <algorithm>

namespace rl {
namespace {

nn::Matrix row_of(std::span<const int> actions) {
  nn::Matrix row(1, actions.size());
  std::ranges::transform(actions, row.flat().begin(), [](int a) { return static_cast<Scalar>(a); });
  return row;
}

void copy_indices(const nn::Matrix& row, std::span<int> actions) {
  std::ranges::transform(row.flat(), actions.begin(), [](Scalar a) { return static_cast<int>(a); });
}

}  // namespace

void DiscreteDistribution::sample(ConstMatrixView outputs, std::span<const double> u, std::span<int> actions) {
  nn::Matrix row(1, actions.size());
  sample(outputs, u, row.view());
  copy_indices(row, actions);
}

void DiscreteDistribution::mode(ConstMatrixView outputs, std::span<int> actions) {
  nn::Matrix row(1, actions.size());
  mode(outputs, row.view());
  copy_indices(row, actions);
}

void DiscreteDistribution::log_prob(ConstMatrixView outputs, std::span<const int> actions, VectorView result) {
  log_prob(outputs, ConstMatrixView(row_of(actions)), result);
}

void DiscreteDistribution::weighted_score(ConstMatrixView outputs, std::span<const int> actions,
                                          ConstVectorView weights, MatrixView output_gradient) {
  weighted_score(outputs, ConstMatrixView(row_of(actions)), weights, output_gradient);
}

}  // namespace rl
