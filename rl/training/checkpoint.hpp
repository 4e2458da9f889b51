#pragma once
/// A learner in numbers: the policy for other programs, and all that the updates to come depend on.

#include <string>
#include <string_view>
#include <vector>

#include "nn/io/safetensors.hpp"
#include "rl/training/learner.hpp"

namespace rl {

/// The policy: float32, for observations as the environment gives them. `version` is noted in it.
nn::SafeTensors checkpoint(Learner& learner, std::string_view version);
/// Throws std::runtime_error, with `path`, when a tensor is missing or has another shape; then nothing is loaded.
void load_checkpoint(Learner& learner, nn::SafeTensors content, const std::string& path);

/// All that the updates to come depend on, without rounding.
std::vector<nn::DoubleTensor> state_of(Learner& learner);
/// The inverse: goes on as the learner did whose state it was, bit for bit. Throws std::runtime_error with `path` when
/// the state is of a learner with other settings.
void load_state(Learner& learner, const std::vector<nn::DoubleTensor>& state, const std::string& path);

}  // namespace rl
