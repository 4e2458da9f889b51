#include "rl/diagnose/match.hpp"

#include <algorithm>
#include <functional>
#include <span>

namespace rl {
namespace {

double size(Number x) {
  return std::isfinite(x.value) ? std::abs(x.value) : 0;
}

double largest(std::span<const Number> numbers) {
  double result = 0;
  for (const Number& x : numbers) result = std::max(result, size(x));
  return result;
}

std::span<const Number> row(const Grid& g, std::size_t r) {
  return {g.cells.data() + r * g.cols, g.cols};
}

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

/// Adds up the digits of one row. Numbers that are 0 on both sides show themselves, and add nothing.
struct Digits {
  double total = 0, best = 0;
  std::vector<double> row;
  void add(double size, double tolerance) {
    if (size > 0) row.push_back(std::clamp(std::log10(size / (tolerance + 1e-300)), 0., 15.));
  }
  /// The row is over; its best numbers are spoken for: one by the others of the row, `free` by free constants.
  void end_of_row(bool tied, std::size_t free = 0) {
    std::ranges::sort(row, std::greater{});
    const std::size_t spoken_for = std::min(row.size(), (tied && row.size() > 1 ? 1 : 0) + free);
    for (std::size_t i = spoken_for; i < row.size(); ++i) total += row[i], best = std::max(best, row[i]);
    row.clear();
  }
};

constexpr double roundings = 16;  // a handful of operations on numbers of this size

}  // namespace

Match match(const Grid& got, const Grid& predicted, double rounding, Scale scale, Floor floor) {
  Match result;
  const double all = largest(got.cells);
  std::vector<double> floors(got.rows);
  for (std::size_t r = 0; r < got.rows; ++r)
    floors[r] = roundings * rounding *
                (floor == Floor::row ? largest(row(got, r)) : all * std::sqrt(static_cast<double>(got.rows)));
  if (scale == Scale::any) {
    Ratio ratio;
    for (std::size_t r = 0; r < got.rows; ++r)
      for (std::size_t c = 0; c < got.cols; ++c) {
        ratio.add(got(r, c), predicted(r, c), floors[r]);
        if (ratio.hopeless()) return result;
      }
    result.c = ratio.value(), result.determined = ratio.weights > 0;
    result.c.value = suitable(result.c.value, [&](Interval& interval, double sign) {
      for (std::size_t r = 0; r < got.rows; ++r)
        for (std::size_t c = 0; c < got.cols; ++c) interval.narrow(sign * got(r, c), predicted(r, c), floors[r]);
    });
    if (result.c.value == 0) {  // everything was printed as 0: would the right numbers be, up to a thousandth?
      Interval interval;
      for (std::size_t r = 0; r < got.rows; ++r)
        for (std::size_t c = 0; c < got.cols; ++c) interval.narrow(got(r, c), predicted(r, c), floors[r]);
      result.c.value = std::clamp(interval.high, 1e-3, 1.);
    }
  }
  const double c = std::abs(result.c.value), all_predicted = c * largest(predicted.cells);
  double tolerance = 0, total = 0;
  std::size_t known = 0;
  for (std::size_t r = 0; r < got.rows; ++r) {
    const double here = std::max(
        floors[r], roundings * rounding * (floor == Floor::row ? c * largest(row(predicted, r)) : all_predicted));
    for (std::size_t k = 0; k < got.cols; ++k) {
      const Number x = got(r, k), y = predicted(r, k);
      if (y.agrees_with_nothing()) return result;
      if (!y.known() || std::isinf(x.error)) continue;
      const double difference = std::abs(x.value - result.c.value * y.value);
      const double allowed = 1.25 * (x.error + c * y.error + here);  // c itself is rounded
      if (!(difference <= allowed)) {
        result.row = r, result.col = k;
        return result;
      }
      ++known;
      result.worst = std::max(result.worst, difference);
      tolerance += allowed, total += std::abs(x.value);
    }
  }
  if (scale == Scale::any && result.determined && !(c > 1e-9 && c < 1e9))
    return result;  // no program has such a constant
  Digits digits;
  for (std::size_t r = 0; r < got.rows; ++r) {
    const double size_of_row = std::max(largest(row(got, r)), c * largest(row(predicted, r)));
    const double here = std::max(
        floors[r], roundings * rounding * (floor == Floor::row ? c * largest(row(predicted, r)) : all_predicted));
    for (std::size_t k = 0; k < got.cols; ++k) {
      const Number x = got(r, k), y = predicted(r, k);
      if (y.known() && x.known() && (x.value != 0 || y.value != 0))
        digits.add(size_of_row, 1.25 * (x.error + c * y.error + here));
    }
    digits.end_of_row(got.cols > 1);
  }
  result.digits = digits.total, result.best = digits.best;
  result.agrees = true;
  result.worst /= all > 0 ? all : 1;
  result.vague = 2 * known < got.cells.size() || tolerance > 0.1 * total;
  return result;
}

Match match(const Series& got, const Series& predicted, double rounding, Scale scale) {
  return match(column(got), column(predicted), rounding, scale, Floor::all);
}

Series match_rows(const Grid& got, const Grid& predicted, double rounding) {
  Series result(got.rows);
  const double all = largest(got.cells);
  for (std::size_t r = 0; r < got.rows; ++r) {
    const double floor = roundings * rounding * std::max(largest(row(got, r)), 0.1 * all);  // a row may be what is
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
      if (!y.known()) continue;
      if (!(std::abs(x.value - c.value * y.value) <= 1.25 * (x.error + std::abs(c.value) * y.error + floor))) return {};
    }
    result[r] = ratio.weights > 0 ? c : Number(0, HUGE_VAL);
  }
  return std::ranges::any_of(result, &Number::known) ? result : Series{};  // nothing but noise
}

double digits_of_rows(const Grid& got, const Grid& predicted, const Series& factor, double rounding) {
  Digits digits;
  const double all = largest(got.cells);
  for (std::size_t r = 0; r < got.rows; ++r) {
    const double floor = roundings * rounding * std::max(largest(row(got, r)), 0.1 * all);
    for (std::size_t k = 0; k < got.cols && factor[r].known(); ++k) {
      const Number x = got(r, k), y = predicted(r, k);
      if (y.known() && x.known())
        digits.add(largest(row(got, r)), 1.25 * (x.error + std::abs(factor[r].value) * y.error + floor));
    }
    digits.end_of_row(true, 1);
  }
  return digits.total;
}

Match2 match2(const Grid& got, const Grid& first, const Grid& second, double rounding) {
  double noise = 0;
  for (const Grid* part : {&first, &second}) {
    double total = 0, errors = 0;
    for (const Number& x : part->cells)
      if (x.known()) total += std::abs(x.value), errors += x.error;
    if (!(total > 10 * errors)) return {};  // nothing but noise
    noise = std::max(noise, errors / total);
  }
  const double alike = std::clamp(1e6 * noise * noise, 1e-13, 1e-6);  // many digits tell more apart
  Match2 result{.agrees = true};
  double c_error = 0, e_error = 0;
  for (int refinement = 0; refinement < 3; ++refinement) {  // least squares, and again of what is left
    double aa = 0, ab = 0, bb = 0, ay = 0, by = 0;
    for (std::size_t i = 0; i < got.cells.size(); ++i) {
      if (!first.cells[i].known() || !second.cells[i].known()) continue;
      if (got.cells[i].value == 0 && first.cells[i].value == 0 && second.cells[i].value == 0) continue;
      const double c = refinement > 0 ? std::abs(result.c) : 1, e = refinement > 0 ? std::abs(result.e) : 1;
      const double error = got.cells[i].error + c * first.cells[i].error + e * second.cells[i].error +
                           roundings * rounding * size(got.cells[i]) + 1e-300;
      const double weight = 1 / error / error, a = first.cells[i].value, b = second.cells[i].value,
                   y = got.cells[i].value - result.c * a - result.e * b;
      aa += weight * a * a, ab += weight * a * b, bb += weight * b * b, ay += weight * a * y, by += weight * b * y;
    }
    const double determinant = aa * bb - ab * ab;
    if (!(determinant > alike * aa * bb)) return {};
    result.c += (ay * bb - by * ab) / determinant, result.e += (aa * by - ab * ay) / determinant;
    c_error = std::sqrt(bb / determinant), e_error = std::sqrt(aa / determinant);
  }
  double tolerance = 0, total = 0;
  Digits digits;
  for (std::size_t r = 0; r < got.rows && result.agrees; ++r) {
    const double size_of_row = largest(row(got, r));
    const double floor = roundings * rounding * (largest(row(got, r)) + std::abs(result.c) * largest(row(first, r)));
    for (std::size_t k = 0; k < got.cols; ++k) {
      const Number a = first(r, k), b = second(r, k), x = got(r, k);
      if (!a.known() || !b.known()) continue;
      const double allowed = x.error + std::abs(result.c) * a.error + std::abs(result.e) * b.error + floor +
                             c_error * std::abs(a.value) + e_error * std::abs(b.value);
      tolerance += allowed, total += std::abs(x.value);
      result.agrees &= std::abs(x.value - result.c * a.value - result.e * b.value) <= 4 * allowed;
      digits.add(size_of_row, 4 * allowed);
    }
    digits.end_of_row(got.cols > 1);
  }
  result.evidence = digits.total - 2 * digits.best;
  result.c_error = c_error, result.step_error = result.c != 0 ? e_error / std::abs(result.c) : 0;
  result.vague = !(tolerance < 0.1 * total);
  return result;
}

}  // namespace rl
