#include "rl/app/run_folder.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <stdexcept>
#include <thread>
#include <utility>

#include "nn/io/file.hpp"
#include "rl/app/plot.hpp"
#include "rl/app/state.hpp"

namespace rl {
namespace {

struct JsonValue {
  std::string operator()(std::uint64_t number) const { return fmt::format("{}", number); }
  std::string operator()(double number) const { return fmt::format("{}", number); }
  std::string operator()(bool flag) const { return flag ? "true" : "false"; }
  std::string operator()(const std::string& text) const { return nn::json_text(text); }
};

}  // namespace

double percentile(std::vector<double> values, double p) {
  std::ranges::sort(values);
  const double position = p * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (position - static_cast<double>(below)) * (values[above] - values[below]);
}

RunFolder::RunFolder(std::filesystem::path path) : path_(std::move(path)) {
  std::error_code error;
  std::filesystem::create_directories(path_, error);
  if (error) throw std::runtime_error(fmt::format("{}: cannot make the folder: {}", path_.string(), error.message()));
  lock_ = ::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  using namespace std::chrono_literals;
  const auto patience = std::chrono::steady_clock::now() + 1s;  // one that was just killed takes a moment to let go
  while (lock_ >= 0 && ::flock(lock_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    if (std::chrono::steady_clock::now() > patience) {
      ::close(lock_);
      throw std::runtime_error(fmt::format("{}: another run is at work in this folder", path_.string()));
    }
    std::this_thread::sleep_for(10ms);
  }
  for (const auto& entry : std::filesystem::directory_iterator(path_, error))
    if (std::error_code ignored; nn::is_partial(entry.path().filename().string()))
      std::filesystem::remove(entry.path(), ignored);  // what a run left that was killed while it wrote
  nn::write_file(path_ / ".writable", "");             // better now than after the training
  std::filesystem::remove(path_ / ".writable", error);
}

RunFolder::~RunFolder() {
  if (lock_ >= 0) ::close(lock_);
}

namespace {

std::string summary_json(const RunTitle& title, const Options& options, const TrainingResult& result) {
  const EvaluationSummary& e = result.evaluation;
  const auto when_solved = [&](std::size_t number) { return result.solved ? fmt::format("{}", number) : "null"; };
  std::string summary = "{\n";
  const auto line = [&](std::string_view key, const std::string& value) {
    summary += fmt::format("  {}: {},\n", nn::json_text(key), value);
  };
  line("environment", nn::json_text(title.environment));
  line("algorithm", nn::json_text(title.algorithm));
  line("seed", fmt::format("{}", options.seed));
  line("solved", result.solved ? "true" : "false");
  line("solved_at_timesteps", when_solved(result.timesteps));
  line("solved_at_episodes", when_solved(result.episodes));
  line("timesteps", fmt::format("{}", result.timesteps));
  line("episodes", fmt::format("{}", result.episodes));
  line("wall_seconds", fmt::format("{:.6f}", result.wall_seconds));
  line("timesteps_per_second", fmt::format("{:.0f}", static_cast<double>(result.timesteps) / result.wall_seconds));
  line("evaluation",
       fmt::format(R"({{"episodes": {}, "mode": "{}", "mean_return": {}, "std_return": {}, "min_return": {}}})",
                   e.episodes, e.greedy ? "greedy" : "sampled", e.mean_return, e.std_return, e.min_return));
  std::string chosen;
  for (const auto& [name, value] : describe(options))
    chosen +=
        fmt::format("{}\n    {}: {}", chosen.empty() ? "" : ",", nn::json_text(name), std::visit(JsonValue(), value));
  return summary + fmt::format("  {}: {{{}\n  }}\n}}\n", nn::json_text("options"), chosen);
}

std::string curve_csv(const TrainingResult& result) {
  std::string curve = "update,timesteps,episodes,mean_return,entropy,gradient_norm,wall_seconds\n";
  for (const CurvePoint& p : result.curve)
    curve += fmt::format("{},{},{},{},{},{},{:.6f}\n", p.update, p.timesteps, p.episodes, p.mean_return, p.entropy,
                         p.gradient_norm, p.wall_seconds);
  return curve;
}

/// As stable_baselines3.common.monitor writes it: r the return, l the length, t the seconds since t_start.
std::string monitor_csv(const RunTitle& title, const TrainingResult& result) {
  std::string rows = fmt::format("#{{\"t_start\": {:.6f}, \"env_id\": {}}}\nr,l,t\n", result.started,
                                 nn::json_text(title.environment));
  for (const MonitorRow& row : result.monitor)
    rows += fmt::format("{},{},{:.6f}\n", row.episode_return, row.length, row.wall_seconds);
  return rows;
}

}  // namespace

void RunFolder::remove(std::initializer_list<const char*> names) const {
  std::error_code ignored;
  for (const char* name : names) std::filesystem::remove(path_ / name, ignored);
}

std::filesystem::path RunFolder::free_place() const {
  for (int n = 1;; ++n) {
    std::error_code none;
    std::filesystem::path place = path_ / fmt::format("solved-{}", n);
    if (!std::filesystem::exists(std::filesystem::symlink_status(place, none))) return place;
  }
}

void RunFolder::move_run(const std::filesystem::path& place) const {
  std::filesystem::create_directory(place);
  for (const char* name : {"policy.safetensors", "state.safetensors", "learning_curve.csv", "learning_curve.svg",
                           "monitor.csv", "summary.json"})
    if (std::filesystem::exists(path_ / name)) std::filesystem::rename(path_ / name, place / name);
}

std::vector<nn::NewFile> RunFolder::new_files(const RunTitle& title, const TrainingResult& result,
                                              nn::SafeTensors policy, nn::SafeTensors state) const {
  std::vector<nn::NewFile> files;  // each is on the disk, and its content given back, before the next one takes memory
  std::string header = nn::safetensors_header(policy);
  files.emplace_back(path_ / "policy.safetensors", nn::safetensors_pieces(header, policy));
  policy = {};
  header = state_header(state);
  files.emplace_back(path_ / "state.safetensors", nn::safetensors_pieces(header, state));
  state = {};
  files.emplace_back(path_ / "learning_curve.csv", curve_csv(result));
  files.emplace_back(path_ / "monitor.csv", monitor_csv(title, result));
  return files;
}

void RunFolder::write_progress(const RunTitle& title, const TrainingResult& result, nn::SafeTensors policy,
                               nn::SafeTensors state) const {
  for (nn::NewFile& file : new_files(title, result, std::move(policy), std::move(state))) file.rename();
  remove({"summary.json", "learning_curve.svg"});
}

void RunFolder::write_run(const RunTitle& title, const Options& options, const TrainingResult& result,
                          nn::SafeTensors policy, nn::SafeTensors state) const {
  auto files = new_files(title, result, std::move(policy), std::move(state));
  files.emplace_back(path_ / "summary.json", summary_json(title, options, result));
  for (nn::NewFile& file : files) file.rename();
  remove({"learning_curve.svg"});
}

void RunFolder::write_seeds(const RunTitle& title, std::uint64_t first_seed,
                            std::span<const TrainingResult> results) const {
  std::string table =
      "seed,solved,solved_at_timesteps,solved_at_episodes,timesteps,wall_seconds,cpu_seconds,evaluation_mean_return\n";
  for (std::size_t i = 0; i < results.size(); ++i) {
    const TrainingResult& r = results[i];
    if (r.interrupted) continue;
    table += fmt::format("{},{},{},{},{},{:.6f},{:.6f},{}\n", first_seed + i, r.solved ? 1 : 0,
                         r.solved ? fmt::format("{}", r.timesteps) : "", r.solved ? fmt::format("{}", r.episodes) : "",
                         r.timesteps, r.wall_seconds, r.cpu_seconds, r.evaluation.mean_return);
  }
  const nn::FileContent files[] = {{path_ / "seeds.csv", std::move(table)},
                                   {path_ / "learning_curves.csv", curves_csv(curve_of(results), title)}};
  nn::write_files(files);
  remove({"learning_curve.svg"});
}

}  // namespace rl
