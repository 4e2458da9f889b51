#pragma once
/// The exact answer, by adding up every episode that can happen: which estimator of the policy gradient is right on
/// average, and how noisy each one is. No sampling, so "biased" and "noisy" cannot be confused. `make oracle`
///
///   J     = sum_tau P(tau) R(tau),   R(tau) = sum_t gamma^t r_t
///   dJ    = sum_tau P(tau) R(tau) grad log P(tau)              (0.4), for whole episodes
///   mean  = sum_tau P(tau) g(tau),   g(tau) what an estimator makes of episode tau
///   noise = sum_tau P(tau) |g(tau) - mean|^2                  the trace of the covariance
/// dJ is computed here, from the probabilities alone; g by the very functions that training uses. So an error in
/// those shows as a bias. Build with -DSCALAR=double: agreement is then 1e-14, and a bias is 1e-2 or more.
/// Read next: estimators.hpp.

#include <array>
#include <cstddef>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "envs/tiny_mdp.hpp"
#include "nn/network.hpp"
#include "rl/batch.hpp"
#include "rl/policy_gradient.hpp"

namespace rl {

/// One way an episode can go, and how likely it is. The state after the last step is nobody's concern: it pays nothing.
struct Trajectory {
  std::size_t length;  // of what follows, only the first `length` count
  std::array<std::size_t, envs::TinyWorld::horizon> states;
  std::array<int, envs::TinyWorld::horizon> actions;
  std::array<Scalar, envs::TinyWorld::horizon> rewards;
  double probability;
};

/// Every trajectory (216 of them, or fewer where an episode may end early) under softmax(policy(one_hot(s))); the
/// probabilities sum to 1. Throws std::invalid_argument unless the policy has 3 inputs and 2 outputs.
std::vector<Trajectory> enumerate(const envs::TinyWorld& world, nn::Network& policy);

/// J, the expected discounted return.
double expected_return(const envs::TinyWorld& world, nn::Network& policy, double gamma);

/// What an estimator gives: its mean, and its variance per episode (of a batch of N: N times the batch's).
struct Moments {
  std::vector<double> mean;
  double variance = 0;
};

/// Everything exact about one world and one policy as it stands: make a new one after changing the parameters. Making
/// it overwrites the policy's gradients().
class Oracle {
 public:
  /// Throws std::invalid_argument unless 0 <= gamma <= 1, and what enumerate throws.
  Oracle(const envs::TinyWorld& world, nn::Network& policy, Scalar gamma);

  const std::vector<Trajectory>& trajectories() const { return trajectories_; }
  Scalar gamma() const { return gamma_; }
  double J() const { return J_; }
  /// dJ/d(parameters), in the order of policy.parameters().
  const std::vector<double>& gradient() const { return gradient_; }
  /// V_t(s): what is still to come, discounted from t on; 0 when nothing is (t = 3). Steps are numbered from the start
  /// of the episode, since so near its end a state is worth less.
  double value(std::size_t t, std::size_t state) const { return value_[t][state]; }

  /// Fills in one coefficient per step.
  using Weigh = std::function<void(const Batch& batch, VectorView weights)>;
  /// Mean and variance of
  ///   sum_t weights[t] * grad log pi(actions[t] | s_t)
  /// over batches of `episodes` independent episodes. The distribution makes the injected vector, and
  /// accumulate_policy_gradient does the rest, as in training. Takes trajectories^episodes passes.
  Moments moments(const Distribution& distribution, std::size_t episodes, const Weigh& weigh);

 private:
  /// All ways to choose `episodes` trajectories, each laid out as a batch.
  class Batches {
   public:
    Batches(const Oracle& oracle, std::size_t episodes);
    const Batch& batch() const { return batch_; }
    double probability() const { return probability_; }
    bool more() const { return more_; }
    void next();

   private:
    void lay();
    const std::vector<Trajectory>& trajectories_;
    std::vector<std::size_t> chosen_;
    Batch batch_;
    double probability_ = 1;
    bool more_ = true;
  };

  nn::Network& policy_;
  Scalar gamma_;
  std::vector<Trajectory> trajectories_;
  double J_;
  std::vector<double> gradient_;
  std::array<std::array<double, envs::TinyWorld::states>, envs::TinyWorld::horizon + 1> value_{};
};

/// What the oracle says of an estimator.
enum class Bias {
  unbiased,  // its mean is the gradient
  scaled,    // its mean is the gradient times a number: only the learning rate changes (or the sign!)
  biased,    // its mean points elsewhere
  zero,      // its mean is 0: nothing is learned
};
std::string_view name(Bias bias);

struct Judgement {
  Bias bias;
  double error;   // |mean - gradient| / |gradient|
  double cosine;  // of the angle between the two; 0 when one of them is 0
  double scale;   // the number c for which c * gradient is nearest to the mean
  double variance;
};

/// Compares. Two numbers count as equal when they differ by less than `tolerance` times |gradient|.
Judgement judge(const Moments& moments, std::span<const double> gradient,
                double tolerance = nn::is_double ? 1e-9 : 1e-4);

}  // namespace rl
