#include "rl/oracle/estimators.hpp"

#include <algorithm>
#include <cmath>

#include "nn/arithmetic/vector_ops.hpp"
#include "nn/softmax.hpp"
#include "rl/baseline.hpp"
#include "rl/returns.hpp"

namespace rl {
namespace {

std::size_t state_of(const Batch& batch, std::size_t column) {
  std::size_t s = 0;
  while (batch.states(s, column) == 0) ++s;
  return s;
}

void to_go(const Oracle& oracle, const Batch& batch, VectorView weights) {
  for (const Episode& e : batch.episodes) discounted_returns(e.of(batch.rewards), oracle.gamma(), e.of(weights));
}

/// weights[t] = G_t - baseline(t), t counted from the start of the episode; the whole batch is one episode.
template <class Baseline>
void to_go_minus(const Oracle& oracle, const Batch& batch, VectorView weights, Baseline baseline) {
  to_go(oracle, batch, weights);
  for (std::size_t t = 0; t < weights.size(); ++t) weights[t] -= static_cast<Scalar>(baseline(t));
}

/// weights[t] = A_t = G_t - V(s_t), with the exact V.
void advantages(const Oracle& oracle, const Batch& batch, VectorView weights) {
  to_go(oracle, batch, weights);
  for (const Episode& e : batch.episodes)
    for (std::size_t t = 0; t < e.length; ++t)
      weights[e.first + t] -= static_cast<Scalar>(oracle.value(t, state_of(batch, e.first + t)));
}

/// weights[t] = r_0 + gamma r_1 + ... + gamma^t r_t
void forwards(const Oracle& oracle, const Batch& batch, VectorView weights) {
  Scalar sum = 0, discount = 1;
  for (std::size_t t = 0; t < weights.size(); ++t, discount *= oracle.gamma())
    weights[t] = sum += discount * batch.rewards[t];
}

Scalar mean(ConstVectorView x) {
  return nn::sum(x) / static_cast<Scalar>(x.size());
}

using O = const Oracle&;
using B = const Batch&;
using W = VectorView;
constexpr Bias unbiased = Bias::unbiased, scaled = Bias::scaled, biased = Bias::biased, zero = Bias::zero;

constexpr Estimator list[] = {
    // Right.
    {"total return R", unbiased, unbiased, 1,
     [](O o, B b, W w) {
       to_go(o, b, w);
       nn::fill(w, w[0]);
     },
     false},
    {"reward-to-go G_t", unbiased, unbiased, 1, to_go},
    {"G_t - E[R]", unbiased, unbiased, 1,
     [](O o, B b, W w) { to_go_minus(o, b, w, [&](std::size_t) { return o.J(); }); }},
    {"G_t - 10, a constant far off", unbiased, unbiased, 1,
     [](O o, B b, W w) { to_go_minus(o, b, w, [](std::size_t) { return 10; }); }},
    {"G_t - V(s_t)", unbiased, unbiased, 1, advantages},
    {"G_t - the other episode's G_t", unbiased, unbiased, 2,
     [](O o, B b, W w) {
       to_go(o, b, w);
       subtract_leave_one_out(b.episodes, w);
     }},
    {"TD error, r_t + gamma V(s') - V(s)", unbiased, unbiased, 1,
     [](O o, B b, W w) {
       for (std::size_t t = 0; t < w.size(); ++t) {
         const double next = t + 1 < w.size() ? o.value(t + 1, state_of(b, t + 1)) : 0;
         w[t] = b.rewards[t] + static_cast<Scalar>(double(o.gamma()) * next - o.value(t, state_of(b, t)));
       }
     }},
    // Right up to a factor.
    {"G_t - the mean of both episodes", scaled, scaled, 2,
     [](O o, B b, W w) {
       to_go(o, b, w);
       const Episode &one = b.episodes[0], &two = b.episodes[1];
       for (std::size_t t = 0; t < std::max(one.length, two.length); ++t) {  // an episode that has ended counts as 0
         const Scalar first = t < one.length ? w[one.first + t] : 0, second = t < two.length ? w[two.first + t] : 0;
         const Scalar middle = (first + second) / 2;
         if (t < one.length) w[one.first + t] -= middle;
         if (t < two.length) w[two.first + t] -= middle;
       }
     }},
    // Wrong weights.
    {"G_t without gamma^t", unbiased, biased, 1, to_go, false},
    {"G_t - V(s_{t+1})", biased, biased, 1,
     [](O o, B b, W w) {
       to_go_minus(o, b, w, [&](std::size_t t) { return t + 1 < w.size() ? o.value(t + 1, state_of(b, t + 1)) : 0; });
     }},
    {"G_t - the episode's own mean", biased, biased, 1,
     [](O o, B b, W w) {
       to_go(o, b, w);
       to_go_minus(o, b, w, [m = mean(w)](std::size_t) { return m; });
     }},
    {"G_t whitened within the episode", biased, biased, 1,
     [](O o, B b, W w) {
       to_go(o, b, w);
       to_go_minus(o, b, w, [m = mean(w)](std::size_t) { return m; });
       const Scalar deviation = std::sqrt(nn::dot(w, w) / static_cast<Scalar>(w.size()));
       if (deviation > 0) nn::scale(1 / deviation, w);
     }},
    {"r_t only", biased, biased, 1, [](O, B b, W w) { std::ranges::copy(b.rewards, w.begin()); }},
    {"past rewards, r_0 + ... + r_t", biased, biased, 1, forwards, false},
    {"the first T-t rewards", biased, biased, 1,
     [](O o, B b, W w) {
       forwards(o, b, w);
       std::ranges::reverse(w);
     }},
    {"G_{t+1}, one step late", biased, biased, 1,
     [](O o, B b, W w) {
       to_go(o, b, w);
       std::shift_left(w.begin(), w.end(), 1);
       w.back() = 0;
     }},
    {"1, the return forgotten", zero, zero, 1, [](O, B, W w) { nn::fill(w, 1); }, false},
    {"mean log-prob times sum of G_t", biased, biased, 1,
     [](O o, B b, W w) {
       to_go(o, b, w);
       nn::fill(w, mean(w));
     },
     false},
    // Wrong where episodes differ in length, or where few of them make the mean and the deviation.
    {"G_t divided by the episode's length", biased, biased, 1,
     [](O o, B b, W w) {
       to_go(o, b, w);
       nn::scale(1 / static_cast<Scalar>(w.size()), w);
     }},
    {"G_t divided by the batch's steps", biased, biased, 2,
     [](O o, B b, W w) {
       to_go(o, b, w);
       nn::scale(static_cast<Scalar>(b.episodes.size()) / static_cast<Scalar>(b.steps()), w);
     }},
    {"A_t - its mean over the episode", biased, biased, 1,
     [](O o, B b, W w) {
       advantages(o, b, w);
       for (const Scalar m = mean(w); Scalar & weight : w) weight -= m;
     }},
    {"A_t standardized in the episode", biased, biased, 1,
     [](O o, B b, W w) {
       advantages(o, b, w);
       standardize(w);
     }},
    {"A_t standardized in the batch", biased, biased, 2,
     [](O o, B b, W w) {
       advantages(o, b, w);
       standardize(w);
     }},
    // Right weights, a wrong vector injected.
    {"sign flipped", scaled, scaled, 1, to_go, true, [](Injection i) { return -i.right; }},
    {"taken output only", biased, biased, 1, to_go, true, [](Injection i) { return i.taken ? i.right : 0; }},
    {"one-hot only, without -p", biased, biased, 1, to_go, true, [](Injection i) { return i.taken ? i.weight : 0; }},
    {"gradient of p, not log p", biased, biased, 1, to_go, true, [](Injection i) { return i.p_taken * i.right; }},
    {"1/p at the logit", biased, biased, 1, to_go, true,
     [](Injection i) { return i.taken ? i.weight / i.p_taken : 0; }},
    {"G_t log p at the taken logit", biased, biased, 1, to_go, true,
     [](Injection i) { return i.taken ? i.weight * std::log(i.p_taken) : 0; }},
    {"G_t times the probabilities", biased, biased, 1, to_go, true, [](Injection i) { return i.weight * i.p; }},
    {"softmax applied twice", biased, biased, 1, to_go, true,
     [](Injection i) {  // of two actions; q = softmax(p, 1 - p)
       const Scalar q = 1 / (1 + std::exp(1 - 2 * i.p));
       return i.weight * 2 * i.p * (1 - i.p) * (Scalar(i.taken) - q);
     }},
    {"label = likeliest action", biased, biased, 1, to_go, true,
     [](Injection i) { return (Scalar(i.likeliest) - i.p) * i.weight; }},
};

}  // namespace

void EditedCategorical::weighted_score(ConstMatrixView logits, ConstMatrixView actions, ConstVectorView weights,
                                       MatrixView output_gradient) {
  Categorical::weighted_score(logits, actions, weights, output_gradient);
  if (!edit_) return;
  probs_.resize(logits.rows(), logits.cols());
  nn::softmax(logits, probs_);
  likeliest_.resize(1, actions.cols());
  mode(logits, likeliest_.view());
  for (std::size_t t = 0; t < actions.cols(); ++t) {
    const auto taken = static_cast<std::size_t>(actions(0, t)), likeliest = static_cast<std::size_t>(likeliest_(0, t));
    for (std::size_t k = 0; k < logits.rows(); ++k)
      output_gradient(k, t) =
          edit_({output_gradient(k, t), weights[t], probs_(k, t), probs_(taken, t), taken == k, likeliest == k});
  }
}

std::span<const Estimator> estimators() {
  return list;
}

Moments moments(Oracle& oracle, const Estimator& estimator) {
  const EditedCategorical distribution(estimator.edit);
  return oracle.moments(distribution, estimator.episodes, [&](const Batch& batch, VectorView weights) {
    estimator.weigh(oracle, batch, weights);
    if (estimator.from_the_start)
      for (const Episode& e : batch.episodes) {
        Scalar discount = 1;
        for (Scalar& weight : e.of(weights)) weight *= discount, discount *= oracle.gamma();
      }
    nn::scale(1 / static_cast<Scalar>(estimator.episodes), weights);
  });
}

}  // namespace rl
