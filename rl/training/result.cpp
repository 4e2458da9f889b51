#include "rl/training/result.hpp"

#include <algorithm>
#include <cmath>

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

}  // namespace rl
