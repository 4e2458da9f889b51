#pragma once
/// A trained policy at work, in the terminal or as an animated SVG: what it sees, what it thinks, what it does.

#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "nn/arithmetic/elementary.hpp"
#include "nn/softmax.hpp"
#include "rl/categorical.hpp"
#include "rl/gaussian.hpp"
#include "rl/training/learner.hpp"
#include "rl/watch/recording.hpp"
#include "rl/watch/scene.hpp"

namespace rl {

/// What the policy thinks of one state: the probability of every action.
inline std::vector<Thought> thoughts_of(const Categorical&, nn::ConstMatrixView logits, std::string_view environment) {
  nn::Matrix probs(logits.rows(), 1);
  nn::softmax(logits, probs);
  const auto names = action_names(environment, logits.rows());
  std::vector<Thought> thoughts;
  for (std::size_t k = 0; k < logits.rows(); ++k) {
    const auto p = static_cast<double>(probs(k, 0));
    thoughts.push_back({names[k], p, p});
  }
  return thoughts;
}

/// Mean and standard deviation of the first dimension. The bar of mu is its place between -2 sigma and 2 sigma of a
/// standard normal number: half full at 0.
inline std::vector<Thought> thoughts_of(Gaussian& head, nn::ConstMatrixView outputs, std::string_view) {
  nn::Scalar entropy = 0;
  head.entropy(outputs, {&entropy, 1});
  const double log_sigma = static_cast<double>(entropy) / static_cast<double>(head.dimensions()) - 1.4189385332046727;
  const double mu = static_cast<double>(outputs(0, 0)), sigma = std::exp(log_sigma);
  return {{"mu", mu, std::clamp(mu / 4 + 0.5, 0., 1.)}, {"sigma", sigma, std::min(sigma / 4, 1.)}};
}

/// Plays evaluation episode `number` and keeps every step of it.
template <class Env, class Head>
Recording record(Learner<Env, Head>& learner, const Options& options, const Task<Env, Head>& task,
                 std::uint64_t number) {
  Recording recording{Env::name, seconds_per_step(Env::name), {}};
  Lanes<Env, Head> lanes(1, task.observation_scale);
  double total = 0;
  const auto unscaled = [&](std::size_t row, Scalar x) { return static_cast<double>(x / task.observation_scale[row]); };
  lanes.play(
      learner.head(), {options.seed, Purpose::evaluation, 0}, number, 1, options.greedy,
      [&](std::size_t, nn::ConstMatrixView states) {
        const auto outputs = learner.policy().feedforward(states);
        Frame frame{{}, 0, total, thoughts_of(learner.head(), outputs, Env::name)};
        for (std::size_t row = 0; row < states.rows(); ++row)
          frame.observation.push_back(unscaled(row, states(row, 0)));
        recording.frames.push_back(std::move(frame));
        return outputs;
      },
      [&](std::size_t) {
        recording.frames.back().action = static_cast<double>(flat(lanes.actions())[0]);
        total += static_cast<double>(lanes.rewards()[0]);
      });
  Frame last = recording.frames.back();  // where it ended
  last.total_reward = total;
  for (std::size_t row = 0; row < last.observation.size(); ++row)
    last.observation[row] = unscaled(row, lanes.next_state(row, 0));
  recording.frames.push_back(std::move(last));
  return recording;
}

/// --watch: in the terminal episode after episode until q; in a pipe one episode; or as --output-svg. Returns the exit
/// status.
template <class Env, class Head>
int watch(Learner<Env, Head>& learner, const Options& options, const Task<Env, Head>& task) {
  const auto episode = [&](std::uint64_t number) { return record(learner, options, task, number); };
  if (options.output_svg.empty()) return show(episode);
  write_animation(options.output_svg, episode(0));
  return 0;
}

}  // namespace rl
