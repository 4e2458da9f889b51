#include "rl/minibatches.hpp"

#include <numeric>
#include <utility>

namespace rl {

void Minibatches::shuffle(const Batch& batch, ConstVectorView advantages, ConstVectorView targets,
                          ConstVectorView old_log_probs, nn::Random& rng) {
  const std::size_t steps = batch.steps();
  order_.resize(steps);
  std::iota(order_.begin(), order_.end(), std::size_t{0});
  for (std::size_t i = steps; i > 1; --i)  // Fisher and Yates
    std::swap(order_[i - 1], order_[static_cast<std::size_t>(rng.uniform() * static_cast<double>(i))]);
  states_.resize(batch.states.rows(), steps, batch.states.is_sparse());
  actions_.resize(batch.actions.rows(), steps);
  if (batch.states.is_sparse())
    for (std::size_t t = 0; t < steps; ++t) states_.put(t, batch.states, order_[t]);
  else
    for (std::size_t row = 0; row < states_.rows(); ++row)
      take(batch.states.dense().row(row), states_.dense().row(row));
  for (std::size_t row = 0; row < actions_.rows(); ++row) take(batch.actions.row(row), actions_.row(row));
  for (nn::Vector* numbers : {&advantages_, &targets_, &old_log_probs_}) numbers->resize(steps);
  take(advantages, advantages_);
  take(targets, targets_);
  take(old_log_probs, old_log_probs_);
}

Minibatch Minibatches::steps(std::size_t first, std::size_t count) const {
  const auto part = [&](const nn::Vector& numbers) { return ConstVectorView(numbers).subspan(first, count); };
  return {states_.columns(first, count), actions_.view().columns(first, count), part(advantages_), part(targets_),
          part(old_log_probs_)};
}

void Minibatches::take(ConstVectorView from, VectorView to) const {
  for (std::size_t t = 0; t < to.size(); ++t) to[t] = from[order_[t]];
}

}  // namespace rl
