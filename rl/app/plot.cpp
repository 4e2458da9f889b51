#include "rl/app/plot.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

#include "nn/io/file.hpp"
#include "nn/io/number.hpp"
#include "nn/io/safetensors.hpp"
#include "rl/app/csv.hpp"
#include "rl/app/gnuplot.hpp"
#include "rl/app/state.hpp"

namespace rl {
namespace {

constexpr const char* colours[] = {"#3b8ad9", "#d9623b", "#3ba55d", "#a66bd4", "#c99a2e", "#7f8c8d"};

/// In gnuplot's single quotes nothing is special but the quote.
std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? "''" : c == '\n' ? " " : std::string(1, c);
  return result + "'";
}

/// In XML.
std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) result += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
  return result;
}

/// A curve that looks the same with at most two points in each column of a picture. A band has few points as it is.
Curve thinned(const Curve& curve, std::size_t columns) {
  const std::size_t size = curve.timesteps.size();
  if (size <= 2 * columns || !curve.low.empty()) return curve;
  Curve thin{curve.name, {}, {}};
  const auto column_of = [&](std::size_t i) {
    return static_cast<std::size_t>(curve.timesteps[i] / curve.timesteps.back() * static_cast<double>(columns));
  };
  for (std::size_t first = 0, next = 0; first < size; first = next) {
    std::size_t lowest = first, highest = first;
    for (next = first; next < size && column_of(next) == column_of(first); ++next) {
      if (curve.returns[next] < curve.returns[lowest]) lowest = next;
      if (curve.returns[next] > curve.returns[highest]) highest = next;
    }
    const auto [one, other] = std::minmax(lowest, highest);
    for (std::size_t i = one;; i = other) {
      thin.timesteps.push_back(curve.timesteps[i]);
      thin.returns.push_back(curve.returns[i]);
      if (i == other) break;
    }
  }
  return thin;
}

std::optional<double> number_in(const std::map<std::string, std::string>& keys, const std::string& key) {
  const auto found = keys.find(key);
  double value = 0;
  if (found == keys.end() ||
      nn::from_chars(found->second.data(), found->second.data() + found->second.size(), value).ec != std::errc())
    return std::nullopt;
  return value;
}

std::string text_in(const std::map<std::string, std::string>& keys, const std::string& key) {
  const auto found = keys.find(key);
  return found == keys.end() ? "" : found->second;
}

}  // namespace

Curve curve_of(const TrainingResult& result) {
  Curve curve{"mean return of an update", {}, {}};
  for (const CurvePoint& point : result.curve) {
    curve.timesteps.push_back(static_cast<double>(point.timesteps));
    curve.returns.push_back(point.mean_return);
  }
  return curve;
}

Curve curve_of(std::span<const TrainingResult> results, std::size_t points) {
  Curve curve{"", {}, {}};
  std::vector<const TrainingResult*> runs;
  std::size_t longest = 0;
  for (const TrainingResult& result : results)
    if (!result.curve.empty()) runs.push_back(&result), longest = std::max(longest, result.curve.back().timesteps);
  curve.name = fmt::format("median of {} seeds; 5th to 95th percentile", runs.size());
  std::vector<std::size_t> at(runs.size());  // the update of each run that counts
  for (std::size_t i = 0; i <= points && !runs.empty(); ++i) {
    const double timesteps = static_cast<double>(longest) * static_cast<double>(i) / static_cast<double>(points);
    std::vector<double> returns;
    for (std::size_t r = 0; r < runs.size(); ++r) {
      const auto& updates = runs[r]->curve;
      while (at[r] + 1 < updates.size() && static_cast<double>(updates[at[r] + 1].timesteps) <= timesteps) ++at[r];
      returns.push_back(updates[at[r]].mean_return);
    }
    curve.timesteps.push_back(timesteps);
    curve.returns.push_back(percentile(returns, 0.5));
    curve.low.push_back(percentile(returns, 0.05));
    curve.high.push_back(percentile(returns, 0.95));
  }
  return curve;
}

std::string curves_csv(const Curve& curve, const RunTitle& title) {
  std::string text = fmt::format("# environment: {}\n# algorithm: {}\n# threshold: {}\n# name: {}\n", title.environment,
                                 title.algorithm, title.curve_threshold, curve.name);
  text += "timesteps,p5,median,p95\n";
  for (std::size_t i = 0; i < curve.timesteps.size(); ++i)
    text += fmt::format("{},{},{},{}\n", curve.timesteps[i], curve.low[i], curve.returns[i], curve.high[i]);
  return text;
}

Plot plot_of_folder(const std::filesystem::path& folder) {
  const std::filesystem::path one = folder / "learning_curve.csv", many = folder / "learning_curves.csv";
  const auto title = [](const auto& keys) {
    return fmt::format("{} on {}", text_in(keys, "algorithm"), text_in(keys, "environment"));
  };
  std::error_code none;
  const bool has_many = std::filesystem::exists(many, none);
  if (has_many && (!std::filesystem::exists(one, none) ||
                   std::filesystem::last_write_time(one) < std::filesystem::last_write_time(many))) {
    const CsvTable table = parse_csv(nn::read_file(many), many.string());
    const auto column = [&](const char* name) { return table.column(name, many.string()); };
    return {title(table.keys),
            number_in(table.keys, "threshold"),
            {{text_in(table.keys, "name"), column("timesteps"), column("median"), column("p5"), column("p95")}}};
  }
  const CsvTable table = parse_csv(nn::read_file(one), one.string());
  const auto state = nn::load_safetensors(state_path(folder.string()), nn::Dtypes::f32_and_f64);
  return {title(state.metadata),
          number_in(state.metadata, "threshold"),
          {{"mean return of an update", table.column("timesteps", one.string()),
            table.column("mean_return", one.string())}}};
}

std::string gnuplot_script(const Plot& plot, std::size_t columns) {
  std::string script = fmt::format(
      "set terminal svg size 760,420 dynamic font 'sans-serif,13'\n"
      "grey = '#808080'\n"  // on white and on black alike
      "set title {} noenhanced tc rgb grey\n"
      "set xlabel 'environment steps' tc rgb grey\nset ylabel 'return (sum of rewards)' tc rgb grey\n"
      "set border 3 lc rgb grey\nset tics nomirror tc rgb grey\nset format x '%.0f'\n"
      "set grid lc rgb grey lw 0.4 dt 3\nset key outside top center horizontal noenhanced tc rgb grey\n",
      quoted(plot.title));
  double last = 1, low = 0, high = plot.threshold.value_or(0);
  for (std::size_t c = 0; c < plot.curves.size(); ++c) {
    const Curve curve = thinned(plot.curves[c], columns);
    script += fmt::format("$curve{} << END\n", c);
    for (std::size_t i = 0; i < curve.timesteps.size(); ++i)
      script += curve.low.empty()
                    ? fmt::format("{} {}\n", curve.timesteps[i], curve.returns[i])
                    : fmt::format("{} {} {} {}\n", curve.timesteps[i], curve.returns[i], curve.low[i], curve.high[i]);
    script += "END\n";
    if (!curve.timesteps.empty()) last = std::max(last, curve.timesteps.back());
    for (const auto* numbers : {&curve.returns, &curve.low, &curve.high})
      for (const double y : *numbers) low = std::min(low, y), high = std::max(high, y);
  }
  const double margin = 0.04 * (high - low);
  script += fmt::format("set xrange [0:{}]\nset yrange [{}:{}]\n", last, low < 0 ? low - margin : 0, high + margin);
  std::string parts;
  const auto draw = [&](const std::string& part) { parts += (parts.empty() ? "plot " : ", ") + part; };
  for (std::size_t c = 0; c < plot.curves.size(); ++c)
    if (!plot.curves[c].low.empty())
      draw(fmt::format("$curve{} using 1:3:4 with filledcurves fc rgb '{}' fs transparent solid 0.25 noborder notitle",
                       c, colours[c % std::size(colours)]));
  if (plot.threshold)
    draw(fmt::format("{0} with lines lc rgb '#c0803b' lw 1.5 dt 2 title 'solved: {0}'", *plot.threshold));
  for (std::size_t c = 0; c < plot.curves.size(); ++c)
    draw(fmt::format("$curve{} using 1:2 with {} lc rgb '{}' lw 2 title {}", c,
                     plot.curves[c].timesteps.size() <= columns ? "linespoints pt 7 ps 0.25" : "lines",
                     colours[c % std::size(colours)], quoted(plot.curves[c].name)));
  return script + parts + "\n";
}

bool write_svg(const std::filesystem::path& path, const Plot& plot) {
  if (std::system("command -v gnuplot > /dev/null 2>&1") != 0) return false;
  std::string svg;
  try {
    svg = picture_of(gnuplot_script(plot));
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(fmt::format("{}: cannot draw: {}", path.string(), error.what()));
  }
  constexpr std::string_view title = "<title>Gnuplot</title>";
  if (const std::size_t at = svg.find(title); at != std::string::npos)
    svg.replace(at, title.size(), fmt::format("<title>{}</title>", escaped(plot.title)));
  nn::write_file(path, svg);
  return true;
}

}  // namespace rl
