#pragma once
/// Reads what a learner dumped: a table with a header line, or a folder of plain matrices.  docs/diagnose.md, section 1
///
/// Everything that cannot be read throws std::runtime_error with one line: file, line, column, expected and got.
/// A file above 16 MB is refused before it is read, so memory is bounded.

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rl/diagnose/number.hpp"

namespace rl {

inline constexpr std::size_t largest_learner_file = std::size_t{16} << 20;  // bytes

/// rows x cols numbers, row by row; one row per step.
struct Grid {
  std::size_t rows = 0, cols = 0;
  std::vector<Number> cells;
  Grid() = default;
  Grid(std::size_t r, std::size_t c) : rows(r), cols(c), cells(r * c) {}
  Number& operator()(std::size_t r, std::size_t c) { return cells[r * cols + c]; }
  const Number& operator()(std::size_t r, std::size_t c) const { return cells[r * cols + c]; }
  bool empty() const { return cells.empty(); }
};
using Series = std::vector<Number>;

struct Span {
  std::size_t first = 0, length = 0;
};

/// The steps of a learner, one row each. What the file does not have is empty.
struct Samples {
  std::size_t steps = 0, outputs = 0;  // outputs: actions, or dimensions of a Gaussian action
  bool gaussian = false;
  std::vector<std::size_t> action;                  // categorical
  Grid p, z;                                        // probabilities; logits if the file has them
  Grid ref;                                         // probabilities of a reference policy, or empty
  Grid actions, mu, sigma;                          // Gaussian
  bool has_mu_gradient = false, log_sigma = false;  // of d: its columns are dmu, then dlog_sigma or dsigma
  Grid d;                                           // what is injected
  Series weight, reward;
  std::vector<Span> episodes;  // one for the whole file if the file does not say
  bool episodes_known = false;
  std::vector<std::size_t> group;           // of each episode: those of one group share a baseline; or empty
  std::vector<std::size_t> line;            // of each row, in the file's order of rows; empty: as they stand
  std::vector<std::string> scattered;       // which episodes had their rows apart, and were put together
  std::vector<bool> truncated, terminated;  // of each row; empty without such a column
  std::size_t row(std::size_t t) const { return line.empty() ? t + 1 : line[t] + 1; }
  std::optional<double> gamma, sign;  // sign: +1 ascent, -1 descent
  std::string weights;                // the key of that name
  double rounding = 0x1p-53;          // of the program that made the numbers: 2^-24 if they are floats
  int digits = 17;                    // significant ones of d, as printed
  std::vector<std::string> ignored;   // columns nobody asked for
  std::vector<std::string> unknown;   // words before a colon that are no key
  bool claims_returns() const { return weights == "return" || weights == "reward_to_go"; }
  /// The same numbers, taken for rounded ones where the file leaves that open; `assumption` says so.
  std::vector<Samples> other_readings;
  std::string assumption;
  bool all_rounded = false, returns_rounded = false;  // what is assumed; the first: Text::Printed::rounded_before
};
Samples read_samples(std::string_view text, const std::string& name);

/// What a file or a page gave, without the mark that some editors put in front. Throws std::runtime_error, with the
/// name, when it is empty, binary, or larger than largest_learner_file.
std::string learner_text(std::string text, const std::string& name);
void check_learner_size(std::size_t bytes, const std::string& name);  // the last of these, before it is read

/// A network and its gradients: layer l has W[l] (outputs x inputs) and b[l].
struct LearnerNet {
  std::string activation;
  Grid x, dout;  // one row per sample
  std::vector<Grid> W, dW;
  std::vector<Grid> mask;      // what dropout multiplied the outputs of a hidden layer by; empty where there is no file
  std::optional<double> sign;  // as in Samples
  std::vector<Series> b, db;   // b is empty where there is no file; so are dW and db
  std::vector<std::string> remarks;
  bool either_way = false;                 // all matrices are square and could as well be inputs x outputs
  std::vector<LearnerNet> other_readings;  // as those of Samples
  double rounding = 0x1p-53;
};
/// text_of("W0") is the text of that matrix, or nothing.
LearnerNet read_net(const std::string& name,
                    const std::function<std::optional<std::string>(const std::string& stem)>& text_of);
Grid turned(const Grid& m);

/// The numbers of a text, for both readers: fields separated by commas, semicolons, blanks or tabs.
struct Text {
  std::vector<std::string> names;            // of the columns kept; empty without a header
  std::vector<std::vector<double>> columns;  // of equal length
  std::map<std::string, std::string> keys;   // "# key: value"
  std::vector<std::size_t> lines;            // where each row stands
  std::vector<std::string> ignored;
  struct Printed {
    int significant = 0, decimals = 0, distinct = 0;  // at most; distinct counts to 3
    double seen[2] = {};
    bool all_floats = true;  // every number is the nearest print of a float
    bool padded = false;     // a number ends in a zero after two decimals or more: it was printed with so many
    /// What the numbers need to be the same doubles (or floats) again: of 0.25 printed as 2.5000e-01, two.
    int needed_significant = 0, needed_decimals = 0;
    void add(const Printed& other);  // of two columns, the finer print
    /// All of it was rounded, and then printed with digits that say nothing.
    bool rounded_before() const {
      return significant >= 15 && std::min(needed_significant, needed_decimals) <= (all_floats ? 7 : 12);
    }
  };
  std::vector<Printed> printed;  // per column
};
/// `wanted` says which columns to keep; without it the text is a matrix and has no header.
Text read_text(std::string_view text, const std::string& name, bool (*wanted)(std::string_view) = nullptr);

/// The error of a column's numbers by the digits it was printed with. `whole` is the same over all columns of the
/// file: a column of few different numbers says too little about itself.
std::vector<Number> with_errors(const std::vector<double>& values, const Text::Printed& own, const Text::Printed& whole,
                                double rounding);

}  // namespace rl
