#pragma once
/// Random learners for the tests of diagnose: a network acts, rewards come in, and the numbers are written as a file.

#include <cstdint>
#include <string>
#include <vector>

#include "nn/network.hpp"
#include "nn/random.hpp"

namespace tests {

using nn::Scalar;

/// The last one: rounded to six decimals, and then printed with all digits, as numpy.savetxt prints what numpy.round
/// left.
enum class Print { all_digits, six_decimals, six_significant, rounded };
inline constexpr std::size_t prints = 4;

/// A batch of episodes with everything a learner has, one row per step. Plain vectors: mistakes are planted by loops.
struct Learner {
  std::size_t K = 2;
  Scalar gamma = Scalar(0.9);
  std::vector<std::size_t> lengths;
  std::vector<std::size_t> episode, time;    // of each row
  std::vector<std::vector<Scalar>> z, p, d;  // [row][k]
  std::vector<std::size_t> action;
  std::vector<std::vector<Scalar>> ref;  // probabilities of a reference policy, or none
  std::vector<Scalar> reward, weight;    // weight: the discounted reward-to-go
  // Gaussian
  std::vector<std::vector<Scalar>> actions, mu, sigma;
  std::size_t rows() const { return episode.size(); }
};

/// K from 2 to 10, two or three episodes of 3 to 9 steps (or as many as asked for, ever longer), logits of a random
/// network, sampled actions.
Learner random_learner(nn::Random& rng, std::size_t K, std::size_t episodes = 0);
Learner random_gaussian_learner(nn::Random& rng, std::size_t dimensions);

/// The returns of one episode after another, by two nested loops.
std::vector<Scalar> returns_by_hand(const Learner& l, Scalar gamma);

/// How many random cases a test takes: `usual`, or what DIAGNOSE_CASES says, a hundred times as many say.
std::size_t case_count(std::size_t usual);
/// Other cases of the same kinds: `usual`, or another one for each DIAGNOSE_SEED.
std::uint64_t case_seed(std::uint64_t usual);

struct Columns {
  bool weight = true, reward = true, episode = true, logits = false, dsigma = false, rounded_returns = false;
  const char* format = nullptr;  // of printf, in place of a Print
};
std::string csv(const Learner& l, Print print, Columns columns = {}, const std::string& keys = "");

std::string verdict_of(const std::string& csv);
/// Is the output, or everything, called correct?
bool acquits(const std::string& verdict);
/// Is a mistake named, or "wrong" said?
bool accuses(const std::string& verdict);
/// Is the name among those of the verdict?
bool names(const std::string& verdict, const std::string& name);

}  // namespace tests
