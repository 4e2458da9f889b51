/// The rules of weights: on the whole file, on a few episodes of a long one, and on what differs.
///                                                                                       Read next: weights.cpp.

#include <algorithm>
#include <cmath>
#include <numeric>

#include "rl/diagnose/digits.hpp"
#include "rl/diagnose/weights.hpp"

namespace rl {

Series predict(const Samples& s, const Rule& rule, double gamma) {
  Series w(s.steps);
  rule.predict(s, gamma, w);
  return w;
}

SomeEpisodes::SomeEpisodes(const Samples& s, const Series& w) {
  const std::size_t wanted = rows_that_refute * s.episodes.size() / std::max<std::size_t>(s.steps, 1) + 2;
  all_there_ = s.steps <= 2 * rows_that_refute || 2 * wanted > s.episodes.size();
  if (all_there_) return;
  for (std::size_t i = 0; i < wanted; ++i) {
    const Span& e = s.episodes[i * (s.episodes.size() - 1) / (wanted - 1)];
    s_.episodes.push_back({s_.reward.size(), e.length});
    for (std::size_t t = e.first; t < e.first + e.length; ++t) s_.reward.push_back(s.reward[t]), w_.push_back(w[t]);
  }
  s_.steps = w_.size(), s_.gamma = s.gamma, s_.episodes_known = s.episodes_known;
  const double share = largest(w_) / largest(w) * std::sqrt(double(s_.steps) / double(s.steps));
  all_there_ = !(share > 0);  // nothing but zeros in these episodes refutes nothing
  rounding_ = s.rounding / share;
}

bool SomeEpisodes::refute(const Rule& rule, double gamma) const {
  if (all_there_ || rule.mixes_episodes) return false;
  return !match(w_, predict(s_, rule, gamma), rounding_).agrees;
}

Distinct::Distinct(const Samples& s, const Series& w, const Series& prediction) {
  std::vector<std::size_t> order(w.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, {}, [&](std::size_t t) { return std::pair(prediction[t].value, t); });
  const double same = 1e-12 * largest(prediction);
  for (const std::size_t t : order) {
    if (!prediction_.empty() && prediction[t].value - prediction_.back().value <= same) {
      if (w[t].error < w_.back().error) w_.back() = w[t], prediction_.back() = prediction[t];  // known better
      continue;
    }
    w_.push_back(w[t]), prediction_.push_back(prediction[t]);
  }
  rounding_ = s.rounding * std::sqrt(double(w.size()) / double(w_.size()));
}
Match Distinct::match() const {
  return rl::match(w_, prediction_, rounding_);
}
Match2 Distinct::match_with_a_constant() const {
  double mean = 0;
  for (const Number& x : w_) mean += x.value / double(w_.size());
  Series about_it = w_;  // digits that only say how large the constant is are none
  for (Number& x : about_it) x.value -= mean;
  return match2(column(about_it), column(prediction_), column(Series(w_.size(), Number(1))), rounding_);
}

}  // namespace rl
