/// The vector to inject, and the loss and label that give it: sections 1 to 3.

#include <fmt/core.h>

#include <string_view>

#include "docs/programs/question/numbers.hpp"
#include "docs/programs/question/sections.hpp"
#include "nn/loss.hpp"

namespace question {

void the_line_in_the_question() {
  const Numbers p = softmax(logits), answer = inject(a, G);
  const Scalar value = G * log_prob(logits, a);
  title("1a  G log p(a)");
  line("its value", value);
  line("its gradient with respect to the probabilities",
       numerical_gradient(p, [](const Numbers& q) { return G * nn::log(q[a]); }));
  line("its gradient with respect to the logits",
       numerical_gradient(logits, [](const Numbers& z) { return G * log_prob(z, a); }));
  line("log softmax of the logits (800, -800)", Numbers{log_prob({800, -800}, 0), log_prob({800, -800}, 1)});
  title("1b  logits += 0.1 * injected        injected          p(0)");
  const auto update = [](std::string_view label, const Numbers& injected) {
    fmt::print("  {:<34}{}  0.600 -> {:.3f}\n", label, show(injected), ascend(injected));
  };
  update("(one_hot - probs) * G", answer);
  update("G log p(a), the value", {value, 0});
  update("only the output of the action", {answer[a], 0});
  update("G * probs, without the action", {G * p[0], G * p[1]});
}

void from_the_equation_to_the_vector() {
  const auto J = [](const Numbers& z) { return 2 * softmax(z)[0] + 1 * softmax(z)[1]; };
  title("2a  log p(a)");
  line("one_hot - probs", inject(a, 1));
  line("by central differences", numerical_gradient(logits, [](const Numbers& z) { return log_prob(z, a); }));
  title("2b  action 0 returns 2, action 1 returns 1: J = p(0) * 2 + p(1) * 1");
  line("J", J(logits));
  line("its gradient, by central differences", numerical_gradient(logits, J));
  line("injected after action 0, probability 0.6", inject(0, 2));
  line("injected after action 1, probability 0.4", inject(1, 1));
}

void the_loss_and_the_label() {
  const auto loss = [](const Numbers& z) { return nn::cross_entropy(column(z), {&a, 1}, {&G, 1}); };
  const Numbers p = softmax(logits), label = {1, 0}, up = inject(a, G);
  title("3a  one loss");
  line("-G log p(a)", -G * log_prob(logits, a));
  line("-G times the sum of label * log p", -G * (label[0] * nn::log(p[0]) + label[1] * nn::log(p[1])));
  line("nn::cross_entropy", loss(logits));
  title("3b  one gradient");
  line("minus the injected vector", Numbers{-up[0], -up[1]});
  line("nn::cross_entropy_gradient", label_gradient());
  line("by central differences", numerical_gradient(logits, loss));
}

}  // namespace question
