/// Prints what every estimator of the policy gradient gives on average, exactly: make oracle.

#include <fmt/core.h>

#include "rl/estimators.hpp"

namespace {

void print(const envs::TinyWorld& world, nn::Network& policy) {
  rl::Oracle plain(world, policy, 1), discounted(world, policy, rl::Scalar(0.9));
  fmt::print("{}: {} episodes, J = {:.4f} (gamma = 1), {:.4f} (gamma = 0.9)\n\n", world.name,
             plain.trajectories().size(), plain.J(), discounted.J());
  fmt::print("{:36}{:>42}   {:>41}\n", "", "gamma = 1               ", "gamma = 0.9             ");
  const char* head = "{:>9} {:>7} {:>10}  {:9}";
  fmt::print("{:36}", "weight of step t, vector injected");
  for (int i = 0; i < 2; ++i) fmt::print(fmt::runtime(head), "error", "cosine", "variance", "  verdict");
  fmt::print("\n");
  for (const rl::Estimator& estimator : rl::estimators()) {
    fmt::print("{:36}", estimator.name);
    for (rl::Oracle* oracle : {&plain, &discounted}) {
      const rl::Finding found = rl::judge(rl::moments(*oracle, estimator), oracle->gradient());
      const std::string verdict = found.verdict == rl::Verdict::scaled ? fmt::format("times {:.3g}", found.scale)
                                                                       : std::string(rl::name(found.verdict));
      fmt::print("{:9.1e} {:7.3f} {:10.3f}  {:9}", found.error, found.cosine, found.variance, verdict);
    }
    fmt::print("\n");
  }
  fmt::print("\n");
}

}  // namespace

int main() {
  nn::Random rng(7);
  nn::Network policy({3, 2}, nn::Activation::identity, rng, 2);
  fmt::print("Relative error and cosine of the mean, and the variance per episode. No sampling.\n\n");
  for (const envs::TinyWorld* world : {&envs::dense_world, &envs::delayed_world}) print(*world, policy);
}
