#include "rl/run_folder.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "nn/file.hpp"

namespace rl {

EvaluationSummary summarize(std::span<const double> returns, bool greedy) {
  EvaluationSummary summary{returns.size(), greedy, 0, 0, returns.empty() ? 0 : returns.front()};
  const auto count = static_cast<double>(returns.size());
  for (const double value : returns) {
    summary.mean_return += value;
    summary.min_return = std::min(summary.min_return, value);
  }
  summary.mean_return /= count;
  for (const double value : returns)
    summary.std_return += (value - summary.mean_return) * (value - summary.mean_return) / count;
  summary.std_return = std::sqrt(summary.std_return);
  return summary;
}

RunFolder::RunFolder(std::filesystem::path path) : path_(std::move(path)) {
  std::error_code error;
  std::filesystem::create_directories(path_, error);
  if (error) throw std::runtime_error(fmt::format("{}: cannot make the folder: {}", path_.string(), error.message()));
  nn::write_file(path_ / ".writable", "");  // better now than after the training
  std::filesystem::remove(path_ / ".writable", error);
}

void RunFolder::write_run(const std::string& environment, const std::string& algorithm, const Options& options,
                          const TrainingResult& result, const nn::SafeTensors& policy) const {
  nlohmann::ordered_json summary;
  summary["environment"] = environment;
  summary["algorithm"] = algorithm;
  summary["seed"] = options.seed;
  summary["solved"] = result.solved;
  summary["solved_at_timesteps"] = result.solved ? nlohmann::ordered_json(result.timesteps) : nullptr;
  summary["solved_at_episodes"] = result.solved ? nlohmann::ordered_json(result.episodes) : nullptr;
  summary["timesteps"] = result.timesteps;
  summary["episodes"] = result.episodes;
  summary["wall_seconds"] = result.wall_seconds;
  summary["timesteps_per_second"] =
      result.wall_seconds > 0 ? std::round(static_cast<double>(result.timesteps) / result.wall_seconds) : 0;
  const EvaluationSummary& evaluation = result.evaluation;
  summary["evaluation"] = {{"episodes", evaluation.episodes},
                           {"mode", evaluation.greedy ? "greedy" : "sampled"},
                           {"mean_return", evaluation.mean_return},
                           {"std_return", evaluation.std_return},
                           {"min_return", evaluation.min_return}};
  for (const auto& [name, value] : describe(options))
    std::visit([&, key = name](const auto& v) { summary["options"][key] = v; }, value);

  std::string curve = "update,timesteps,episodes,mean_return,entropy,gradient_norm,wall_seconds\n";
  for (const CurvePoint& p : result.curve)
    curve += fmt::format("{},{},{},{},{},{},{:.6f}\n", p.update, p.timesteps, p.episodes, p.mean_return, p.entropy,
                         p.gradient_norm, p.wall_seconds);

  const nn::FileContent files[] = {
      {path_ / "policy.safetensors", nn::format_safetensors(policy)},
      {path_ / "learning_curve.csv", std::move(curve)},
      {path_ / "summary.json", summary.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n"}};
  nn::write_files(files);
}

void RunFolder::write_seeds(std::span<const std::uint64_t> seeds, std::span<const TrainingResult> results) const {
  std::string table =
      "seed,solved,solved_at_timesteps,solved_at_episodes,timesteps,wall_seconds,cpu_seconds,evaluation_mean_return\n";
  for (std::size_t i = 0; i < results.size(); ++i) {
    const TrainingResult& r = results[i];
    table += fmt::format("{},{},{},{},{},{:.6f},{:.6f},{}\n", seeds[i], r.solved ? 1 : 0,
                         r.solved ? fmt::format("{}", r.timesteps) : "", r.solved ? fmt::format("{}", r.episodes) : "",
                         r.timesteps, r.wall_seconds, r.cpu_seconds, r.evaluation.mean_return);
  }
  nn::write_file(path_ / "seeds.csv", table);
}

}  // namespace rl
