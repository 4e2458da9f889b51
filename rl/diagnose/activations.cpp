/// The activations that a learner's network may have, and their derivatives.            docs/02-backward.md, section 3

#include <algorithm>
#include <cmath>

#include "rl/diagnose/backward.hpp"

namespace rl {
namespace {

Number sigmoid(Number x) {
  return 1 / (1 + exp(-x));
}
Number softplus(Number u) {
  return u.value > 30 ? u : log(1 + exp(u));
}
/// The normal distribution function, and its density.
Number normal(Number u) {
  return rounded(std::erfc(-u.value / std::sqrt(2.)) / 2, 0.4 * u.error);
}
Number normal_density(Number u) {
  return 0.39894228040143268 * exp(-(u * u) / 2);
}
/// x above 0, y below; at the kink either, as far as the digits tell.
Number side(Number u, Number above, Number below) {
  if (std::abs(u.value) >= u.error) return u.value > 0 ? above : below;
  return {(above.value + below.value) / 2, std::abs(above.value - below.value) / 2 + above.error + below.error};
}
constexpr double leak = 0.01;

const Activation list[] = {
    {"tanh", [](Number u) { return tanh(u); }, [](Number, Number h) { return 1 - h * h; },
     [](Number h) { return 1 - h * h; }},
    {"relu", [](Number u) { return u.value > 0 ? u : Number(0, std::max(0., u.value + u.error)); },
     [](Number, Number h) { return side(h, 1, 0); }, [](Number h) { return side(h, 1, 0); }},
    {"sigmoid", sigmoid, [](Number, Number h) { return h * (1 - h); }, [](Number h) { return h * (1 - h); }},
    {"identity", [](Number u) { return u; }, [](Number, Number) { return Number(1); },
     [](Number) { return Number(1); }},
    {"leaky_relu", [](Number u) { return u.value > 0 ? u : leak * u; },
     [](Number u, Number) { return side(u, 1, leak); }, [](Number h) { return side(h, 1, leak); }},
    {"elu", [](Number u) { return u.value > 0 ? u : exp(u) - 1; },
     [](Number u, Number h) { return u.value > 0 ? Number(1) : h + 1; },
     [](Number h) { return h.value > 0 ? Number(1) : h + 1; }},
    {"softplus", softplus, [](Number u, Number) { return sigmoid(u); }, [](Number h) { return 1 - exp(-h); }},
    {"silu", [](Number u) { return u * sigmoid(u); },
     [](Number u, Number) { return sigmoid(u) * (1 + u * (1 - sigmoid(u))); }, [](Number) { return impossible; }},
    {"gelu", [](Number u) { return u * normal(u); }, [](Number u, Number) { return normal(u) + u * normal_density(u); },
     [](Number) { return impossible; }},
};

}  // namespace

std::span<const Activation> activations() {
  return list;
}
const Activation& activation_named(const std::string& name) {
  return *std::ranges::find(list, name, &Activation::name);
}

Number activate(const std::string& name, Number u) {
  return activation_named(name).value(u);
}
Number derivative(const std::string& name, Number u, Number h) {
  return activation_named(name).derivative(u, h);
}
Number derivative_of_output(const std::string& name, Number h) {
  return activation_named(name).of_output(h);
}

}  // namespace rl
