#include "rl/training/evaluate.hpp"

#include <algorithm>

#include "rl/training/result.hpp"

namespace rl {
namespace {

/// Adds up what each environment earns.
class Returns : public Recorder {
 public:
  explicit Returns(std::span<double> returns) : returns_(returns) {}
  nn::Activations& activations(std::size_t) override { return activations_; }
  void record(const Player& player, std::size_t) override {
    for (std::size_t n = 0; n < returns_.size(); ++n)
      if (player.was_running()[n]) returns_[n] += static_cast<double>(player.rewards()[n]);
  }

 private:
  std::span<double> returns_;
  nn::Activations activations_;
};

}  // namespace

std::vector<double> evaluate(Player& player, Policy& policy, std::size_t count, std::uint64_t seed, std::uint64_t round,
                             bool greedy, const std::function<bool()>& stop, std::size_t first) {
  std::vector<double> returns(count, 0.);
  for (std::size_t done = 0; done < count && !(stop && stop()); done += player.size()) {
    const std::size_t some = std::min(player.size(), count - done);
    Returns of_these(std::span<double>(returns).subspan(done, some));
    player.play(policy, {seed, SeedPurpose::evaluation, round}, first + done, some, greedy, of_these);
  }
  return returns;
}

}  // namespace rl
