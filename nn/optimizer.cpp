#include "nn/optimizer.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "nn/arithmetic/vector_ops.hpp"

namespace nn {
namespace {

void check_range(const char* who, Scalar value, bool good, const char* expected) {
  if (!good) throw std::invalid_argument(fmt::format("{}: expected {}, got {}", who, expected, value));
}

void copy_rounded(std::span<const double> from, Vector& to) {
  to.resize(from.size());
  std::ranges::transform(from, to.begin(), [](double x) { return static_cast<Scalar>(x); });
}

/// A moment that only decays, of a relu unit that is dead, ends among the subnormal numbers and stays there: 0.9 times
/// one of the smallest is rounded back to it. A processor takes ten times as long over those, and they move nothing.
inline Scalar without_subnormal(Scalar x) {
  return std::abs(x) < std::numeric_limits<Scalar>::min() ? Scalar(0) : x;
}

}  // namespace

void Optimizer::checked_step(VectorView parameters, ConstVectorView gradients, Scalar direction) {
  if (parameters.size() != gradients.size() || (size_ != 0 && size_ != parameters.size()))
    throw std::invalid_argument(fmt::format("Optimizer: expected {} gradients for {} parameters, got {} for {}",
                                            size_ ? size_ : parameters.size(), size_ ? size_ : parameters.size(),
                                            gradients.size(), parameters.size()));
  if (const std::size_t i = first_not_finite(gradients); i < gradients.size())
    throw std::invalid_argument(
        fmt::format("Optimizer: expected finite gradients, got {} for parameter {}", gradients[i], i));
  size_ = parameters.size();
  step(parameters, gradients, direction);
}

void Optimizer::load_state(std::span<const double> state, std::size_t size) {
  if (!state.empty() && state.size() != state_size(size))
    throw std::invalid_argument(
        fmt::format("Optimizer::load_state: expected {} numbers, got {}", state_size(size), state.size()));
  size_ = state.empty() ? 0 : size;
  set_state(state);
}

Sgd::Sgd(SgdOptions options) : options_(options) {
  check_range("Sgd", options.learning_rate, options.learning_rate >= 0, "learning_rate >= 0");
  check_range("Sgd", options.momentum, options.momentum >= 0 && options.momentum < 1, "0 <= momentum < 1");
  check_range("Sgd", options.momentum, options.momentum > 0 || !options.nesterov, "momentum > 0 with nesterov");
  check_range("Sgd", options.weight_decay, options.weight_decay >= 0, "weight_decay >= 0");
}

void Sgd::step(VectorView parameters, ConstVectorView gradients, Scalar direction) {
  m_.resize(parameters.size());
  const Scalar momentum = options_.momentum, rate = direction * options_.learning_rate;
  const Scalar decay = direction * options_.weight_decay;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Scalar g = gradients[i] - decay * parameters[i];
    m_[i] = without_subnormal(momentum * m_[i] + g);
    parameters[i] += rate * (options_.nesterov ? g + momentum * m_[i] : m_[i]);
  }
}

std::vector<double> Sgd::state() const {
  return {m_.begin(), m_.end()};
}

void Sgd::set_state(std::span<const double> state) {
  copy_rounded(state, m_);
}

Adam::Adam(AdamOptions options) : options_(options) {
  check_range("Adam", options.learning_rate, options.learning_rate >= 0, "learning_rate >= 0");
  check_range("Adam", options.beta1, options.beta1 >= 0 && options.beta1 < 1, "0 <= beta1 < 1");
  check_range("Adam", options.beta2, options.beta2 >= 0 && options.beta2 < 1, "0 <= beta2 < 1");
  check_range("Adam", options.epsilon, options.epsilon > 0, "epsilon > 0");
  check_range("Adam", options.weight_decay, options.weight_decay >= 0, "weight_decay >= 0");
}

void Adam::step(VectorView parameters, ConstVectorView gradients, Scalar direction) {
  m_.resize(parameters.size());
  v_.resize(parameters.size());
  beta1_power_ *= static_cast<double>(options_.beta1);
  beta2_power_ *= static_cast<double>(options_.beta2);
  const Scalar beta1 = options_.beta1, beta2 = options_.beta2, epsilon = options_.epsilon;
  const Scalar rate = direction * static_cast<Scalar>(static_cast<double>(options_.learning_rate) / (1 - beta1_power_));
  const Scalar root_correction = static_cast<Scalar>(std::sqrt(1 - beta2_power_));
  const Scalar decay = options_.decoupled ? Scalar(0) : direction * options_.weight_decay;
  const Scalar keep = options_.decoupled ? 1 - options_.learning_rate * options_.weight_decay : Scalar(1);
  const Scalar* gradient = gradients.data();
  Scalar *m = m_.data(), *v = v_.data(), *theta = parameters.data();
#pragma omp simd
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Scalar g = gradient[i] - decay * theta[i];
    m[i] = without_subnormal(beta1 * m[i] + (1 - beta1) * g);
    v[i] = without_subnormal(beta2 * v[i] + (1 - beta2) * g * g);
    theta[i] = keep * theta[i] + rate * m[i] / (std::sqrt(v[i]) / root_correction + epsilon);
  }
}

std::vector<double> Adam::state() const {
  if (m_.empty()) return {};
  std::vector<double> state;
  state.reserve(state_size(m_.size()));
  state.insert(state.end(), m_.begin(), m_.end());
  state.insert(state.end(), v_.begin(), v_.end());
  state.insert(state.end(), {beta1_power_, beta2_power_});
  return state;
}

void Adam::set_state(std::span<const double> state) {
  const std::size_t size = state.size() / 2 - (state.empty() ? 0 : 1);
  copy_rounded(state.first(size), m_);
  copy_rounded(state.subspan(size, size), v_);
  beta1_power_ = state.empty() ? 1 : state[2 * size];
  beta2_power_ = state.empty() ? 1 : state[2 * size + 1];
}

Scalar clip_norm(VectorView gradients, Scalar max_norm) {
  check_range("clip_norm", max_norm, max_norm > 0, "max_norm > 0");
  const Scalar before = norm(gradients);
  check_range("clip_norm", before, before - before == 0, "a finite norm");
  if (const Scalar factor = max_norm / (before + Scalar(1e-6)); factor < 1) scale(factor, gradients);
  return before;
}

Scalar norm(ConstVectorView x) {
  return std::sqrt(dot(x, x));
}

}  // namespace nn
