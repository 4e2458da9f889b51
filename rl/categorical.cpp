#include "rl/categorical.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>

#include "nn/arithmetic/elementary.hpp"
#include "nn/arithmetic/vector_ops.hpp"
#include "nn/softmax.hpp"

namespace rl {
namespace {

void check_actions(std::string_view who, ConstMatrixView actions, std::size_t count) {
  const auto is_none = [end = static_cast<Scalar>(count)](Scalar a) {
    const int k = static_cast<int>(a >= 0 && a < end ? a : -1);  // NaN has no integer
    return int(static_cast<Scalar>(k) != a) | int(k < 0);
  };
  const Scalar* action = actions.row(0).data();
  int any = 0;
#pragma omp simd reduction(| : any)
  for (std::size_t t = 0; t < actions.cols(); ++t) any |= is_none(action[t]);
  for (std::size_t t = 0; any && t < actions.cols(); ++t)
    if (is_none(action[t]))
      throw std::invalid_argument(fmt::format("Categorical::{}: expected actions from 0 to {}, got {} in column {}",
                                              who, count - 1, action[t], t));
}

}  // namespace

void Categorical::sample(ConstMatrixView logits, std::span<const double> u, MatrixView actions) {
  assert(u.size() == logits.cols() && actions.cols() == logits.cols());
  const std::size_t count = logits.cols(), last = logits.rows() - 1;
  probs_.resize(logits.rows(), count);
  nn::softmax(logits, probs_);
  for (std::size_t k = 1; k <= last; ++k) nn::axpy(1, probs_.row(k - 1), probs_.row(k));  // now cumulative
  const Scalar* total = probs_.row(last).data();                                          // 1 but for rounding
  const VectorView action = actions.row(0);
  nn::fill(action, 0);
  for (std::size_t k = 0; k < last; ++k) {
    const Scalar* cumulative = probs_.row(k).data();
    for (std::size_t t = 0; t < count; ++t)
      action[t] += u[t] * static_cast<double>(total[t]) >= static_cast<double>(cumulative[t]) ? Scalar(1) : Scalar(0);
  }
}

void Categorical::mode(ConstMatrixView logits, MatrixView actions) {
  assert(actions.cols() == logits.cols());
  for (std::size_t t = 0; t < logits.cols(); ++t) {
    std::size_t best = 0;
    for (std::size_t k = 1; k < logits.rows(); ++k)
      if (logits(k, t) > logits(best, t)) best = k;
    actions(0, t) = static_cast<Scalar>(best);
  }
}

void Categorical::log_prob(ConstMatrixView logits, ConstMatrixView actions, VectorView result) {
  assert(actions.cols() == logits.cols() && result.size() == logits.cols());
  check_actions("log_prob", actions, logits.rows());
  log_probs_.resize(logits.rows(), logits.cols());
  nn::log_softmax(logits, log_probs_);
  for (std::size_t t = 0; t < result.size(); ++t) result[t] = log_probs_(static_cast<std::size_t>(actions(0, t)), t);
}

void Categorical::entropy(ConstMatrixView logits, VectorView result) {
  assert(result.size() == logits.cols());
  probs_.resize(logits.rows(), logits.cols());
  nn::softmax(logits, probs_);
  constexpr std::size_t block = 64;  // columns at a time: three rows of scratch on the stack
  for (std::size_t first = 0; first < result.size(); first += block) {
    const std::size_t count = std::min(block, result.size() - first);
    Scalar largest[block], its_p[block], other_p[block] = {};
    std::copy_n(logits.row(0).data() + first, count, largest);
    std::copy_n(probs_.row(0).data() + first, count, its_p);
    for (std::size_t k = 1; k < logits.rows(); ++k) {
      const Scalar *z = logits.row(k).data() + first, *p = probs_.row(k).data() + first;
      for (std::size_t t = 0; t < count; ++t) {
        const bool larger = z[t] > largest[t];
        other_p[t] += larger ? its_p[t] : p[t];
        its_p[t] = larger ? p[t] : its_p[t];
        largest[t] = larger ? z[t] : largest[t];
      }
    }
    // -sum p log p = log(sum_j exp(z_j - z_max)) + sum_k p_k (z_max - z_k): no term is negative, so none takes digits
    // from another where the policy is almost sure.
    Scalar* H = result.data() + first;
    for (std::size_t t = 0; t < count; ++t) H[t] = nn::log1p(other_p[t] / its_p[t]);
    for (std::size_t k = 0; k < logits.rows(); ++k) {
      const Scalar *z = logits.row(k).data() + first, *p = probs_.row(k).data() + first;
      for (std::size_t t = 0; t < count; ++t) H[t] += p[t] > 0 ? p[t] * (largest[t] - z[t]) : Scalar(0);
    }
  }
}

// #region injected-gradient
void Categorical::weighted_score(ConstMatrixView logits, ConstMatrixView actions, ConstVectorView weights,
                                 MatrixView output_gradient) {
  assert(actions.cols() == logits.cols() && weights.size() == logits.cols());
  check_actions("weighted_score", actions, logits.rows());
  probs_.resize(logits.rows(), logits.cols());
  nn::softmax(logits, probs_);
  const auto action = actions.row(0);
  for (std::size_t k = 0; k < logits.rows(); ++k) {
    const auto probs = probs_.row(k);
    const auto injected = output_gradient.row(k);
    for (std::size_t t = 0; t < action.size(); ++t) {
      const Scalar one_hot = action[t] == static_cast<Scalar>(k) ? 1 : 0;
      injected[t] = (one_hot - probs[t]) * weights[t];  // (one_hot - probs) * return: the answer to the question
    }
  }
}
// #endregion injected-gradient

// #region entropy-gradient
void Categorical::entropy_gradient(ConstMatrixView logits, ConstVectorView weights, MatrixView output_gradient) {
  assert(weights.size() == logits.cols());
  assert(output_gradient.rows() == logits.rows() && output_gradient.cols() == logits.cols());
  probs_.resize(logits.rows(), logits.cols());
  nn::softmax(logits, probs_);
  largest_.assign(logits.row(0).begin(), logits.row(0).end());
  for (std::size_t k = 1; k < logits.rows(); ++k)
    for (std::size_t t = 0; t < weights.size(); ++t) largest_[t] = std::max(largest_[t], logits(k, t));
  // log p_k + H without a logarithm: sum_j p_j d_j - d_k, where d_k = z_max - z_k. Where the policy is almost sure log
  // p is that of a number near 1, which has lost its digits.
  mean_distance_.assign(weights.size(), 0);
  for (std::size_t k = 0; k < logits.rows(); ++k)
    for (std::size_t t = 0; t < weights.size(); ++t)
      mean_distance_[t] += probs_(k, t) > 0 ? probs_(k, t) * (largest_[t] - logits(k, t)) : Scalar(0);
  for (std::size_t k = 0; k < logits.rows(); ++k) {
    const auto z = logits.row(k), p = ConstMatrixView(probs_).row(k);
    const auto injected = output_gradient.row(k);
    for (std::size_t t = 0; t < weights.size(); ++t)
      injected[t] -= p[t] > 0 ? weights[t] * p[t] * (mean_distance_[t] - (largest_[t] - z[t])) : Scalar(0);
  }
}
// #endregion entropy-gradient

}  // namespace rl
