#include "rl/app/state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stdexcept>

#include "nn/io/checksum.hpp"

namespace rl {
namespace {

constexpr std::string_view format = "onehot state 1", option_prefix = "option.";
constexpr std::size_t curve_columns = 6, monitor_columns = 2;

std::string metadata_of(const nn::SafeTensors& state, const std::string& key) {
  const auto found = state.metadata.find(key);
  return found == state.metadata.end() ? "none" : found->second;
}

[[noreturn]] void fail(const std::string& path, const std::string& expected, const std::string& got) {
  throw std::runtime_error(fmt::format("{}: expected {}, got {}", path, expected, got));
}

/// The numbers of a table with so many columns.
const std::vector<double>& table(const nn::SafeTensors& state, const std::string& name, std::size_t columns,
                                 const std::string& path) {
  const auto found = std::ranges::find(state.doubles, name, &nn::DoubleTensor::name);
  if (found == state.doubles.end()) fail(path, "a tensor " + name, "none");
  if (found->shape.size() != 2 || found->shape[1] != columns)
    fail(path, fmt::format("a tensor {} with {} columns", name, columns), "another shape");
  for (const double number : found->data)
    if (!std::isfinite(number)) fail(path, "finite numbers in tensor " + name, fmt::format("{}", number));
  return found->data;
}

std::size_t whole(double number, const std::string& name, const std::string& path) {
  if (!(number >= 0 && number <= 0x1p53 && std::floor(number) == number))
    fail(path, fmt::format("whole numbers in tensor {}", name), fmt::format("{}", number));
  return static_cast<std::size_t>(number);
}

constexpr std::string_view checksum_key = "checksum", checksum_label = "\"checksum\":\"";
constexpr std::string_view no_checksum = "0000000000000000";

std::string text_of_sum(std::span<const std::string_view> pieces) {
  return fmt::format("{:016x}", nn::fnv1a(pieces));
}

}  // namespace

std::string state_header(nn::SafeTensors& state) {
  state.metadata[std::string(checksum_key)] = no_checksum;  // which the sum is of
  std::string header = nn::safetensors_header(state);
  const std::size_t place = header.find(checksum_label) + checksum_label.size();
  return header.replace(place, no_checksum.size(), text_of_sum(nn::safetensors_pieces(header, state)));
}

std::string format_state(nn::SafeTensors state) {
  const std::string header = state_header(state);
  return fmt::format("{}", fmt::join(nn::safetensors_pieces(header, state), ""));
}

nn::SafeTensors parse_state(std::string bytes, const std::string& path) {
  const std::size_t label = bytes.find(checksum_label), place = label + checksum_label.size();
  if (label == std::string::npos || place + no_checksum.size() > bytes.size())
    fail(path, "a checksum in the metadata", "none: it is damaged, or no state of this version");
  const std::string stored = bytes.substr(place, no_checksum.size());
  bytes.replace(place, no_checksum.size(), no_checksum);
  const std::string_view whole = bytes;
  const std::string sum = text_of_sum({&whole, 1});
  if (stored != sum) fail(path, "the checksum " + sum, stored + ": the file is damaged");
  nn::SafeTensors state = nn::parse_safetensors(bytes, path, nn::Dtypes::f32_and_f64);
  state.metadata.erase(std::string(checksum_key));
  return state;
}

nn::SafeTensors make_state(const RunTitle& title, const Options& options, const TrainingResult& result,
                           std::vector<nn::DoubleTensor> memory) {
  nn::SafeTensors state{{{"format", std::string(format)},
                         {"environment", title.environment},
                         {"algorithm", title.algorithm},
                         {"threshold", fmt::format("{}", title.curve_threshold)},
                         {"scalar", title.scalar},
                         {"version", std::string(version)}},
                        {},
                        std::move(memory)};
  for (const auto& [name, value] : describe(options))
    if (name != "output") state.metadata[std::string(option_prefix) + name] = text_of(value);
  nn::DoubleTensor curve{"curve", {result.curve.size(), curve_columns}, {}};
  nn::DoubleTensor curve_seconds{"curve.seconds", {result.curve.size(), 1}, {}};
  for (const CurvePoint& p : result.curve) {
    const auto number = [](std::size_t n) { return static_cast<double>(n); };
    curve.data.insert(curve.data.end(), {number(p.update), number(p.timesteps), number(p.episodes), p.mean_return,
                                         p.entropy, p.gradient_norm});
    curve_seconds.data.push_back(p.wall_seconds);
  }
  nn::DoubleTensor monitor{"monitor", {result.monitor.size(), monitor_columns}, {}};
  nn::DoubleTensor monitor_seconds{"monitor.seconds", {result.monitor.size(), 1}, {}};
  monitor.data.reserve(monitor_columns * result.monitor.size());
  monitor_seconds.data.reserve(result.monitor.size());
  for (const MonitorRow& row : result.monitor) {
    monitor.data.insert(monitor.data.end(), {row.episode_return, static_cast<double>(row.length)});
    monitor_seconds.data.push_back(row.wall_seconds);
  }
  nn::DoubleTensor seconds{"run.seconds", {1, 3}, {result.started, result.wall_seconds, result.cpu_seconds}};
  nn::DoubleTensor passed{"run.passed", {1, 1}, {static_cast<double>(result.passed)}};
  for (nn::DoubleTensor* tensor : {&curve, &monitor, &curve_seconds, &monitor_seconds, &seconds, &passed})
    state.doubles.push_back(std::move(*tensor));
  return state;
}

TrainingResult result_of_state(const nn::SafeTensors& state, const std::string& path) {
  TrainingResult result;
  const auto& curve = table(state, "curve", curve_columns, path);
  const auto& curve_seconds = table(state, "curve.seconds", 1, path);
  const auto& monitor = table(state, "monitor", monitor_columns, path);
  const auto& monitor_seconds = table(state, "monitor.seconds", 1, path);
  const auto& seconds = table(state, "run.seconds", 3, path);
  const std::size_t updates = curve.size() / curve_columns, episodes = monitor.size() / monitor_columns;
  if (updates == 0 || curve_seconds.size() != updates || monitor_seconds.size() != episodes || seconds.size() != 3)
    fail(path, "a row of times for every update and every episode", "another number");
  for (std::size_t i = 0; i < updates; ++i) {
    const double* row = curve.data() + i * curve_columns;
    const auto count = [&](std::size_t column) { return whole(row[column], "curve", path); };
    result.curve.push_back({count(0), count(1), count(2), row[3], row[4], row[5], curve_seconds[i]});
    if (result.curve.back().update != i + 1)
      fail(path, fmt::format("update {} in row {} of tensor curve", i + 1, i), fmt::format("{}", row[0]));
  }
  for (std::size_t i = 0; i < episodes; ++i)
    result.monitor.push_back({monitor[2 * i], whole(monitor[2 * i + 1], "monitor", path), monitor_seconds[i]});
  result.timesteps = result.curve.back().timesteps;
  result.episodes = result.curve.back().episodes;
  if (result.episodes != episodes)
    fail(path, fmt::format("{} episodes in tensor monitor", result.episodes), fmt::format("{}", episodes));
  const auto passed = std::ranges::find(state.doubles, "run.passed", &nn::DoubleTensor::name);
  if (passed != state.doubles.end() && passed->data.size() == 1)  // states of older versions have none
    result.passed = whole(passed->data[0], "run.passed", path);
  result.started = seconds[0], result.wall_seconds = seconds[1], result.cpu_seconds = seconds[2];
  return result;
}

std::vector<std::string> arguments_of_state(const nn::SafeTensors& state, const RunTitle& title,
                                            const std::string& path) {
  const auto check = [&](const std::string& key, const std::string& expected) {
    const std::string got = metadata_of(state, key);
    if (got != expected) fail(path, fmt::format("{} {}", key, expected), got);
  };
  check("format", std::string(format));
  check("environment", title.environment);
  check("scalar", title.scalar);
  std::vector<std::string> arguments;
  for (const auto& [key, value] : state.metadata)
    if (key.starts_with(option_prefix)) arguments.push_back("--" + key.substr(option_prefix.size()) + "=" + value);
  return arguments;
}

bool trains_otherwise(const nn::SafeTensors& state, const Options& options) {
  const std::vector<std::string> no_matter = {"num-envs", "episodes", "greedy", "output"};
  return std::ranges::any_of(describe(options), [&](const auto& option) {
    const auto& [name, value] = option;
    return std::ranges::find(no_matter, name) == no_matter.end() &&
           metadata_of(state, std::string(option_prefix) + name) != text_of(value);
  });
}

}  // namespace rl
