/// The rules of weights: on the whole file, on a few episodes of a long one, and on what differs.
///                                                                                       Read next: weights.cpp.

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

/// So many are evidence, or so vague that more of them are none; a long file has no need to be sorted.
constexpr std::size_t enough_numbers = 64;

Distinct::Distinct(const Samples& s, const Series& w, const Series& prediction) {
  const double same = 1e-12 * largest(prediction);
  const auto foretold = [&](std::size_t t) { return prediction[t].value; };
  std::vector<std::size_t> rows;  // by what is foretold
  for (std::size_t t = 0; t < w.size() && rows.size() < enough_numbers; ++t) {
    const auto above = std::ranges::lower_bound(rows, foretold(t) - same, {}, foretold);
    if (above == rows.end() || foretold(*above) > foretold(t) + same)
      rows.insert(above, t);
    else if (w[t].error < w[*above].error)
      *above = t;  // the same number, and known better
  }
  for (const std::size_t t : rows) w_.push_back(w[t]), prediction_.push_back(prediction[t]);
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
