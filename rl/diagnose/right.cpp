/// What is right: the vectors, Eq. (0.6) and Eq. (0.11), and the weights that a program may use.

#include "rl/diagnose/formulas.hpp"
#include "rl/diagnose/groups.hpp"
#include "rl/diagnose/ratio.hpp"

namespace rl {

const Hypothesis right_categorical{"w (e - p)", [](const Step& s, Row d) { score(s, d, s.w()); }};
const Hypothesis right_gaussian{"w (a - mu) / sigma^2 and w (x^2 - 1)",
                                [](const Step& s, Row d) { fill(s, d, right_mu(s), right_log_sigma(s)); }};

namespace {

const Rule right_list[] = {
    {"r_t + gamma r_{t+1} + ...", to_go, "reward-to-go"},
    {"the return of step 0, at every step",
     [](const Samples& s, double gamma, Row out) {
       each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
         returns(r, g, w);
         std::ranges::fill(w, w[0]);
       });
     },
     "total return of the episode"},
    {"gamma^t r_t + gamma^(t+1) r_{t+1} + ...",
     [](const Samples& s, double gamma, Row out) {
       each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
         returns(r, g, w);
         discount_by_time(w, g);
       });
     },
     "reward-to-go times gamma^t"},
    {"G_t minus the mean G_t of the others",
     [](const Samples& s, double gamma, Row out) {
       each_time(s, gamma, out, [&](Number own, Number total, std::size_t) {
         return s.episodes.size() > 1 ? own - (total - own) / static_cast<double>(s.episodes.size() - 1) : own;
       });
     },
     "reward-to-go minus the mean of the other episodes", true},
    {"G_t minus the mean G_t of all",
     [](const Samples& s, double gamma, Row out) {
       each_time(s, gamma, out, [&](Number own, Number total, std::size_t) {
         return s.episodes.size() > 1 ? own - total / static_cast<double>(s.episodes.size()) : own;
       });
     },
     "reward-to-go minus the mean over the episodes", true},
};
const Hypothesis ratio_list[] = {
    {"the ratio p / ref in front", ratio_score<Clip::none, 0>},
    {"the ratio p / ref in front, clipped at 0.8 and 1.2", ratio_score<Clip::right, 20>},
    {"the ratio p / ref in front, clipped at 0.9 and 1.1", ratio_score<Clip::right, 10>},
    {"the ratio p / ref in front, clipped at 0.7 and 1.3", ratio_score<Clip::right, 30>},
};
const Rule group_list[] = {
    {"G_t minus the mean return of the others of the group",
     [](const Samples& s, double gamma, Row w) { minus_group(s, gamma, w, true); },
     "reward-to-go minus the mean return of the others of its group", true},
    {"G_t minus the mean return of the group",
     [](const Samples& s, double gamma, Row w) { minus_group(s, gamma, w, false); },
     "reward-to-go minus the mean return of its group", true},
};

}  // namespace

const std::span<const Hypothesis> right_ratios = ratio_list;
const std::span<const Rule> right_rules = right_list;
const std::span<const Rule> right_group_rules = group_list;
const Rule own_reward{"r_t", [](const Samples& s, double, Row w) { std::ranges::copy(s.reward, w.begin()); },
                      "reward of each step"};

}  // namespace rl
