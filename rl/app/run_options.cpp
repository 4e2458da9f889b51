/// The other options of a run, as --help shows them, and all of them by name for the run folder.
#include <fmt/core.h>

#include <type_traits>

#include "rl/app/option_table.hpp"
#include "rl/app/option_text.hpp"
#include "rl/app/options.hpp"

namespace rl {

void add_run_options(OptionTable& add, Options& options) {
  add.group = "Speed (changes no result)";
  add.count<std::size_t>("--num-envs", "N", options.num_envs, 1, 65536, "Environments played side by side");
  add.count<std::size_t>("--threads", "N", options.threads, 1, 1024,
                         "Threads that share the episodes of an update, or the seeds");
  add.group = "Evaluation";
  add.path("--evaluate", "DIR", options.evaluate, "Train nothing; evaluate the policy of the run folder DIR, as it is");
  add.count<std::size_t>("--episodes", "N", options.episodes, 1, 10'000'000, "Fresh episodes of an evaluation");
  add.flag("--greedy", options.greedy, "Evaluate the most probable action instead of sampled ones");
  add.flag("--watch", options.watch, "Show the policy at work, after the training or of --evaluate DIR");
  add.path("--output-svg", "FILE", options.output_svg, "With --watch: an animated picture instead of the terminal");
  add.group = "Files";
  add.path("--output", "DIR", options.output, "Folder of the run: weights, learning curve, summary");
  add.path("--resume", "DIR", options.resume, "Go on with the run in the folder DIR, with its options");
  add.real("--save-every", "SECONDS", options.save_every, "a number from 0 to 1e9",
           "How often a run is saved while it lasts; 0: after each update, or seed",
           [](double v) { return v >= 0 && v <= 1e9; });
  add.path("--config", "FILE", options.config, "Read options from FILE, one a line, like gamma = 0.99");
  add.group = "General";
  add.flag("-q,--quiet", options.quiet, "No progress and no picture, only the result");
}

std::string text_of(const OptionValue& value) {
  const auto text = [](const auto& v) -> std::string {
    if constexpr (std::is_same_v<std::decay_t<decltype(v)>, std::string>)
      return v;
    else
      return fmt::format("{}", v);  // a double with as many digits as name it
  };
  return std::visit(text, value);
}

std::vector<std::pair<std::string, OptionValue>> describe(const Options& o) {
  std::vector<std::pair<std::string, OptionValue>> all = {{"seed", o.seed},
                                                          {"total-timesteps", o.total_timesteps},
                                                          {"algorithm", o.algorithm},
                                                          {"baseline", o.baseline},
                                                          {"returns", o.returns},
                                                          {"optimizer", o.optimizer},
                                                          {"learning-rate", o.learning_rate},
                                                          {"gamma", o.gamma},
                                                          {"entropy-coefficient", o.entropy_coefficient},
                                                          {"gae-lambda", o.gae_lambda},
                                                          {"clip", o.clip},
                                                          {"epochs", o.epochs},
                                                          {"minibatch-size", o.minibatch_size},
                                                          {"critic-learning-rate", o.critic_learning_rate},
                                                          {"critic-steps", o.critic_steps},
                                                          {"hidden", join_sizes(o.hidden)},
                                                          {"activation", o.activation},
                                                          {"episodes-per-update", o.episodes_per_update},
                                                          {"num-envs", o.num_envs},
                                                          {"episodes", o.episodes},
                                                          {"greedy", o.greedy},
                                                          {"output", o.output}};
  if (!o.rewards.empty())
    all.insert(all.end(), {{"reward", o.reward},
                           {"pretraining-epochs", o.pretraining_epochs},
                           {"advantage", o.advantage},
                           {"group-size", o.group_size},
                           {"length-normalisation", o.length_normalisation},
                           {"kl", o.kl},
                           {"kl-estimator", o.kl_estimator}});
  return all;
}

}  // namespace rl
