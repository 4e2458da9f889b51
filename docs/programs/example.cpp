#include "docs/programs/example.hpp"

#include <algorithm>

#include "nn/arithmetic/elementary.hpp"
#include "nn/arithmetic/vector_ops.hpp"
#include "nn/dense.hpp"

namespace book {

nn::Network example_network() {
  nn::Random rng(7);
  nn::Network network({2, 2, 2}, nn::Activation::tanh, rng);
  const Scalar half = Scalar(0.5), quarter = Scalar(0.25);
  // The last bias but one makes the logits differ by log(0.6 / 0.4).
  const Scalar z0 = nn::tanh(half) - nn::tanh(quarter), z1 = half * nn::tanh(half) + 2 * nn::tanh(quarter);
  const Scalar numbers[] = {1, half, -half, 1, half, Scalar(1.5), 1, -1, half, 2, logits()[0] - logits()[1] - z0 + z1,
                            0};
  std::ranges::copy(numbers, network.parameters().begin());
  return network;
}

const Vector& example_state() {
  static const Vector state = {Scalar(0.5), -1};
  return state;
}

Scalar example_J(nn::Network& network) {
  const auto z = network.feedforward(column(example_state()));
  return G * log_prob({z(0, 0), z(1, 0)}, a);
}

Vector Pass::gradients() const {
  Vector all;
  for (const auto& part :
       {Vector(dW1.flat().begin(), dW1.flat().end()), db1, Vector(dW2.flat().begin(), dW2.flat().end()), db2})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

Pass example_pass(Mistake mistake) {
  nn::Network network = example_network();
  const auto W1 = network.weight(0), W2 = network.weight(1);
  Pass pass;
  nn::dense_forward(W1, network.bias(0), column(example_state()), column(pass.u));
  pass.h = pass.u;
  nn::activation_forward(nn::Activation::tanh, column(pass.h));
  nn::dense_forward(W2, network.bias(1), column(pass.h), column(pass.z));
  pass.p = softmax(pass.z);

  pass.dz = inject(pass.z, a, G);
  Matrix back(2, 2);
  for (std::size_t r = 0; r < 2; ++r)
    for (std::size_t c = 0; c < 2; ++c) back(r, c) = mistake == Mistake::not_transposed ? W2(c, r) : W2(r, c);
  nn::dense_backward(back, column(pass.h), column(pass.dz), pass.dW2, pass.db2, column(pass.dh));
  pass.du = pass.dh;
  Vector at = pass.h;
  if (mistake == Mistake::derivative_at_the_output) nn::activation_forward(nn::Activation::tanh, column(at));
  if (mistake != Mistake::derivative_missing)
    nn::activation_backward(nn::Activation::tanh, column(at), column(pass.du));
  nn::dense_backward(W1, column(example_state()), column(pass.du), pass.dW1, pass.db1, column(pass.dx));
  if (mistake == Mistake::outer_product_transposed) std::swap(pass.dW1(0, 1), pass.dW1(1, 0));
  if (mistake == Mistake::bias_forgotten) nn::fill(pass.db1, 0);
  return pass;
}

}  // namespace book
