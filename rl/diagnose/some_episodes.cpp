/// The rules of weights: on the whole file, and on a few episodes of a long one.            Read next: weights.cpp.

#include <algorithm>
#include <cmath>

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

}  // namespace rl
