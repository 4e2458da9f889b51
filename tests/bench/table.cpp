#include "tests/bench/table.hpp"

#include <benchmark/benchmark.h>
#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <string_view>
#include <utility>

namespace bench {
namespace {

double machine_peak = 0;  // FLOP per second, once the table "machine" has run; it is the first, and always runs

/// Work per second of every repetition of a cell, by its full name.
class Collector : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs)
      if (run.run_type == Run::RT_Iteration)
        rates_[run.run_name.function_name].push_back(run.counters.at("work_per_second").value);
  }
  /// The median; 0 for a cell that did not run.
  double median(const std::string& cell) {
    std::vector<double>& rates = rates_[cell];
    std::ranges::sort(rates);
    const std::size_t n = rates.size();
    return n == 0 ? 0 : (rates[n / 2] + rates[(n - 1) / 2]) / 2;
  }
  double best(const std::string& cell) { return rates_[cell].empty() ? 0 : std::ranges::max(rates_[cell]); }
  std::size_t size() const { return rates_.size(); }

 private:
  std::map<std::string, std::vector<double>> rates_;
};

std::string show(double rate, Unit unit) {
  if (rate == 0) return "-";
  const double value = unit == Unit::ns ? 1e9 / rate : rate / (unit == Unit::gflops ? 1e9 : 1e6);
  return fmt::format("{:.{}f}", value, value < 0.995 ? 3 : value < 9.95 ? 2 : 1);
}

std::string factor(double rate, double other) {
  if (rate == 0 || other == 0) return "-";
  return fmt::format("{:.{}f}x", rate / other, rate / other < 9.95 ? 2 : 1);
}

}  // namespace

Table::Table(std::string name, std::string note, Unit unit, std::vector<Column> columns)
    : name_(std::move(name)), note_(std::move(note)), unit_(unit), columns_(std::move(columns)) {}

void Table::add(const std::string& row, const std::string& column, Prepare prepare) {
  if (std::ranges::find(rows_, row) == rows_.end()) rows_.push_back(row);
  const auto cell = [prepare = std::move(prepare)](benchmark::State& state) {
    const Body body = prepare();
    if (state.max_iterations > 1) body();  // caches warm, memory allocated
    double work = 0;
    for (auto _ : state) {
      work += body();
      benchmark::ClobberMemory();
    }
    state.counters["work_per_second"] = benchmark::Counter(work, benchmark::Counter::kIsRate);
  };
  benchmark::RegisterBenchmark((name_ + "/" + row + "/" + column).c_str(), cell);
}

std::size_t Table::run() {
  const std::string filter = benchmark::GetBenchmarkFilter();
  if (!filter.empty() && filter != "all" && name_ != "machine" && name_.find(filter) == std::string::npos) return 0;
  Collector cells;
  benchmark::RunSpecifiedBenchmarks(&cells, nullptr, "^" + name_ + "/");
  if (name_ == "machine")
    for (const std::string& row : rows_)
      machine_peak = std::max(machine_peak, cells.median(name_ + "/" + row + "/" + columns_[0].name));

  const char* unit = unit_ == Unit::gflops ? "GFLOP/s" : unit_ == Unit::ns ? "ns per value" : "million per second";
  const bool shares = unit_ == Unit::gflops && name_ != "machine" && machine_peak > 0;
  fmt::print("\n{}: {}, median (best) of the CPU time. {}\n\n{:28}", name_, unit, note_, "");
  for (const Column& column : columns_) {
    fmt::print("{:>19}", column.name);
    if (!column.factor_of.empty())
      fmt::print("{:>9}", "factor");
    else if (shares)
      fmt::print("{:>9}", "of peak");
  }
  fmt::print("\n");
  for (const std::string& row : rows_) {
    fmt::print("{:28}", row);
    for (const Column& column : columns_) {
      const auto cell = [&](const std::string& c) { return name_ + "/" + row + "/" + c; };
      const double rate = cells.median(cell(column.name));
      fmt::print("{:>10} {:>8}", show(rate, unit_), fmt::format("({})", show(cells.best(cell(column.name)), unit_)));
      if (!column.factor_of.empty())
        fmt::print("{:>9}", factor(cells.median(cell(column.factor_of)), rate));
      else if (shares)
        fmt::print("{:>9}", fmt::format("{:.0f} %", 100 * rate / machine_peak));
    }
    fmt::print("\n");
  }
  std::fflush(stdout);
  return cells.size();
}

int run(int argc, char** argv, const std::function<std::vector<Table>()>& tables) {
  // The reader's options come last, and win.
  std::vector<std::string> words = {argv[0], "--benchmark_repetitions=5", "--benchmark_min_time=0.05",
                                    "--benchmark_enable_random_interleaving=true"};
  bool json = false;
  for (int i = 1; i < argc; ++i)
    if (std::string_view(argv[i]) == "--json")
      json = true;
    else
      words.emplace_back(argv[i]);
  if (json) words.emplace_back("--benchmark_format=json");
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  int count = static_cast<int>(pointers.size());
  benchmark::Initialize(&count, pointers.data());
  if (benchmark::ReportUnrecognizedArguments(count, pointers.data())) return 2;

  std::vector<Table> all = tables();
  if (json) return benchmark::RunSpecifiedBenchmarks() > 0 ? 0 : 1;
  std::size_t ran = 0;
  for (Table& table : all) ran += table.run() > 0;
  if (ran > 1) return 0;  // more than the machine's peak, which every table needs
  fmt::print(stderr, "bench: expected the name of a table, got {}\n", benchmark::GetBenchmarkFilter());
  return 2;
}

}  // namespace bench
