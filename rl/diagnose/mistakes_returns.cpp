/// From rewards to weights: what each wrong way of adding them up gives.   docs/00-the-question.md, section 4

#include <algorithm>

#include "rl/diagnose/formulas.hpp"

namespace rl {
using namespace pages;

void Catalogue::return_mistakes() {
  add({"immediate-reward-only", "Every step is weighed by its own reward; what comes later is not counted.",
       "there is no sum over later rewards", what_follows, "return-forgotten", "107 (2)", "24 (0)"},
      {.weights = {{"r_t", [](const Samples& s, double, Row w) { std::ranges::copy(s.reward, w.begin()); }}}});
  add({"sum-reset-at-rewards",
       "The sum of rewards starts anew at every reward: a rule for Pong, where a reward ends a rally.",
       "if reward != 0: running_sum = 0", what_follows, "reset-at-every-reward", "107 (2)", "24 (0)"},
      {.weights = {{"the sum from behind, started anew at every reward that is not 0",
                    [](const Samples& s, double gamma, Row out) {
                      each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
                        Number following;
                        for (std::size_t t = r.size(); t-- > 0;)
                          w[t] = following = r[t].value != 0 ? r[t] : g * following;
                      });
                    }}}});
  add({"rewards-not-summed", "The rewards are discounted, but not added up.", "gamma**t * reward, and no sum",
       what_follows, "rewards-not-summed", "107 (2)", "24 (0)"},
      {.weights = {{"gamma^t r_t", [](const Samples& s, double gamma, Row out) {
                      each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
                        std::ranges::copy(r, w.begin());
                        discount_by_time(w, g);
                      });
                    }}}});
  add({"rewards-summed-forwards", "The rewards are added up from the front: a step is weighed by what came before it.",
       "the loop over rewards runs forwards", what_follows, "past-rewards", "107 (2)", "12 (0)"},
      {.weights = {{"r_0 + gamma r_1 + ... + gamma^t r_t",
                    [](const Samples& s, double gamma, Row out) { each_episode(s, gamma, out, forwards); }},
                   {"r_t + gamma r_{t-1} + ...", [](const Samples& s, double gamma, Row out) {
                      each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
                        Number before;
                        for (std::size_t t = 0; t < r.size(); ++t) w[t] = before = r[t] + g * before;
                      });
                    }}}});
  add({"first-rewards-instead-of-last",
       "The first T - t rewards are summed instead of the last. With a constant reward nobody can see it.",
       "the slice of the reward list, or the range of its inner loop", returns_and_baselines,
       "first-rewards-instead-of-last", "499 (10)", "500 (10)"},
      {.weights = {{"the discounted sum of the first T - t rewards", [](const Samples& s, double gamma, Row out) {
                      each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
                        forwards(r, g, w);
                        std::ranges::reverse(w);
                      });
                    }}}});
  add({"reversed-inside-the-loop",
       "The list of returns is turned round at every step of the loop, so its order alternates.",
       "reverse() is indented one level too far", what_follows, "reversed-inside-the-loop", "245 (4)", "193 (3)"},
      {.weights = {{"the rewards-to-go in the order that reverse() inside the loop leaves",
                    [](const Samples& s, double gamma, Row out) {
                      each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
                        std::vector<Number> G(r.size());
                        returns(r, g, G);
                        std::size_t front = 0,
                                    back =
                                        r.size();  // the last one appended ends up first, the one before it last, ...
                        for (std::size_t t = 0; t < r.size(); ++t) (t % 2 == 0 ? w[front++] : w[--back]) = G[t];
                      });
                    }}}});
  add({"return-one-step-late", "Every step has the return of the next one.",
       "the lists are shifted by one: a reward is stored one slot late", the_oracle, "return-one-step-late", "499 (10)",
       "498 (10)"},
      {.output = {{"w one row below, times e - p", [](const Step& s, Row d) { score(s, d, weight_at(s, s.t + 1)); }}},
       .weights = {{"G_{t+1}, and 0 at the end", [](const Samples& s, double gamma, Row out) {
                      each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
                        returns(r, g, w);
                        for (std::size_t t = 0; t < w.size(); ++t) w[t] = t + 1 < w.size() ? w[t + 1] : Number(0);
                      });
                    }}}});
  add({"own-reward-missing", "The reward of the step itself is left out of its return.", "the sum starts at t + 1",
       what_follows},
      {.weights = {{"gamma r_{t+1} + gamma^2 r_{t+2} + ...", [](const Samples& s, double gamma, Row out) {
                      each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
                        returns(r, g, w);
                        for (std::size_t t = 0; t < w.size(); ++t) w[t] = w[t] - r[t];
                      });
                    }}}});
  add({"last-reward-missing", "The last reward of the episode is left out.",
       "the loop stops when done is true, before it stores the reward", the_end},
      {.weights = {
           {"the rewards-to-go without the last reward of the episode", [](const Samples& s, double gamma, Row out) {
              each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
                std::vector<Number> cut(r.begin(), r.end());
                cut.back() = 0;
                returns(cut, g, w);
              });
            }}}});
  add({"return-crosses-episodes", "The return runs on into the next episode.",
       "the running sum is not set to 0 where an episode ends", the_end, "discount-crosses-episodes", "139 (2)",
       "17 (0)"},
      {.weights = {{"the rewards-to-go over all rows, across the ends of episodes",
                    [](const Samples& s, double gamma, Row w) { returns(s.reward, gamma, w); },
                    {},
                    true}}});
}

}  // namespace rl
