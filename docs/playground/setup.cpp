#include "docs/playground/setup.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

#include "docs/playground/page.hpp"
#include "envs/registry.hpp"
#include "rl/app/option_table.hpp"
#include "rl/app/options.hpp"
#include "rl/training/experiments.hpp"
#include "rl/watch/scene.hpp"

namespace playground {
namespace {

using Words = std::vector<std::pair<std::string, std::string>>;

Words split(std::string_view text) {
  Words words;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    const std::size_t equals = word.find('=');
    if (word.empty()) continue;
    if (equals == std::string_view::npos)
      throw std::invalid_argument(fmt::format("set-up: expected name=value, got '{}'", word));
    words.emplace_back(word.substr(0, equals), word.substr(equals + 1));
  }
  return words;
}

/// The last value given, or `otherwise`; the word is taken out.
std::string take(Words& words, std::string_view name, std::string otherwise) {
  for (const auto& [word, value] : words)
    if (word == name) otherwise = value;
  std::erase_if(words, [&](const auto& word) { return word.first == name; });
  return otherwise;
}

rl::OptionTable table_of(rl::TrainingSettings& settings) {
  rl::OptionTable table;
  std::size_t seeds = 0;  // the page counts them itself
  rl::add_training_options(table, settings, seeds);
  return table;
}

void check_mistake(const Setup& setup) {
  const Mistake& mistake = *setup.mistake;
  const rl::TrainingSettings& settings = setup.settings;
  const auto refuse = [&](std::string_view expected, std::string_view got) {
    throw std::invalid_argument(fmt::format("mistake {}: expected {}, got {}", mistake.name, expected, got));
  };
  const std::string_view policy = setup.experiment.distribution->name();
  if (!mistake.suits(policy))
    refuse(
        policy == "gaussian" ? "an environment with a finite set of actions" : "an environment with a Gaussian policy",
        setup.experiment.environment);
  if (!mistake.returns && !mistake.keeps_gradients) return;
  if (settings.algorithm != "reinforce" || settings.baseline == "value")
    refuse("algorithm=reinforce without a critic", settings.algorithm + " with baseline " + settings.baseline);
}

std::string json(const std::vector<std::string>& texts) {
  std::string all = "[";
  for (const std::string& text : texts) all += (all.size() > 1 ? "," : "") + quoted(text);
  return all + "]";
}

}  // namespace

Setup read_setup(std::string_view text) {
  Words words = split(text);
  const std::string environment = take(words, "environment", "CartPole-v1"), mistake = take(words, "mistake", "none");
  const rl::StandardExperiment standard = rl::standard_experiment(environment);
  Setup setup{{}, standard.experiment, &mistake_named(mistake)};
  setup.settings.num_envs = 8;  // side by side; changes no result
  setup.settings.algorithm = take(words, "algorithm", std::string(standard.algorithm));
  const std::vector<std::string> algorithms = rl::algorithm_names(standard.algorithm == "post-training");
  if (std::ranges::find(algorithms, setup.settings.algorithm) == algorithms.end())
    throw std::invalid_argument(
        fmt::format("algorithm: expected reinforce, actor-critic or ppo, got '{}'", setup.settings.algorithm));
  standard.defaults(setup.settings);
  const rl::OptionTable table = table_of(setup.settings);
  for (const auto& [name, value] : words) {
    const auto row = std::ranges::find(table.rows(), "--" + name, &rl::OptionRow::names);
    if (row == table.rows().end() || name == "seeds")
      throw std::invalid_argument(fmt::format("set-up: there is no option '{}'", name));
    row->store(value);
  }
  setup.experiment = standard.with(setup.settings);
  check_mistake(setup);
  return setup;
}

std::string text_of(const Setup& setup) {
  std::string text = "environment=" + setup.experiment.environment + "&mistake=" + std::string(setup.mistake->name);
  rl::TrainingSettings settings = setup.settings;
  const rl::OptionTable table = table_of(settings);
  for (const rl::OptionRow& row : table.rows())
    if (row.names != "--seeds") text += "&" + row.names.substr(2) + "=" + row.standard;
  return text;
}

std::vector<std::string> actions_of(const Setup& setup) {
  const std::string& id = setup.experiment.environment;
  const std::size_t count = envs::make_vec(id, 1)->spec().action_count;
  if (count > 0) return rl::action_names(id, count);
  return {id == "Pendulum-v1" ? "torque (N m)" : "force"};
}

std::string environments_json() {
  std::string all = "[";
  for (const std::string_view id : rl::standard_environments()) {
    if (id == "Words" || id == "Pong") continue;  // no curve and no bars could show them
    const Setup setup = read_setup(fmt::format("environment={}", id));
    all +=
        fmt::format("{}{{\"id\":{},\"policy\":{},\"actions\":{},\"threshold\":{},\"seconds_per_step\":{}}}",
                    all.size() > 1 ? ",\n" : "", quoted(id), quoted(setup.experiment.distribution->name()),
                    json(actions_of(setup)), envs::make_vec(id, 1)->spec().reward_threshold, rl::seconds_per_step(id));
  }
  return all + "]";
}

}  // namespace playground
