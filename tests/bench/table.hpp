#pragma once
/// The tables of `make bench`: rows of work, columns of ways to do it. Google Benchmark runs and times every cell, 5
/// times and interleaved with the other cells of its table; a cell shows the median of the CPU time, one thread.

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace bench {

/// One call of a body does the work once and says how much it was: FLOP, values, steps.
using Body = std::function<double()>;
/// Prepares a body; called before each repetition, untimed.
using Prepare = std::function<Body()>;

enum class Unit {
  gflops,  // work in FLOP: billions per second, and the share of the machine's peak
  ns,      // work in values: nanoseconds per value
  rate     // work in steps: millions per second
};

/// A column after which a factor is shown says over which column: how many times as fast that one is.
struct Column {
  std::string name;
  std::string factor_of = {};
};

class Table {
 public:
  Table(std::string name, std::string note, Unit unit, std::vector<Column> columns);
  void add(const std::string& row, const std::string& column, Prepare prepare);

  /// Runs the cells and prints the table, unless --benchmark_filter=TEXT is given and no part of the table's name.
  /// Returns how many cells ran.
  std::size_t run();

 private:
  std::string name_, note_;
  Unit unit_;
  std::vector<Column> columns_;
  std::vector<std::string> rows_;
};

/// Makes every table with `tables`, and runs it all. --json prints Google Benchmark's JSON instead of tables, and its
/// own options (--benchmark_filter=network, --benchmark_repetitions=9, ...) are understood. Returns the exit status.
int run(int argc, char** argv, const std::function<std::vector<Table>()>& tables);

}  // namespace bench
