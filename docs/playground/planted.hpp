#pragma once
/// A mistake planted in a right program. It stands in the place of one right thing: the vector that the policy's head
/// injects, or the return of a step. Nothing of the algorithms changes.

#include <memory>
#include <span>
#include <string_view>

#include "rl/algorithm.hpp"
#include "rl/distribution.hpp"
#include "rl/training/learner.hpp"

namespace playground {

using rl::Scalar;

/// One step of a softmax policy: what its score is made of.
struct CategoricalStep {
  std::size_t action;
  std::span<const Scalar> p;
  Scalar weight;
};
/// One dimension of a Gaussian action. z = (action - mu) / sigma.
struct GaussianStep {
  Scalar action, mu, sigma, log_sigma, z, weight;
};
struct GaussianGradient {
  Scalar along_mu, along_log_sigma;
};

struct Mistake {
  std::string_view name;      // as the diagnoser calls it, where it knows it
  std::string_view title;     // of a menu
  std::string_view sentence;  // what a program with it does, and what becomes of it
  std::string_view read;      // docs/PAGE.md, section N: TITLE
  std::string_view shown;     // a set-up in which the diagnoser names it; empty: no dump of numbers shows it
  /// On CartPole-v1 the mean return, in brackets the seeds of ten that solve it, after 100,000 steps with everything
  /// else as it is, by Adam and by plain SGD; computed by docs/playground/check.mjs. Empty where it is not for softmax.
  std::string_view adam, sgd;
  std::string_view museum = {};  // where others made it

  // What it does, in place of what is right.
  void (*inject)(const CategoricalStep& step, std::span<Scalar> d) = nullptr;
  GaussianGradient (*inject_gaussian)(const GaussianStep& step) = nullptr;
  void (*returns)(nn::ConstVectorView rewards, Scalar gamma, nn::VectorView returns) = nullptr;
  bool acts_greedily = false, keeps_gradients = false;
  bool says_the_right_weight = false;  // the program believes that it multiplies by it

  /// Is it to be seen in the injected vectors?
  bool in_a_step() const { return inject || inject_gaussian || returns; }
  bool is_none() const { return !inject && !inject_gaussian && !returns && !acts_greedily && !keeps_gradients; }
  bool at_the_head() const { return inject || inject_gaussian || acts_greedily; }
  bool suits(std::string_view policy) const {
    return !inject == !inject_gaussian || (policy == "gaussian" ? inject_gaussian != nullptr : inject != nullptr);
  }
};

/// All of them; the first is none. Throws std::invalid_argument for a name that is not among them.
std::span<const Mistake> mistakes();
const Mistake& mistake_named(std::string_view name);

/// The head with the mistake in it: of a Categorical, or of a Gaussian whose sigma is learned.
std::unique_ptr<rl::Distribution> planted(const rl::Distribution& right, const Mistake& mistake);

/// What stands between REINFORCE and its gradient; empty for a mistake that is not there. With the settings of the
/// learner; what they point to must outlive it.
rl::Between planted_between(const rl::TrainingSettings& settings, const Mistake& mistake);

/// coefficients[t], the right number in front of each step, becomes that of the mistaken return: with the same
/// baseline, which knows the mistaken returns only. Returns their sum. Only where mistake.returns is.
double planted_coefficients(const rl::TrainingSettings& settings, const Mistake& mistake, const rl::Batch& batch,
                            nn::VectorView coefficients);

}  // namespace playground
