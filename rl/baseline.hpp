#pragma once
/// A baseline is subtracted from the returns. As long as it does not look at the action taken, the expected gradient
/// stays the same, and there is less noise in it.                       docs/00-the-question.md, section 4

#include <span>

#include "nn/arithmetic/matrix.hpp"
#include "rl/batch.hpp"

namespace rl {

/// Leave-one-out: from the return of step t of an episode, subtracts the mean return that the *other* episodes of
/// the batch had from their step t on (0 for one that had ended by then).
///   A_t^i = G_t^i - 1/(N-1) sum_{j != i} G_t^j                                           Eq. (8.6)
/// The others know nothing of this episode's action, so the gradient stays unbiased. When all episodes earned the same
/// from every step on, every weight is exactly 0. A single episode has no others: its returns stay as they are.
/// Read next: reinforce.hpp.
void subtract_leave_one_out(std::span<const Episode> episodes, nn::VectorView returns);

/// The running mean of past returns: one number for all states and steps.
class RunningMean {
 public:
  /// rate: how much of the mean a batch replaces. Throws std::invalid_argument unless 0 < rate <= 1.
  explicit RunningMean(nn::Scalar rate);

  /// Subtracts the mean of the batches before this one, and only then lets it follow this one:
  ///   mean += rate * (mean of these returns - mean)
  /// So no return is ever in its own baseline. The first batch has no past: its returns stay as they are, and their
  /// mean is where the running one starts.
  void subtract(nn::VectorView returns);

  /// The two halves of subtract, for returns that come in parts: what to take away, and what to go after.
  nn::Scalar value() const { return mean_; }
  void follow(nn::Scalar mean);

  /// Goes on from a value() of before.
  void start_at(nn::Scalar mean) { mean_ = mean, started_ = true; }

 private:
  nn::Scalar rate_, mean_ = 0;
  bool started_ = false;
};

}  // namespace rl
