#include "rl/training/checkpoint.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "nn/checkpoint.hpp"
#include "nn/io/checksum.hpp"

namespace rl {

nn::SafeTensors checkpoint(Learner& learner, std::string_view version) {
  Policy& policy = learner.policy();
  nn::SafeTensors content{{{"environment", std::string(learner.spec().id)},
                           {"activation", std::string(nn::name(policy.network.activation()))},
                           {"distribution", std::string(policy.distribution->name())},
                           {"seed", fmt::format("{}", learner.settings().seed)},
                           {"version", std::string(version)}},
                          nn::network_tensors(policy.network, learner.experiment().observation_scale)};
  if (const auto own = policy.distribution->parameters(); !own.empty())
    content.tensors.push_back({"log_sigma", {own.size()}, {own.begin(), own.end()}});
  content.metadata[nn::checksum_key] = nn::checksum_of(content);
  return content;
}

void load_checkpoint(Learner& learner, nn::SafeTensors content, const std::string& path) {
  Policy& policy = learner.policy();
  std::vector<float> log_sigma;
  if (const auto own = policy.distribution->parameters(); !own.empty()) {
    const auto found = std::ranges::find(content.tensors, "log_sigma", &nn::Tensor::name);
    if (found == content.tensors.end() || found->data.size() != own.size() ||
        !std::ranges::all_of(found->data, [](float x) { return std::isfinite(x); }))
      throw std::runtime_error(fmt::format("{}: expected a tensor log_sigma with {} finite numbers", path, own.size()));
    log_sigma = found->data;
    content.tensors.erase(found);
  }
  nn::set_network_tensors(policy.network, content.tensors, path, learner.experiment().observation_scale);
  std::ranges::transform(log_sigma, policy.distribution->parameters().begin(),
                         [](float x) { return static_cast<Scalar>(x); });
}

std::vector<nn::DoubleTensor> state_of(Learner& learner) {
  std::vector<nn::DoubleTensor> state;
  for (const Learner::Part& part : learner.parts()) {
    state.push_back({part.name, {part.parameters.size()}, {part.parameters.begin(), part.parameters.end()}});
    auto moments = part.optimizer->state();
    state.push_back({part.name + ".optimizer", {moments.size()}, std::move(moments)});
  }
  auto own = learner.algorithm().state();
  state.push_back({"algorithm", {own.size()}, std::move(own)});
  return state;
}

namespace {

const std::vector<double>& finite_numbers(const std::vector<nn::DoubleTensor>& state, const std::string& name,
                                          const std::string& path) {
  const auto found = std::ranges::find(state, name, &nn::DoubleTensor::name);
  if (found == state.end()) throw std::runtime_error(fmt::format("{}: expected a tensor {}, got none", path, name));
  for (const double x : found->data)
    if (!std::isfinite(x))
      throw std::runtime_error(fmt::format("{}: tensor {}: expected finite numbers, got {}", path, name, x));
  return found->data;
}

}  // namespace

void load_state(Learner& learner, const std::vector<nn::DoubleTensor>& state, const std::string& path) {
  const auto named = [&](const std::string& name) -> const auto& {
    return finite_numbers(state, name, path);
  };
  for (const Learner::Part& part : learner.parts()) {
    const auto& from = named(part.name);
    if (from.size() != part.parameters.size())
      throw std::runtime_error(fmt::format("{}: tensor {}: expected {} numbers, got {}", path, part.name,
                                           part.parameters.size(), from.size()));
    std::ranges::transform(from, part.parameters.begin(), [](double x) { return static_cast<Scalar>(x); });
  }
  try {
    for (const Learner::Part& part : learner.parts())
      part.optimizer->load_state(named(part.name + ".optimizer"), part.parameters.size());
    learner.algorithm().load_state(named("algorithm"));
  } catch (const std::invalid_argument& error) {
    throw std::runtime_error(fmt::format("{}: {}", path, error.what()));
  }
}

}  // namespace rl
