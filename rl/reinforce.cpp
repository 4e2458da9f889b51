#include "rl/reinforce.hpp"

#include <fmt/core.h>

#include <stdexcept>
#include <utility>

#include "nn/arithmetic/vector_ops.hpp"
#include "rl/returns.hpp"

namespace rl {

Reinforce::Reinforce(Policy& policy, PolicyOptimizer& optimizer, std::unique_ptr<GradientEstimator> gradient,
                     ReinforceOptions options)
    : policy_(policy),
      optimizer_(optimizer),
      gradient_(std::move(gradient)),
      options_(options),
      bonus_(options.entropy_coefficient * (1 / static_cast<Scalar>(options.episodes_per_update))) {}

// #region update
UpdateReport Reinforce::update(std::uint64_t seed, std::uint64_t number) {
  const auto weigh_steps = [this](const Batch& batch, VectorView weights) { return weigh(batch, weights); };
  policy_.zero_gradients();
  UpdateReport report = gradient_->play_weigh_inject(seed, number, weigh_steps, bonus_);
  report.gradient_norm = optimizer_.ascend(policy_);                    // theta += alpha gradient
  running_mean_.follow(static_cast<Scalar>(report.mean_return_to_go));  // the baseline of later updates
  return report;
}

/// weights[t] = (G_t - baseline) / episodes, for every step of some episodes.
double Reinforce::weigh(const Batch& batch, VectorView weights) const {
  const auto fill_returns = options_.total_return ? total_returns : discounted_returns;  // R for every step, or G_t
  for (const Episode& e : batch.episodes) fill_returns(e.of(batch.rewards), options_.gamma, e.of(weights));
  const auto sum = static_cast<double>(nn::sum(weights));  // of all G_t: their mean moves the running baseline
  subtract_baseline(batch.episodes, weights);
  nn::scale(1 / static_cast<Scalar>(options_.episodes_per_update), weights);  // the mean over the episodes
  return sum;
}
// #endregion update

void Reinforce::coefficients(const Batch& batch, VectorView result) {
  weigh(batch, result);
  nn::scale(static_cast<Scalar>(options_.episodes_per_update), result);
}

void Reinforce::subtract_baseline(std::span<const Episode> episodes, VectorView returns) const {
  switch (options_.baseline) {
    case Baseline::none: break;
    case Baseline::leave_one_out: subtract_leave_one_out(episodes, returns); break;
    case Baseline::running_mean:
      for (Scalar& G : returns) G -= running_mean_.value();
      break;
  }
}

void Reinforce::load_state(std::span<const double> state) {
  if (state.size() != 1)
    throw std::invalid_argument(fmt::format("Reinforce::load_state: expected 1 number, got {}", state.size()));
  running_mean_.start_at(static_cast<Scalar>(state[0]));
}

}  // namespace rl
