#pragma once
/// The normal policy of real-valued actions: each dimension is drawn around a mean that the network gives.
///                                                                                        docs/one-theorem.md
/// The same functions as Categorical, for a whole batch, one column per state. Actions are dimensions x batch. An
/// environment may clip an action to its bounds; the policy never does, and the score belongs to the action drawn.
/// Shapes are the caller's promise (assert).

#include <span>
#include <string_view>

#include "nn/arithmetic/matrix.hpp"
#include "rl/distribution.hpp"

namespace rl {

/// Where log sigma comes from.
enum class Spread {
  fixed,         // given once, never trained
  learned,       // one number per dimension, the same in every state: the distribution's own parameters
  from_network,  // the network's outputs are first the means, then as many log sigmas
};

class Gaussian : public Distribution {
 public:
  std::unique_ptr<Distribution> clone() const override { return std::make_unique<Gaussian>(*this); }
  std::string_view name() const override { return "gaussian"; }

  /// Log sigma is kept in this range: sigma from 2e-9 to 5e8, so that neither it nor 1 / sigma^2 can become 0 or
  /// infinite. One that training drives further out counts as the bound, and has derivative 0 there, as a constant has.
  static constexpr Scalar lowest_log_sigma = -20, highest_log_sigma = 20;

  /// One log sigma for all dimensions, with which a learned one starts; from_network takes none.
  /// Throws std::invalid_argument for no dimension, or a log sigma outside the range.
  Gaussian(std::size_t dimensions, Spread spread, Scalar log_sigma = 0);
  /// One log sigma for each dimension, fixed or learned.
  Gaussian(ConstVectorView log_sigma, Spread spread);

  std::size_t dimensions() const { return log_sigma_.size(); }
  /// Rows that the network must give: one mean per dimension, and with from_network as many log sigmas below.
  std::size_t outputs() const override { return spread_ == Spread::from_network ? 2 * dimensions() : dimensions(); }
  std::size_t uniforms_per_action() const override { return dimensions(); }

  /// What is learned outside the network: log sigma if it is `learned`, else nothing. weighted_score and
  /// entropy_gradient add to gradients(), in the direction that climbs.
  VectorView parameters() override { return own(log_sigma_); }
  VectorView gradients() override { return own(gradients_); }
  void zero_gradients() override;

  /// actions(d, t) = mu + sigma * quantile(u[d * batch + t]), u in [0, 1): the same actions on every machine, never
  /// infinite.                                                                           Eq. (11.10)
  void sample(ConstMatrixView outputs, std::span<const double> u, MatrixView actions) override;

  /// actions(d, t) = mu. For playing, never for learning.
  void mode(ConstMatrixView outputs, MatrixView actions) override;

  /// result[t] = log pi(actions(., t) | s_t), the logarithm of a density: it may be positive.   Eq. (11.9)
  /// Throws std::invalid_argument for an action that is not finite; so does weighted_score.
  void log_prob(ConstMatrixView outputs, ConstMatrixView actions, VectorView result) override;

  /// result[t] = sum_d (log sigma_d + 1/2 log(2 pi e)), in nats: negative for small sigma.  Eq. (11.11)
  void entropy(ConstMatrixView outputs, VectorView result) override;

  /// The gradient of weights[t] * log pi(actions(., t) | s_t) with respect to the outputs:   Eq. (11.7), (11.8)
  ///   along mu         (a - mu) * weights[t] / sigma^2
  ///   along log sigma  (((a - mu) / sigma)^2 - 1) * weights[t]
  /// output_gradient, outputs() x batch, is overwritten; a learned log sigma adds its row to gradients() instead.
  void weighted_score(ConstMatrixView outputs, ConstMatrixView actions, ConstVectorView weights,
                      MatrixView output_gradient) override;

  /// Adds the gradient of weights[t] * entropy(t): weights[t] along every log sigma, 0 along mu.
  /// Read next: bernoulli.hpp.
  void entropy_gradient(ConstMatrixView outputs, ConstVectorView weights, MatrixView output_gradient) override;

 private:
  VectorView own(nn::Vector& numbers) const { return spread_ == Spread::learned ? VectorView(numbers) : VectorView(); }
  void read_spread(ConstMatrixView outputs, std::size_t dimension);

  Spread spread_;
  nn::Vector log_sigma_, gradients_;
  nn::Vector clamped_, inverse_, inside_, along_log_sigma_;  // of one dimension, for each column
};

}  // namespace rl
