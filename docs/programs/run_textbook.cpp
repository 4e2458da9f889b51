/// The program of the question in C++, with the network of nn and the pole of envs.    docs/09-cartpole.md
/// make run-textbook ARGS=3 is seed 3. asker.py is this page in NumPy.

// #region start
#include <fmt/core.h>

#include <array>
#include <string>
#include <vector>

#include "envs/cartpole.hpp"
#include "nn/arithmetic/vector_ops.hpp"
#include "nn/network.hpp"
#include "nn/optimizer.hpp"
#include "nn/softmax.hpp"

using State = std::array<double, 4>;
// #endregion start

// #region policy
nn::Matrix feedforward(nn::Network& policy, const State& state) {
  constexpr double scale[] = {2, 2, 16, 4};
  nn::Matrix x(4, 1), probs(2, 1);
  for (std::size_t i = 0; i < 4; ++i) x(i, 0) = state[i] * scale[i];
  nn::softmax(policy.feedforward(x), probs);
  return probs;
}
// #endregion policy

// #region choose
int choose_action_from(const nn::Matrix& probs, nn::Random& rng) {
  return rng.uniform() < probs(0, 0) ? 0 : 1;
}
// #endregion choose

// #region play
struct Step {
  State state;
  int action;
  double reward;
};

std::vector<Step> play(nn::Network& policy, nn::Random& rng) {
  envs::TimeLimit<envs::CartPole> env;  // at most 500 steps
  std::vector<Step> episode;
  State state = env.reset(rng);
  for (bool over = false; !over;) {
    const nn::Matrix probs = feedforward(policy, state);
    const int action = choose_action_from(probs, rng);
    const auto [next_state, reward, terminated, truncated] = env.step(action);
    episode.push_back({state, action, reward});
    state = next_state;
    over = terminated || truncated;
  }
  return episode;
}
// #endregion play

// #region loop
int main(int argc, char** argv) {
  const std::string seed = argc > 1 ? argv[argc - 1] : "0";
  if (seed.empty() || seed.size() > 19 || seed.find_first_not_of("0123456789") != std::string::npos) {
    fmt::print(stderr, "run_textbook: expected a seed, a whole number of at most 19 digits, got '{}'\n", seed);
    return 2;
  }
  nn::Random rng(std::stoull(seed));
  nn::Network policy({4, 32, 2}, nn::Activation::tanh, rng, 0.01);
  nn::Adam adam({.learning_rate = 0.04, .beta1 = 0.5, .beta2 = 0.9});
  std::size_t timesteps = 0;
  for (int update = 1; update <= 100; ++update) {
    // #endregion loop
    // #region returns
    std::vector<std::vector<Step>> episodes;
    nn::Matrix G(8, 501), baseline(8, 501);  // 0 after the end
    for (std::size_t e = 0; e < 8; ++e) {
      episodes.push_back(play(policy, rng));
      for (std::size_t t = episodes[e].size(); t-- > 0;) G(e, t) = episodes[e][t].reward + G(e, t + 1);
    }
    for (std::size_t t = 0; t < 501; ++t) {
      double sum = 0;
      for (std::size_t e = 0; e < 8; ++e) sum += G(e, t);
      for (std::size_t e = 0; e < 8; ++e) baseline(e, t) = (sum - G(e, t)) / 7;  // the mean of the other seven
    }
    // #endregion returns
    // #region inject
    policy.zero_gradients();
    for (std::size_t e = 0; e < 8; ++e)
      for (std::size_t t = 0; t < episodes[e].size(); ++t) {
        const auto& [state, action, reward] = episodes[e][t];
        nn::Matrix d = feedforward(policy, state);
        nn::scale(-1, d.flat());
        d(static_cast<std::size_t>(action), 0) += 1;
        nn::scale((G(e, t) - baseline(e, t)) / 8, d.flat());
        policy.backpropagate(d);  // adds to policy.gradients()
      }
    // #endregion inject
    // #region climb
    adam.ascend(policy.parameters(), policy.gradients());
    // #endregion climb
    // #region report
    double mean = 0;
    for (std::size_t e = 0; e < 8; ++e) mean += G(e, 0) / 8, timesteps += episodes[e].size();
    fmt::print("update {:3}: {:6} timesteps, return {:7.3f}, gradient {:9.4f}\n", update, timesteps, mean,
               nn::norm(policy.gradients()));
    if (mean < 475) continue;
    double fresh = 0;
    for (int e = 0; e < 100; ++e) fresh += static_cast<double>(play(policy, rng).size()) / 100;
    if (fresh < 475) continue;
    fmt::print("solved after {} timesteps: 100 fresh episodes have a mean return of {:.1f}\n", timesteps, fresh);
    return 0;
    // #endregion report
    // #region end
  }
  fmt::print(stderr, "not solved after {} timesteps\n", timesteps);
  return 1;
}
// #endregion end
