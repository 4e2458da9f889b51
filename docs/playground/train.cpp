/// The module of the page that trains: the library's own learner, with or without a mistake planted in it, and what of
/// it can be shown. A call that throws ends the instance (runtime.cpp).

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "docs/playground/drawing.hpp"
#include "docs/playground/live.hpp"
#include "docs/playground/page.hpp"
#include "docs/playground/training.hpp"
#include "envs/registry.hpp"
#include "nn/checkpoint.hpp"
#include "rl/training/evaluate.hpp"

namespace playground {
namespace {

rl::Experiment with_mistake(const Setup& setup) {
  rl::Experiment experiment = setup.experiment;
  experiment.distribution = planted(*setup.experiment.distribution, *setup.mistake);
  return experiment;
}

std::unique_ptr<Training> training;

std::array<double, 16> numbers_told;
std::vector<double> returns_told;
std::vector<float> parameters_told;

std::optional<Live> live_episode;
std::uint64_t lives = 0;

std::string json(const Mistake& m) {
  std::string text = "{";
  const auto add = [&](std::string_view key, const std::string& value) { text += quoted(key) + ":" + value + ","; };
  add("name", quoted(m.name)), add("title", quoted(m.title)), add("sentence", quoted(m.sentence));
  add("read", quoted(site_link(m.read))), add("read_title", quoted(section_title(m.read)));
  add("policies", m.inject && !m.inject_gaussian   ? "[\"categorical\"]"
                  : m.inject_gaussian && !m.inject ? "[\"gaussian\"]"
                                                   : "[\"categorical\",\"gaussian\"]");
  add("in_a_step", m.in_a_step() ? "true" : "false");
  add("one_step", m.inject || m.is_none() ? "true" : "false");
  add("adam", quoted(m.adam)), add("sgd", quoted(m.sgd)), add("museum", quoted(m.museum));
  return text + "\"shown\":" + quoted(m.shown) + "}";
}

}  // namespace

Training::Training(Setup of)
    : setup(std::move(of)),
      learner(setup.settings, with_mistake(setup), planted_between(setup.settings, *setup.mistake)),
      shown(setup, learner) {}

Training& started() {
  if (!training) throw std::invalid_argument("start: nothing has been started yet");
  return *training;
}

}  // namespace playground

extern "C" {

/// A new training; the room holds its set-up.
void start(std::size_t length) {
  using namespace playground;
  Setup setup = read_setup(told(length));
  live_episode.reset(), training.reset();
  training = std::make_unique<Training>(std::move(setup));
}

/// The set-up with all its options.
const char* settings() {
  return playground::tell(playground::text_of(playground::started().setup));
}

double* numbers() {
  return playground::numbers_told.data();
}
double* returns() {
  return playground::returns_told.data();
}

/// One update: how many episodes it played. numbers() says what CurvePoint says, and the two numbers at which a run
/// ends: the mean return that counts as solved, and the timesteps.
std::size_t update() {
  using namespace playground;
  Training& t = started();
  const rl::UpdateReport report = t.learner.update(++t.updates);
  t.timesteps += report.timesteps, t.episodes += report.episodes.size();
  returns_told.clear();
  for (const rl::EpisodeStatistics& episode : report.episodes) returns_told.push_back(episode.episode_return);
  numbers_told = {static_cast<double>(t.updates),
                  static_cast<double>(t.timesteps),
                  static_cast<double>(t.episodes),
                  report.mean_return(),
                  report.entropy,
                  report.gradient_norm,
                  t.learner.spec().reward_threshold,
                  static_cast<double>(t.setup.settings.total_timesteps)};
  return report.episodes.size();
}

/// The mean return of 100 fresh episodes with sampled actions, those that the program would play after this update;
/// with `last` 1 those at the end of a run that has not solved its world. A mistake in the head has no say here: the
/// network is judged, and what it is to draw is drawn.
double evaluate(int last) {
  using namespace playground;
  Training& t = started();
  rl::Policy policy(t.learner.policy().network, t.setup.experiment.distribution->clone());
  policy.copy_parameters(t.learner.policy());
  rl::Player player(envs::make_vec(t.setup.experiment.environment, 100), t.setup.experiment.observation_scale);
  const auto all = rl::evaluate(player, policy, 100, t.setup.settings.seed, last ? 0 : t.updates, false);
  double sum = 0;
  for (const double one : all) sum += one;
  return sum / static_cast<double>(all.size());
}

/// Plays the episodes of the coming update, and keeps number `episode`: how many steps it has.
std::size_t show(std::size_t episode) {
  using namespace playground;
  Training& t = started();
  live_episode.reset();
  t.shown.play(t.updates + 1);
  t.episode = std::min(episode, t.shown.episodes() - 1);
  return t.shown.steps(t.episode);
}
/// The picture of step i of the episode shown; while an episode is live, of that.
const char* scene(std::size_t i) {
  using namespace playground;
  Training& t = started();
  return tell(picture(live_episode ? live_episode->scene() : t.shown.scene(t.episode, i)));
}
/// Shown::strip, step and next_wrong of it.
const char* strip(std::size_t i) {
  using namespace playground;
  return tell(started().shown.strip(training->episode, i));
}
const char* step(std::size_t i) {
  using namespace playground;
  return tell(started().shown.step(training->episode, i));
}
std::size_t next_wrong(std::size_t i) {
  using namespace playground;
  return started().shown.next_wrong(training->episode, i);
}

/// The episodes of show() as the diagnoser reads them.
const char* csv() {
  return playground::tell(playground::started().shown.csv());
}

/// A live episode begins.
void live() {
  using namespace playground;
  live_episode.emplace(started().setup, ++lives);
}

/// One step of it: the policy acts, or a person does, with `by_hand` 1. Does it go on?
int live_step(int by_hand, double action) {
  using namespace playground;
  if (!live_episode) throw std::invalid_argument("live_step: no live episode has begun");
  return live_episode->step(started().learner.policy(), by_hand ? std::optional(action) : std::nullopt);
}

/// The policy's parameters in the order of policy.safetensors, and as it has them: for observations that are not
/// scaled.
std::size_t parameters() {
  using namespace playground;
  rl::Policy& policy = started().learner.policy();
  parameters_told.clear();
  for (const nn::Tensor& tensor : nn::network_tensors(policy.network, training->setup.experiment.observation_scale))
    parameters_told.insert(parameters_told.end(), tensor.data.begin(), tensor.data.end());
  const auto own = policy.distribution->parameters();
  parameters_told.insert(parameters_told.end(), own.begin(), own.end());
  return parameters_told.size();
}
float* parameters_at() {
  return playground::parameters_told.data();
}

/// What can be chosen, as JSON.
const char* mistakes() {
  using namespace playground;
  std::string all = "[";
  for (const Mistake& mistake : playground::mistakes()) all += (all.size() > 1 ? ",\n" : "") + json(mistake);
  return tell(all + "]");
}
const char* environments() {
  return playground::tell(playground::environments_json());
}

}  // extern "C"
