#pragma once
/// Estimators of the policy gradient: those that are right, and those that people write instead.
///
/// Each is what an update makes of its episodes: one coefficient per step, and the vector injected at the logits. All
/// but a few are the reward-to-go estimator, gamma^t G_t times the score, with one thing done differently. What holds
/// of each is not written down in a text, but checked (tests/rl/oracle/test_oracle.cpp) and printed (`make oracle`).

#include <span>
#include <string_view>
#include <vector>

#include "rl/categorical.hpp"
#include "rl/oracle/oracle.hpp"

namespace rl {

/// One entry of the injected vector: output k, step t.
struct Injection {
  Scalar right;    // (one_hot - p) * weight
  Scalar weight;   // of the step
  Scalar p;        // of this output's action
  Scalar p_taken;  // of the action taken
  bool taken;      // this output's action is the one taken
  bool likeliest;  // ... the one that the policy likes best
};

/// The softmax policy, with an injected vector of your own.
class EditedCategorical : public Categorical {
 public:
  using Edit = Scalar (*)(Injection);
  explicit EditedCategorical(Edit edit) : edit_(edit) {}  // nullptr: the right one
  std::unique_ptr<Distribution> clone() const override { return std::make_unique<EditedCategorical>(*this); }
  using Categorical::weighted_score;
  void weighted_score(ConstMatrixView logits, ConstMatrixView actions, ConstVectorView weights,
                      MatrixView output_gradient) override;

 private:
  Edit edit_;
  nn::Matrix probs_, likeliest_;
};

struct Estimator {
  std::string_view name;
  /// What the oracle must find with gamma = 1 and with gamma < 1. Of a biased one: in at least one of the worlds.
  Bias undiscounted, discounted;
  std::size_t episodes;  // that the coefficients look at: 1, or 2 for those that compare
  /// Before the factor below. batch.episodes says which steps belong together.
  void (*weigh)(const Oracle& oracle, const Batch& batch, VectorView weights);
  bool from_the_start = true;  // multiply the coefficient of step t by gamma^t, as J asks for
  EditedCategorical::Edit edit = nullptr;
};

/// All of them, right ones first.
std::span<const Estimator> estimators();

/// Its exact mean and variance; what judge() makes of it is the verdict. Read next: rl/run/oracle.cpp.
Moments moments(Oracle& oracle, const Estimator& estimator);

}  // namespace rl
