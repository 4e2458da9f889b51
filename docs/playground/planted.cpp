#include "docs/playground/planted.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>
#include <vector>

#include "nn/arithmetic/elementary.hpp"
#include "nn/arithmetic/vector_ops.hpp"
#include "nn/softmax.hpp"
#include "rl/baseline.hpp"
#include "rl/categorical.hpp"
#include "rl/gaussian.hpp"
#include "rl/returns.hpp"

namespace playground {
namespace {

class PlantedCategorical final : public rl::Categorical {
 public:
  PlantedCategorical(std::size_t actions, const Mistake& mistake) : Categorical(actions), mistake_(mistake) {}
  std::unique_ptr<Distribution> clone() const override { return std::make_unique<PlantedCategorical>(*this); }

  using Categorical::sample, Categorical::weighted_score;
  void sample(rl::ConstMatrixView logits, std::span<const double> u, rl::MatrixView actions) override {
    mistake_.acts_greedily ? mode(logits, actions) : Categorical::sample(logits, u, actions);
  }
  void weighted_score(rl::ConstMatrixView logits, rl::ConstMatrixView actions, rl::ConstVectorView weights,
                      rl::MatrixView output_gradient) override {
    if (!mistake_.inject) return Categorical::weighted_score(logits, actions, weights, output_gradient);
    const std::size_t outputs = logits.rows();
    probs_.resize(outputs, logits.cols());
    nn::softmax(logits, probs_);
    p_.resize(outputs), d_.resize(outputs);
    for (std::size_t t = 0; t < weights.size(); ++t) {
      for (std::size_t k = 0; k < outputs; ++k) p_[k] = probs_(k, t);
      std::ranges::fill(d_, Scalar(0));
      if (weights[t] != 0) mistake_.inject({static_cast<std::size_t>(actions(0, t)), p_, weights[t]}, d_);
      for (std::size_t k = 0; k < outputs; ++k) output_gradient(k, t) = d_[k];
    }
  }

 private:
  const Mistake& mistake_;
  nn::Matrix probs_;
  nn::Vector p_, d_;
};

class PlantedGaussian final : public rl::Gaussian {
 public:
  PlantedGaussian(const Gaussian& right, const Mistake& mistake) : Gaussian(right), mistake_(mistake) {}
  std::unique_ptr<Distribution> clone() const override { return std::make_unique<PlantedGaussian>(*this); }

  void sample(rl::ConstMatrixView outputs, std::span<const double> u, rl::MatrixView actions) override {
    mistake_.acts_greedily ? mode(outputs, actions) : Gaussian::sample(outputs, u, actions);
  }
  void weighted_score(rl::ConstMatrixView outputs, rl::ConstMatrixView actions, rl::ConstVectorView weights,
                      rl::MatrixView output_gradient) override {
    if (!mistake_.inject_gaussian) return Gaussian::weighted_score(outputs, actions, weights, output_gradient);
    assert(parameters().size() == dimensions());
    for (std::size_t d = 0; d < dimensions(); ++d) {
      const Scalar log_sigma = std::clamp(parameters()[d], lowest_log_sigma, highest_log_sigma);
      const Scalar sigma = nn::exp(log_sigma);
      Scalar sum = 0;
      for (std::size_t t = 0; t < weights.size(); ++t) {
        const Scalar action = actions(d, t), mu = outputs(d, t);
        const auto [along_mu, along_log_sigma] =
            mistake_.inject_gaussian({action, mu, sigma, log_sigma, (action - mu) / sigma, weights[t]});
        output_gradient(d, t) = along_mu;
        sum += along_log_sigma;
      }
      gradients()[d] += sum;
    }
  }

 private:
  const Mistake& mistake_;
};

class PlantedEstimator final : public rl::GradientEstimator {
 public:
  PlantedEstimator(const rl::TrainingSettings& settings, const Mistake& mistake, rl::Policy& policy,
                   std::unique_ptr<GradientEstimator> right)
      : settings_(settings), mistake_(mistake), policy_(policy), right_(std::move(right)) {}

  rl::UpdateReport play_weigh_inject(std::uint64_t seed, std::uint64_t number, const Weigh& weigh,
                                     Scalar entropy_weight) override {
    const Weigh weigh_wrongly = [&](const rl::Batch& batch, nn::VectorView weights) {
      const auto episodes = static_cast<Scalar>(settings_.episodes_per_update);
      weigh(batch, weights);
      nn::scale(episodes, weights);
      const double sum = planted_coefficients(settings_, mistake_, batch, weights);
      nn::scale(1 / episodes, weights);
      return sum;
    };
    auto report = right_->play_weigh_inject(seed, number, mistake_.returns ? weigh_wrongly : weigh, entropy_weight);
    if (mistake_.keeps_gradients) add_up();
    return report;
  }

 private:
  /// The gradient of this update and of all before it.
  void add_up() {
    const std::array gradients = {policy_.network.gradients(), policy_.distribution->gradients()};
    for (std::size_t i = 0; i < gradients.size(); ++i) {
      kept_[i].resize(gradients[i].size());
      nn::axpy(1, kept_[i], gradients[i]);
      std::ranges::copy(gradients[i], kept_[i].begin());
    }
  }

  const rl::TrainingSettings& settings_;
  const Mistake& mistake_;
  rl::Policy& policy_;
  std::unique_ptr<GradientEstimator> right_;
  std::array<nn::Vector, 2> kept_;
};

}  // namespace

std::unique_ptr<rl::Distribution> planted(const rl::Distribution& right, const Mistake& mistake) {
  if (!mistake.at_the_head()) return right.clone();
  if (right.name() == "gaussian")
    return std::make_unique<PlantedGaussian>(static_cast<const rl::Gaussian&>(right), mistake);
  return std::make_unique<PlantedCategorical>(right.outputs(), mistake);
}

rl::Between planted_between(const rl::TrainingSettings& settings, const Mistake& mistake) {
  if (!mistake.returns && !mistake.keeps_gradients) return {};
  return [&](rl::Policy& policy, std::unique_ptr<rl::GradientEstimator> right) {
    return std::make_unique<PlantedEstimator>(settings, mistake, policy, std::move(right));
  };
}

double planted_coefficients(const rl::TrainingSettings& settings, const Mistake& mistake, const rl::Batch& batch,
                            nn::VectorView coefficients) {
  const auto gamma = static_cast<Scalar>(settings.gamma);
  Scalar mean = 0;  // that is subtracted from all of them
  if (settings.baseline == "running-mean" && !batch.episodes.empty()) {
    const rl::Episode& e = batch.episodes[0];
    nn::Vector returns(e.length);
    (settings.returns == "total" ? rl::total_returns : rl::discounted_returns)(e.of(batch.rewards), gamma, returns);
    mean = returns[0] - coefficients[e.first];
  }
  for (const rl::Episode& e : batch.episodes) mistake.returns(e.of(batch.rewards), gamma, e.of(coefficients));
  const auto sum = static_cast<double>(nn::sum(coefficients));
  if (settings.baseline == "leave-one-out") rl::subtract_leave_one_out(batch.episodes, coefficients);
  for (Scalar& G : coefficients) G -= mean;
  return sum;
}

}  // namespace playground
