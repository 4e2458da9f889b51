#pragma once
/// The network of chapters 1 to 3: two inputs, two tanh units, two logits, and a state that it gives (0.6, 0.4).

#include "docs/programs/book.hpp"
#include "nn/network.hpp"

namespace book {

/// A network of the project with weights chosen by hand; parameters() is W1, b1, W2, b2.
nn::Network example_network();
/// The state (0.5, -1).
const Vector& example_state();
/// J = G log pi(a | state).
Scalar example_J(nn::Network& network);

/// What goes wrong in the hidden layer of hand-written programs.
enum class Mistake {
  none,
  derivative_missing,
  derivative_at_the_output,
  not_transposed,
  outer_product_transposed,
  bias_forgotten
};

/// Everything of one forward and one backward pass, layer by layer.
struct Pass {
  Vector u = Vector(2), h = Vector(2), z = Vector(2), p = Vector(2);                        // forward
  Vector dz = Vector(2), db2 = Vector(2), dh = Vector(2), du = Vector(2), db1 = Vector(2);  // backward
  Vector dx = Vector(2);
  Matrix dW2{2, 2}, dW1{2, 2};
  /// In the order of Network::parameters().
  Vector gradients() const;
};
Pass example_pass(Mistake mistake = Mistake::none);

}  // namespace book
