/// The right vector and a term beside it, each with a free number in front.

#include "rl/diagnose/digits.hpp"

namespace rl {
namespace {

struct Fit {
  bool found = false;
  double c = 0, e = 0, c_error = 0, e_error = 0, noise = 0;  // noise: errors of the numbers foretold, of their size
};
Fit least_squares(const Grid& got, const Grid& first, const Grid& second, double rounding) {
  Fit fit;
  for (const Grid* part : {&first, &second}) {
    double total = 0, errors = 0, top = 0;
    for (const Number& x : part->cells)
      if (x.error < std::abs(x.value)) top = std::max(top, size(x));
    for (const Number& x : part->cells)
      if (x.error < 0.1 * top)
        total += size(x), errors += x.error;  // a log of nearly 0 says nothing, and hides nothing
    fit.noise = std::max(fit.noise, total > 0 ? errors / total : HUGE_VAL);
    if (!(total > errors)) return fit;  // nothing but noise
  }
  const double alike = std::clamp(1e6 * fit.noise * fit.noise, 1e-13, 1e-6);  // many digits tell more apart
  for (int refinement = 0; refinement < 3; ++refinement) {  // least squares, and again of what is left
    double aa = 0, ab = 0, bb = 0, ay = 0, by = 0;
    for (std::size_t i = 0; i < got.cells.size(); ++i) {
      if (!first.cells[i].known() || !second.cells[i].known()) continue;
      if (got.cells[i].value == 0 && first.cells[i].value == 0 && second.cells[i].value == 0) continue;
      const double c = refinement > 0 ? std::abs(fit.c) : 1, e = refinement > 0 ? std::abs(fit.e) : 1;
      const double error = got.cells[i].error + c * first.cells[i].error + e * second.cells[i].error +
                           roundings * rounding * size(got.cells[i]) + 1e-300;
      const double weight = 1 / error / error, a = first.cells[i].value, b = second.cells[i].value,
                   y = got.cells[i].value - fit.c * a - fit.e * b;
      aa += weight * a * a, ab += weight * a * b, bb += weight * b * b, ay += weight * a * y, by += weight * b * y;
    }
    const double determinant = aa * bb - ab * ab;
    if (!(determinant > alike * aa * bb)) return fit;
    fit.c += (ay * bb - by * ab) / determinant, fit.e += (aa * by - ab * ay) / determinant;
    fit.c_error = std::sqrt(bb / determinant), fit.e_error = std::sqrt(aa / determinant);
  }
  fit.found = true;
  return fit;
}

}  // namespace

Match2 match2(const Grid& got, const Grid& first, const Grid& second, double rounding) {
  const auto [found, c, e, c_error, e_error, noise] = least_squares(got, first, second, rounding);
  if (!found) return {.noise = !(noise < 1)};
  Match2 result{.agrees = true, .sharp = true};
  result.c = c, result.e = e;
  double tolerance = 0, total = 0;
  Digits digits;
  for (std::size_t r = 0; r < got.rows && result.agrees; ++r) {
    const double size_of_row = largest(row_of(got, r));
    const double floor =
        roundings * rounding * (largest(row_of(got, r)) + std::abs(result.c) * largest(row_of(first, r)));
    for (std::size_t k = 0; k < got.cols; ++k) {
      const Number a = first(r, k), b = second(r, k), x = got(r, k);
      if (!a.known() || !b.known()) continue;
      const double printed = x.error + std::abs(result.c) * a.error + std::abs(result.e) * b.error + floor,
                   fitted = c_error * std::abs(a.value) + e_error * std::abs(b.value), allowed = printed + fitted,
                   difference = std::abs(x.value - result.c * a.value - result.e * b.value);
      tolerance += allowed, total += std::abs(x.value);
      result.agrees &= difference <= 4 * allowed;
      result.sharp &= difference <= 1.25 * printed + 4 * fitted;
      digits.add(size_of_row, 4 * allowed);
    }
    digits.end_of_row(got.cols > 1);
  }
  result.evidence = digits.total - 2 * digits.best;
  result.c_error = c_error, result.step_error = result.c != 0 ? e_error / std::abs(result.c) : 0;
  result.vague = !(tolerance < 0.1 * total) || noise > 0.1;
  return result;
}

}  // namespace rl
