#pragma once
/// A set-up as the page writes it: "environment=CartPole-v1&mistake=none&learning-rate=0.04&hidden=32&seed=0".

#include <string>
#include <string_view>
#include <vector>

#include "docs/playground/planted.hpp"
#include "rl/training/experiment.hpp"
#include "rl/training/settings.hpp"

namespace playground {

struct Setup {
  rl::TrainingSettings settings;
  rl::Experiment experiment;
  const Mistake* mistake;
};

/// Names and values are those of the options of run_cartpole and its like, without their --, and `environment` and
/// `mistake` besides. What is not said is as `run_ENVIRONMENT` has it, for the algorithm chosen. Throws
/// std::invalid_argument for a name or a value that does not exist, and for a mistake that the environment or the
/// algorithm has no place for.
Setup read_setup(std::string_view text);

/// The whole set-up, every option with its value.
std::string text_of(const Setup& setup);

/// What its actions are called; of a Gaussian policy what the number is.
std::vector<std::string> actions_of(const Setup& setup);

/// What can be chosen, as JSON: each with its policy, its actions, and when it counts as solved.
std::string environments_json();

}  // namespace playground
