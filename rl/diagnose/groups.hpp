#pragma once
/// Samples that share a baseline, as the answers to one question do: weights made of the returns of a group.
///                                                                                  Read next: right.cpp.

#include "rl/diagnose/formulas.hpp"

namespace rl {

/// The return of each episode, and what each group of them adds up to.
struct Groups {
  std::vector<Number> of_episode, total, square, size;
  Groups(const Samples& s, ConstRow to_go) {
    for (auto* each : {&total, &square, &size}) each->resize(s.group.size());
    for (std::size_t e = 0; e < s.group.size(); ++e) {
      of_episode.push_back(to_go[s.episodes[e].first]);
      total[s.group[e]] += of_episode[e], size[s.group[e]] += 1;
    }
    for (std::size_t e = 0; e < s.group.size(); ++e) {
      const Number off = of_episode[e] - total[s.group[e]] / size[s.group[e]];
      square[s.group[e]] += off * off;
    }
  }
};
/// The reward-to-go minus the mean return of the group, or of the others in it. Alone, it has no baseline.
inline void minus_group(const Samples& s, double gamma, Row w, bool others) {
  to_go(s, gamma, w);
  const Groups groups(s, w);
  for (std::size_t e = 0; e < s.group.size(); ++e) {
    const Number own = groups.of_episode[e], sum = groups.total[s.group[e]], n = groups.size[s.group[e]];
    const Number baseline = !others ? sum / n : n.value > 1 ? (sum - own) / (n - 1) : 0;
    for (std::size_t t = 0; t < s.episodes[e].length; ++t) w[s.episodes[e].first + t] += -baseline;
  }
}
/// The same divided by the standard deviation of the group, with 1 / (n - less), and plus epsilon.
template <std::size_t less, std::size_t which>
void whitened_groups(const Samples& s, double gamma, Row w) {
  static constexpr double epsilons[] = {0, 1e-8, 1e-6, 1e-5, 1e-4};
  if (s.group.empty()) {
    std::ranges::fill(w, impossible);
    return;
  }
  minus_group(s, gamma, w, false);
  Series returns_to_go(s.steps);
  to_go(s, gamma, returns_to_go);
  const Groups groups(s, returns_to_go);
  for (std::size_t e = 0; e < s.group.size(); ++e) {
    const Number n = groups.size[s.group[e]];
    const Number deviation =
        n.value > less ? sqrt(groups.square[s.group[e]] / (n - double(less))) + Number(epsilons[which]) : Number(0);
    for (std::size_t t = 0; t < s.episodes[e].length; ++t) {
      Number& x = w[s.episodes[e].first + t];
      x = deviation.value > 0 ? x / deviation : Number(0);
    }
  }
}
/// What `of_group` makes of the returns, divided by the length of the own episode: GRPO as it was published. Where all
/// are equally long that is a constant factor, and no evidence.
template <auto of_group>
void of_own_length(const Samples& s, double gamma, Row w) {
  if (s.group.empty() ||
      std::ranges::all_of(s.episodes, [&](const Span& e) { return e.length == s.episodes[0].length; })) {
    std::ranges::fill(w, impossible);
    return;
  }
  of_group(s, gamma, w);
  for (const Span& e : s.episodes)
    for (std::size_t t = 0; t < e.length; ++t) w[e.first + t] = w[e.first + t] / static_cast<double>(e.length);
}

}  // namespace rl
