/// Learning curves of run folders: make plot, make compare RUNS="cartpole other".
///
/// Without --output each run gets its own learning_curve.svg; with it all of them go into one picture. Without gnuplot
/// the curves are drawn in the terminal. Without a run it is all of build/runs.

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "rl/app/options.hpp"
#include "rl/app/plot.hpp"
#include "rl/app/report.hpp"
#include "rl/terminal/terminal.hpp"

namespace {

const rl::Program program{"plot", "Draws the learning curves of run folders, each its own or all in one picture."};

/// A folder, or the name of one in build/runs.
std::filesystem::path folder_of(const std::string& run) {
  const std::filesystem::path named = std::filesystem::path("build/runs") / run;
  return !std::filesystem::exists(run) && std::filesystem::exists(named) ? named : std::filesystem::path(run);
}

void draw_in_terminal(const rl::Plot& plot) {
  for (const rl::Curve& curve : plot.curves)
    fmt::print("{}: {}\n\n{}\n", rl::printable(plot.title), rl::printable(curve.name),
               rl::curve_picture(curve.timesteps, curve.returns, plot.threshold.value_or(0), rl::picture_width(), 9));
}

/// Every run in build/runs, by name.
std::vector<std::string> all_runs() {
  std::vector<std::string> runs;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator("build/runs", none))
    if (std::filesystem::exists(entry.path() / "learning_curve.csv", none) ||
        std::filesystem::exists(entry.path() / "learning_curves.csv", none))
      runs.push_back(entry.path().string());
  if (runs.empty())
    throw std::runtime_error("build/runs: expected a run folder, got none; make run-cartpole writes one");
  std::ranges::sort(runs);
  return runs;
}

/// Draws one picture, and says where it is. False when there is no gnuplot.
bool draw(const std::filesystem::path& path, const rl::Plot& plot) {
  const bool drawn = rl::write_svg(path, plot);
  if (drawn)
    fmt::print("{}\n", path.string());
  else
    draw_in_terminal(plot);
  return drawn;
}

/// One picture of all: each curve is named after its folder, and the threshold is drawn when they agree on it.
rl::Plot joined(const std::vector<rl::Plot>& plots, const std::vector<std::string>& runs) {
  rl::Plot all{plots.front().title, plots.front().threshold, {}};
  for (std::size_t i = 0; i < plots.size(); ++i) {
    if (plots[i].title != all.title) all.title = "learning curves";
    if (plots[i].threshold != all.threshold) all.threshold.reset();
    for (const rl::Curve& curve : plots[i].curves) {
      all.curves.push_back(curve);
      all.curves.back().name = runs[i];
    }
  }
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  return rl::guarded(program.name, [&] {
    std::vector<std::string> runs;
    std::string output;
    if (const auto status = rl::parse_plot_options({argv + 1, argv + argc}, program, runs, output)) return *status;
    if (runs.empty()) runs = all_runs();
    std::vector<rl::Plot> plots;
    plots.reserve(runs.size());
    for (const std::string& run : runs) plots.push_back(rl::plot_of_folder(folder_of(run)));
    if (!output.empty()) {
      if (!draw(output, joined(plots, runs)))
        throw std::runtime_error(output + ": not drawn: there is no gnuplot; make plot installs it");
    } else {
      for (std::size_t i = 0; i < runs.size(); ++i) draw(folder_of(runs[i]) / "learning_curve.svg", plots[i]);
    }
    return 0;
  });
}
