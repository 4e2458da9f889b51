#include "docs/programs/theorem/numbers.hpp"

#include <algorithm>
#include <cmath>

#include "nn/arithmetic/vector_ops.hpp"

namespace theorem {

Matrix column(const Numbers& numbers) {
  Matrix result(numbers.size(), 1);
  std::ranges::copy(numbers, result.flat().begin());
  return result;
}
Numbers row(ConstMatrixView X) {
  return {X.flat().begin(), X.flat().end()};
}
Matrix same(const Numbers& outputs, std::size_t count) {
  Matrix result(outputs.size(), count);
  for (std::size_t r = 0; r < outputs.size(); ++r) nn::fill(result.row(r), outputs[r]);
  return result;
}

std::string show(const Numbers& numbers) {
  std::string text;
  for (const Scalar value : numbers)  // what is 0 but for rounding is shown as 0
    text += fmt::format("{}{:+.3f}", text.empty() ? "(" : ", ", std::abs(value) < Scalar(5e-4) ? 0 : value);
  return text + ")";
}
std::string show(Scalar value) {
  return fmt::format("{:6.3f}", value);
}
void title(std::string_view text) {
  fmt::print("\n{}\n", text);
}

}  // namespace theorem
