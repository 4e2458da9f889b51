#include "docs/programs/question/numbers.hpp"

#include <cmath>

#include "nn/loss.hpp"
#include "nn/optimizer.hpp"
#include "nn/softmax.hpp"

namespace question {

Numbers softmax(Numbers z) {
  nn::softmax(column(z), column(z));
  return z;
}
Scalar log_prob(const Numbers& z, int action) {
  Scalar result = 0;
  distribution.log_prob(column(z), {&action, 1}, {&result, 1});
  return result;
}
Numbers inject(int action, Scalar weight) {
  Numbers result(2);
  distribution.weighted_score(column(logits), {&action, 1}, {&weight, 1}, column(result));
  return result;
}
Numbers label_gradient() {
  Numbers result(2);
  nn::cross_entropy_gradient(column(logits), {&a, 1}, {&G, 1}, column(result));
  return result;
}
Scalar ascend(const Numbers& gradient) {
  Numbers z = logits;
  nn::Sgd({.learning_rate = step}).ascend(z, gradient);
  return softmax(z)[0];
}
Scalar descend(const Numbers& gradient) {
  Numbers z = logits;
  nn::Sgd({.learning_rate = step}).descend(z, gradient);
  return softmax(z)[0];
}

std::string show(const Numbers& numbers, int digits) {
  std::string text;
  for (const Scalar x : numbers)  // what is 0 but for rounding is shown as 0
    text += fmt::format("{}{:+.{}f}", text.empty() ? "(" : ", ", std::abs(x) < Scalar(5e-5) ? 0 : x, digits);
  return text + ")";
}
std::string show(Scalar x) {
  return fmt::format("{:6.3f}", x);
}
void title(std::string_view text) {
  fmt::print("\n{}\n", text);
}

}  // namespace question
