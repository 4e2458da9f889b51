#pragma once
/// A GradientEstimator: the policy gradient of many episodes, on many threads, the same to the last bit on any number
/// of them.                                                                          docs/14-same-seed-same-bits.md
///
/// The episodes are played in groups of up to 32, or as many as one likes. A thread takes a whole group: with a copy of
/// the policy it plays, asks for the weights, and goes backwards. The gradients are added in the order of the groups. A
/// single group needs no copy. An algorithm sees none of this, but the weights. Many processes share the groups in the
/// same way: ranks.hpp.

#include <cstdint>
#include <memory>
#include <vector>

#include "rl/algorithm.hpp"
#include "rl/sampling/ranks.hpp"
#include "rl/sampling/rollout.hpp"
#include "rl/sampling/workers.hpp"

namespace rl {

class ParallelGradient final : public GradientEstimator {
 public:
  /// Plays `episodes` with `policy` in environments like the player's.
  ParallelGradient(Policy& policy, const Player& player, std::size_t episodes, std::size_t threads,
                   std::size_t group_size = 32, Ranks& ranks = Ranks::alone());

  UpdateReport play_weigh_inject(std::uint64_t seed, std::uint64_t number, const Weigh& weigh,
                                 Scalar entropy_weight) override;

 private:
  /// Some episodes, and what came of them.
  struct Group {
    std::size_t first, count;
    nn::Vector gradients = {}, own_gradients = {};  // of the network, and of what the distribution learns by itself
    std::size_t timesteps = 0;
    double returns_to_go = 0, entropy = 0;  // summed over the timesteps
    std::vector<EpisodeStatistics> episodes = {};
    void pack(Parcel& parcel) { parcel(gradients)(own_gradients)(timesteps)(returns_to_go)(entropy)(episodes); }
  };
  /// What one thread needs for itself.
  struct Worker {
    std::unique_ptr<Policy> copy;  // none of a single group
    Player player;
    Rollout rollout;
    nn::Vector weights;
  };
  void accumulate(Worker& worker, Group& group, std::uint64_t seed, std::uint64_t number, const Weigh& weigh,
                  Scalar entropy_weight);
  UpdateReport add_groups();

  Policy& policy_;
  Ranks& ranks_;
  Workers threads_;
  std::vector<Group> groups_;
  std::vector<Worker> workers_;
};

}  // namespace rl
