#pragma once
/// REINFORCE (Williams 1992): play some episodes, then climb sum_t (return - baseline) * log pi(action | state).

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "rl/algorithm.hpp"
#include "rl/baseline.hpp"

namespace rl {

/// What is subtracted from the returns. A critic's value is none of these: with it, it is actor_critic.hpp.
enum class Baseline { none, running_mean, leave_one_out };

struct ReinforceOptions {
  Scalar gamma = 1;
  std::size_t episodes_per_update = 8;  // those that `gradient` plays
  Baseline baseline = Baseline::leave_one_out;
  bool total_return = false;       // R for every step, instead of what follows it
  Scalar entropy_coefficient = 0;  // of the bonus
};

/// One update of `policy`: play, weigh, inject, ascend.                                    Eq. (0.10)
///
///   coefficient of step t = (G_t - baseline) / episodes
/// The others of a baseline are those of a group, which `gradient` plays together. Read next: critic.hpp.
class Reinforce : public Algorithm {
 public:
  Reinforce(Policy& policy, PolicyOptimizer& optimizer, std::unique_ptr<GradientEstimator> gradient,
            ReinforceOptions options);
  UpdateReport update(std::uint64_t seed, std::uint64_t number) override;
  void coefficients(const Batch& batch, VectorView result) override;

  /// The running mean, which starts with the first update.
  std::vector<double> state() const override { return {static_cast<double>(running_mean_.value())}; }
  void load_state(std::span<const double> state) override;
  RunningMean& running_mean() { return running_mean_; }

 private:
  /// weights[t] as above; returns the sum of all G_t.
  double weigh(const Batch& batch, VectorView weights) const;
  void subtract_baseline(std::span<const Episode> episodes, VectorView returns) const;

  Policy& policy_;
  PolicyOptimizer& optimizer_;
  std::unique_ptr<GradientEstimator> gradient_;
  ReinforceOptions options_;
  Scalar bonus_;  // of the entropy of one step
  RunningMean running_mean_{Scalar(0.1)};
};

}  // namespace rl
