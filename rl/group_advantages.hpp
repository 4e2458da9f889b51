#pragma once
/// One reward at the end of an episode, several episodes with the same start: what each token is weighed with. RLOO,
/// GRPO, Dr. GRPO and DAPO differ here and nowhere else.                             docs/16-tokens-are-actions.md

#include <cstddef>
#include <span>

#include "nn/arithmetic/matrix.hpp"
#include "rl/batch.hpp"

namespace rl {

/// What becomes of the return R_i of an episode, in a group of n with the mean m and the standard deviation s.
enum class Advantage {
  reinforce,   // R_i
  rloo,        // R_i minus the mean of the others: n / (n - 1) times (R_i - m)
  group_mean,  // R_i - m
  grpo         // (R_i - m) / (s + 1e-4)
};

/// By what the sum over the tokens of N episodes is divided.
enum class LengthNormalisation {
  none,     // N
  own,      // N times the length of the token's own episode
  batch,    // the tokens of all episodes
  constant  // N times the longest that an episode can be
};

/// advantages[i] of the episodes whose returns are given; `group` of them in a row have the same start.
///                                                                                     Eq. (16.3), (16.4), (16.5)
/// The deviation of grpo divides by n - less. A group of one has no others to compare with: its return stays.
/// Throws std::invalid_argument unless the groups are whole and less < n. `advantages` may be `returns`.
void group_advantages(nn::ConstVectorView returns, std::size_t group, Advantage kind, nn::VectorView advantages,
                      std::size_t less = 1);

/// shares[t]: what the number in front of the score of token t is multiplied with.                       Eq. (16.7)
/// `longest` is read by `constant` alone. Read next: post_training.hpp.
void length_shares(std::span<const Episode> episodes, LengthNormalisation kind, std::size_t longest,
                   nn::VectorView shares);

}  // namespace rl
