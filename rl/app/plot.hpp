#pragma once
/// Learning curves as pictures, drawn by gnuplot.

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "rl/app/run_folder.hpp"

namespace rl {

/// Mean returns over timesteps. Of several runs: their median, and the band between the 5th and the 95th percentile.
struct Curve {
  std::string name;
  std::vector<double> timesteps, returns;
  std::vector<double> low = {}, high = {};  // empty: no band
};

struct Plot {
  std::string title;
  std::optional<double> threshold;
  std::vector<Curve> curves;
};

Curve curve_of(const TrainingResult& result);
/// At `points` places between no timesteps and those of the longest run. A run counts with the return of its last
/// update so far, and with its very last one when it has ended. Runs without an update are left out.
Curve curve_of(std::span<const TrainingResult> results, std::size_t points = 200);

/// learning_curves.csv: timesteps,p5,median,p95 behind the lines `# environment: NAME` and `# threshold: X`.
std::string curves_csv(const Curve& curve, const RunTitle& title);
/// The picture of a run folder, from its learning_curve.csv and state.safetensors, or from its learning_curves.csv.
/// Throws std::runtime_error with the path of a file that is missing or damaged.
Plot plot_of_folder(const std::filesystem::path& folder);

/// Draws it as SVG, legible on white and on black. False when there is no gnuplot, and then nothing is written. Throws
/// std::runtime_error with the path and the reason when there is no picture, or the file cannot be written.
bool write_svg(const std::filesystem::path& path, const Plot& plot);
/// What gnuplot is told; the picture comes on its standard output. A curve with more points than the picture can show
/// is drawn by the lowest and the highest of each of `columns` parts of its timesteps.
std::string gnuplot_script(const Plot& plot, std::size_t columns = 700);

}  // namespace rl
