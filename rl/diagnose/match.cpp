#include "rl/diagnose/digits.hpp"

#include <algorithm>

namespace rl {
namespace {

/// The ratios got / predicted: their mean, each weighted by how well it is known.
struct Ratio {
  double first = 0, weighted = 0, weights = 0;  // the mean is taken of the distances from the first: they are small
  double best = HUGE_VAL, low = -HUGE_VAL, high = HUGE_VAL;
  void add(Number got, Number predicted, double floor) {
    if (!got.known() || !predicted.known() || std::abs(predicted.value) <= predicted.error) return;  // says nothing
    const double r = got.value / predicted.value, y = std::abs(predicted.value);
    const double error = (got.error + std::abs(r) * predicted.error + floor) / y + 1e-300;
    if (weights == 0) first = r;
    weighted += (r - first) / error / error, weights += 1 / error / error;
    best = std::min(best, error);
    const double c = std::max(std::abs(r), std::abs(first + weighted / weights));  // r is 0 where got was printed as 0
    const double wide = 2 * (got.error + c * predicted.error + floor) / y;
    low = std::max(low, r - wide), high = std::min(high, r + wide);
  }
  /// No constant fits all: most hypotheses end here, after a few numbers.
  bool hopeless() const { return low - high > 2 * best; }
  Number value() const { return weights > 0 ? Number(first + weighted / weights, best) : Number(1, 0); }
};

/// Where a constant c >= 0 must lie so that |got - c predicted| <= error of got + c error of predicted, for all.
struct Interval {
  double low = 0, high = HUGE_VAL;
  void narrow(Number got, Number predicted, double floor) {
    if (!got.known() || !predicted.known()) return;
    const double y = std::abs(predicted.value), x = predicted.value < 0 ? -got.value : got.value;
    const double error = got.error + floor, above = x + error, steepness = y - predicted.error;
    low = std::max(low, (x - error) / (y + predicted.error + 1e-300));
    if (steepness > 0)
      high = std::min(high, above / steepness);
    else if (above < 0)
      low = std::max(low, above / (steepness - 1e-300));
  }
};

/// The constant nearest to `mean` that suits all numbers; of the other sign if there is none of its own.
double suitable(double mean, auto narrow_all) {
  for (const double sign : {mean < 0 ? -1. : 1., mean < 0 ? 1. : -1.}) {
    Interval interval;
    narrow_all(interval, sign);
    if (interval.low <= interval.high) return sign * std::clamp(sign * mean, interval.low, interval.high);
  }
  return mean;
}

/// A comparison of two tables: what each row may differ by.
struct Comparison {
  const Grid &got, &predicted;
  double rounding;
  Floor floor;
  double all = largest(got.cells), all_predicted = 0, c = 1;
  std::vector<double> floors = {};

  double noise(double size) const { return roundings * rounding * size; }
  void set_floors() {
    for (std::size_t r = 0; r < got.rows; ++r)
      floors.push_back(
          noise(floor == Floor::row ? largest(row_of(got, r)) : all * std::sqrt(static_cast<double>(got.rows))));
  }
  void set_constant(double constant) {
    c = std::abs(constant), all_predicted = c * largest(predicted.cells);
    for (std::size_t r = 0; r < got.rows; ++r)
      floors[r] = std::max(floors[r], noise(floor == Floor::row ? c * largest(row_of(predicted, r)) : all_predicted));
  }
  /// c itself is rounded.
  double allowed(std::size_t r, Number x, Number y) const { return 1.25 * (x.error + c * y.error + floors[r]); }

  /// False when no constant fits all.
  bool fit(Match& result) const {
    Ratio ratio;
    for (std::size_t r = 0; r < got.rows; ++r)
      for (std::size_t k = 0; k < got.cols; ++k) {
        ratio.add(got(r, k), predicted(r, k), floors[r]);
        if (ratio.hopeless()) return false;
      }
    const auto narrow = [&](Interval& interval, double sign) {
      for (std::size_t r = 0; r < got.rows; ++r)
        for (std::size_t k = 0; k < got.cols; ++k) interval.narrow(sign * got(r, k), predicted(r, k), floors[r]);
    };
    result.c = ratio.value(), result.determined = ratio.weights > 0;
    result.c.value = suitable(result.c.value, narrow);
    if (result.c.value != 0) return true;
    Interval interval;  // everything was printed as 0: would the right numbers be, up to a thousandth?
    narrow(interval, 1);
    result.c.value = std::clamp(interval.high, 1e-3, 1.);
    return true;
  }
  /// False at the first number that differs; it is where result says.
  bool agree(Match& result) const {
    double tolerance = 0, total = 0;
    std::size_t known = 0;
    for (std::size_t r = 0; r < got.rows; ++r)
      for (std::size_t k = 0; k < got.cols; ++k) {
        const Number x = got(r, k), y = predicted(r, k);
        if (y.agrees_with_nothing()) return false;
        if (!y.known() || std::isinf(x.error)) continue;
        const double difference = std::abs(x.value - result.c.value * y.value), most = allowed(r, x, y);
        if (!(difference <= most)) {
          result.row = r, result.col = k;
          return false;
        }
        ++known;
        result.worst = std::max(result.worst, difference);
        tolerance += most, total += std::abs(x.value);
      }
    result.vague = 2 * known < got.cells.size() || tolerance > 0.1 * total;
    return true;
  }
  void count_digits(Match& result) const {
    Digits digits;
    for (std::size_t r = 0; r < got.rows; ++r) {
      const double size_of_row = std::max(largest(row_of(got, r)), c * largest(row_of(predicted, r)));
      for (std::size_t k = 0; k < got.cols; ++k) {
        const Number x = got(r, k), y = predicted(r, k);
        if (y.known() && x.known() && (x.value != 0 || y.value != 0)) digits.add(size_of_row, allowed(r, x, y));
      }
      digits.end_of_row(got.cols > 1);
    }
    result.digits = digits.total, result.best = digits.best;
  }
};

}  // namespace

Match match(const Grid& got, const Grid& predicted, double rounding, Scale scale, Floor floor) {
  Match result;
  Comparison compare{got, predicted, rounding, floor};
  compare.set_floors();
  if (scale == Scale::any && !compare.fit(result)) return result;
  compare.set_constant(result.c.value);
  if (!compare.agree(result)) return result;
  if (scale == Scale::any && !(compare.c > 1e-9 && compare.c < 1e9)) return result;  // no program has such a constant
  compare.count_digits(result);
  result.agrees = true;
  result.worst /= compare.all > 0 ? compare.all : 1;
  return result;
}

Match match(const Series& got, const Series& predicted, double rounding, Scale scale) {
  return match(column(got), column(predicted), rounding, scale, Floor::all);
}

Series match_rows(const Grid& got, const Grid& predicted, double rounding) {
  Series result(got.rows);
  const double all = largest(got.cells);
  for (std::size_t r = 0; r < got.rows; ++r) {
    const double floor = roundings * rounding * std::max(largest(row_of(got, r)), 0.1 * all);  // a row may be what is
                                                                                               // left of larger numbers
    Ratio ratio;
    for (std::size_t k = 0; k < got.cols; ++k) ratio.add(got(r, k), predicted(r, k), floor);
    Number c = ratio.value();
    c.value = suitable(c.value, [&](Interval& interval, double sign) {
      for (std::size_t k = 0; k < got.cols; ++k) interval.narrow(sign * got(r, k), predicted(r, k), floor);
    });
    for (std::size_t k = 0; k < got.cols; ++k) {
      const Number x = got(r, k), y = predicted(r, k);
      if (y.agrees_with_nothing()) return {};
      if (!y.known() || !x.known()) continue;
      if (!(std::abs(x.value - c.value * y.value) <= 1.25 * (x.error + std::abs(c.value) * y.error + floor))) return {};
    }
    result[r] = ratio.weights > 0 ? c : Number(0, HUGE_VAL);
  }
  return std::ranges::any_of(result, &Number::known) ? result : Series{};  // nothing but noise
}

double digits_of_rows(const Grid& got, const Grid& predicted, const Series& factor, double rounding, std::size_t free) {
  Digits digits;
  const double all = largest(got.cells);
  for (std::size_t r = 0; r < got.rows; ++r) {
    const double floor = roundings * rounding * std::max(largest(row_of(got, r)), 0.1 * all);
    for (std::size_t k = 0; k < got.cols && factor[r].known(); ++k) {
      const Number x = got(r, k), y = predicted(r, k);
      if (y.known() && x.known())
        digits.add(largest(row_of(got, r)), 1.25 * (x.error + std::abs(factor[r].value) * y.error + floor));
    }
    digits.end_of_row(true, free);
  }
  return digits.total;
}

}  // namespace rl
