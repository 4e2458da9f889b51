#pragma once
/// From gradients to steps. The sign lives in the verb: ascend climbs J (a policy's return), descend lowers a loss.
/// An optimizer belongs to one parameter vector: it remembers past gradients entry by entry.

#include <cstddef>
#include <span>
#include <vector>

#include "nn/arithmetic/matrix.hpp"

namespace nn {

class Optimizer {
 public:
  virtual ~Optimizer() = default;

  /// One step up the gradient / down the gradient. Throws std::invalid_argument when the two lengths differ, when
  /// they differ from the first call's, or when a gradient is not finite; then nothing has changed.
  void ascend(VectorView parameters, ConstVectorView gradients) { checked_step(parameters, gradients, 1); }
  void descend(VectorView parameters, ConstVectorView gradients) { checked_step(parameters, gradients, -1); }

  /// What it remembers of past gradients: Sgd's m; Adam's m, v, beta1^t, beta2^t. Empty before the first step. A double
  /// holds a Scalar exactly, so an optimizer with the same options that is told to load it goes on bit for bit.
  virtual std::vector<double> state() const = 0;
  /// Throws std::invalid_argument unless `state` is empty or of such an optimizer for `size` parameters.
  void load_state(std::span<const double> state, std::size_t size);

 protected:
  virtual std::size_t state_size(std::size_t parameters) const = 0;
  virtual void set_state(std::span<const double> state) = 0;
  /// parameters += direction * (what the gradients suggest).
  virtual void step(VectorView parameters, ConstVectorView gradients, Scalar direction) = 0;

 private:
  void checked_step(VectorView parameters, ConstVectorView gradients, Scalar direction);
  std::size_t size_ = 0;
};

/// Stochastic gradient steps, with momentum as in PyTorch: m = momentum * m + g; theta += learning_rate * m.
/// With nesterov, theta += learning_rate * (g + momentum * m). Weight decay pulls every parameter towards 0, uphill and
/// downhill: g = gradient - weight_decay * theta when ascending, gradient + weight_decay * theta when descending.
struct SgdOptions {
  Scalar learning_rate = Scalar(0.001), momentum = 0, weight_decay = 0;
  bool nesterov = false;
};
class Sgd : public Optimizer {
 public:
  /// Throws std::invalid_argument unless learning_rate >= 0, 0 <= momentum < 1 (0 < momentum with nesterov) and
  /// weight_decay >= 0.
  explicit Sgd(SgdOptions options);
  std::vector<double> state() const override;

 private:
  std::size_t state_size(std::size_t parameters) const override { return parameters; }
  void set_state(std::span<const double> state) override;
  void step(VectorView parameters, ConstVectorView gradients, Scalar direction) override;
  SgdOptions options_;
  Vector m_;
};

/// Adam (Kingma & Ba 2015, Algorithm 1): every entry moves by about learning_rate, whatever its gradient's size.
/// Eq. (9.4)
///   m = beta1 m + (1 - beta1) g,  v = beta2 v + (1 - beta2) g^2,
///   theta += learning_rate * m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon)
/// Weight decay joins g as in Sgd; decoupled (AdamW, Loshchilov & Hutter 2019) it multiplies theta by
/// 1 - learning_rate * weight_decay before the step instead, and m and v never see it.
struct AdamOptions {
  Scalar learning_rate = Scalar(0.001), beta1 = Scalar(0.9), beta2 = Scalar(0.999), epsilon = Scalar(1e-8);
  Scalar weight_decay = 0;
  bool decoupled = false;
};
class Adam : public Optimizer {
 public:
  /// Throws std::invalid_argument unless learning_rate >= 0, 0 <= beta < 1, epsilon > 0 and weight_decay >= 0.
  explicit Adam(AdamOptions options);
  std::vector<double> state() const override;

 private:
  std::size_t state_size(std::size_t parameters) const override { return 2 * parameters + 2; }
  void set_state(std::span<const double> state) override;
  void step(VectorView parameters, ConstVectorView gradients, Scalar direction) override;
  AdamOptions options_;
  Vector m_, v_;
  double beta1_power_ = 1, beta2_power_ = 1;  // beta^t
};

/// Shrinks the gradients to a 2-norm of at most max_norm, by min(1, max_norm / (norm + 1e-6)) as PyTorch does;
/// returns the norm before. Throws std::invalid_argument unless max_norm > 0 and the norm is finite.
Scalar clip_norm(VectorView gradients, Scalar max_norm);

/// The 2-norm. Read next: gradient_check.hpp.
Scalar norm(ConstVectorView x);

}  // namespace nn
