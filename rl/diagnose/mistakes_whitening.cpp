/// From rewards to weights: means, spreads and discounts in the wrong place.

#include <algorithm>

#include "rl/diagnose/formulas.hpp"
#include "rl/diagnose/groups.hpp"

namespace rl {
using namespace pages;

void Catalogue::whitening_mistakes() {
  add({"mean-log-prob-times-sum",
       "Every step has the same weight, the mean of the returns: credit is no longer assigned to steps.",
       "mean(log_prob) * sum(return), or a column of log_probs times a row of returns, broadcast to a table",
       the_oracle, "mean-log-prob-times-sum", "481 (9)", "497 (10)"},
      {.output = {{"the mean of all w, times e - p", [](const Step& s, Row d) { score(s, d, s.mean_weight()); }, true}},
       .weights = {
           {"the mean of all rewards-to-go, at every step",
            [](const Samples& s, double gamma, Row w) {
              to_go(s, gamma, w);
              std::ranges::fill(w, mean(w));
            },
            {},
            true},
           {"the mean of the episode's rewards-to-go, at every step", [](const Samples& s, double gamma, Row out) {
              each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
                returns(r, g, w);
                std::ranges::fill(w, mean(w));
              });
            }}}});
  add({"whitened-per-episode",
       "The returns are whitened within each episode: the later half of every episode is punished, however good it "
       "was.",
       "mean and standard deviation are taken over one episode", four_episodes, "whitened-per-episode", "499 (10)",
       "367 (0)"},
      {.weights = {{"mean 0 and standard deviation 1 within each episode", whitened<0, 0>},
                   {"mean 0 and standard deviation 1 within each episode, with n - 1", whitened<1, 0>},
                   {"(G - mean) / (std + 1e-9) within each episode", whitened<0, 1>},
                   {"(G - mean) / (std + 1e-9) within each episode, std with n - 1", whitened<1, 1>},
                   {"(G - mean) / (std + 1e-8) within each episode", whitened<0, 2>},
                   {"(G - mean) / (std + 1e-8) within each episode, std with n - 1", whitened<1, 2>},
                   {"(G - mean) / (std + eps of float32) within each episode", whitened<0, 3>},
                   {"(G - mean) / (std + eps of float32) within each episode, std with n - 1", whitened<1, 3>},
                   {"(G - mean) / (std + 1e-5) within each episode", whitened<0, 4>},
                   {"(G - mean) / (std + 1e-5) within each episode, std with n - 1", whitened<1, 4>}}});
  add({"whitened-per-group",
       "Divided by the group's spread: a group whose samples nearly agree pushes as hard as one where they differ.",
       "a standard deviation per group of samples, in place of their mean alone", group_deviation},
      {.weights = {{"(G - mean) / std within each group", whitened_groups<0, 0>, {}, true},
                   {"(G - mean) / std within each group, std with n - 1", whitened_groups<1, 0>, {}, true},
                   {"(G - mean) / (std + 1e-8) within each group", whitened_groups<0, 1>, {}, true},
                   {"(G - mean) / (std + 1e-8) within each group, std with n - 1", whitened_groups<1, 1>, {}, true},
                   {"(G - mean) / (std + 1e-6) within each group", whitened_groups<0, 2>, {}, true},
                   {"(G - mean) / (std + 1e-6) within each group, std with n - 1", whitened_groups<1, 2>, {}, true},
                   {"(G - mean) / (std + 1e-5) within each group", whitened_groups<0, 3>, {}, true},
                   {"(G - mean) / (std + 1e-5) within each group, std with n - 1", whitened_groups<1, 3>, {}, true},
                   {"(G - mean) / (std + 1e-4) within each group", whitened_groups<0, 4>, {}, true},
                   {"(G - mean) / (std + 1e-4) within each group, std with n - 1", whitened_groups<1, 4>, {}, true}}});
  add({"own-mean-as-baseline",
       "The episode's own mean return is the baseline; it depends on the actions, so the gradient is biased.",
       "the mean is taken over one episode", four_episodes, "own-mean-as-baseline", "496 (10)", "465 (9)"},
      {.weights = {
           {"the rewards-to-go minus their mean within the episode", [](const Samples& s, double gamma, Row out) {
              each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
                returns(r, g, w);
                subtract_mean(w);
              });
            }}}});
  add({"mean-within-each-episode", "Each episode is divided by its own length, so steps of short episodes count more.",
       "a mean over steps inside the loop over episodes", three_coefficients, "mean-within-each-episode", "497 (10)",
       "325 (0)"},
      {.output = {{"w / (length of the episode), times e - p",
                   [](const Step& s, Row d) { score(s, d, s.w() / static_cast<double>(s.episode().length)); }, true}},
       .weights = {{"the rewards-to-go divided by the length of their episode",
                    [](const Samples& s, double gamma, Row out) {
                      each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
                        returns(r, g, w);
                        for (Number& x : w) x = x / static_cast<double>(w.size());
                      });
                    }},
                   {"(G - mean of the group) / length of the episode",
                    of_own_length<[](const Samples& s, double gamma, Row w) { minus_group(s, gamma, w, false); }>},
                   {"(G - mean of the others in the group) / length of the episode",
                    of_own_length<[](const Samples& s, double gamma, Row w) { minus_group(s, gamma, w, true); }>},
                   {"(G - mean) / std within each group / length of the episode", of_own_length<whitened_groups<0, 0>>},
                   {"(G - mean) / std within each group, std with n - 1, / length of the episode",
                    of_own_length<whitened_groups<1, 0>>},
                   {"(G - mean) / (std + 1e-6) within each group, std with n - 1, / length of the episode",
                    of_own_length<whitened_groups<1, 2>>},
                   {"(G - mean) / (std + 1e-4) within each group, std with n - 1, / length of the episode",
                    of_own_length<whitened_groups<1, 4>>}}});
  add({"integer-return", "The returns are whole numbers: an integer adds them up.",
       "the type of the running sum, or of the reward array", the_end, "integer-sum", "107 (2)", "24 (0)"},
      {.weights = {{"the rewards-to-go, cut to a whole number at every step",
                    [](const Samples& s, double gamma, Row out) {
                      each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
                        Number following;
                        for (std::size_t t = r.size(); t-- > 0;)
                          w[t] = following = std::trunc((r[t] + g * following).value);
                      });
                    }},
                   {"the rewards-to-go, cut to whole numbers", [](const Samples& s, double gamma, Row w) {
                      to_go(s, gamma, w);
                      for (Number& x : w) x = std::trunc(x.value);
                    }}}});
  add({"total-discounted-by-time",
       "The return of the whole episode is multiplied by gamma^t: later steps count less, and still for everything.",
       "gamma**t times the episode's return", the_past},
      {.weights = {{"gamma^t times the return of the whole episode", [](const Samples& s, double gamma, Row out) {
                      each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
                        returns(r, g, w);
                        std::ranges::fill(w, g == 1
                                                 ? impossible
                                                 : w[0]);  // without a discount it is the total return, which is right
                        discount_by_time(w, g);
                      });
                    }}}});
  add({"discount-undone", "The return is divided by gamma^t.", "gamma**(-t), or a division by the discount", the_past},
      {.output = {{"w / gamma^t (e - p)",
                   [](const Step& s, Row d) {
                     const double t = static_cast<double>(s.t - s.episode().first);
                     score(s, d, s.all.gamma ? s.w() / std::pow(*s.all.gamma, t) : impossible);
                   }}},
       .weights = {{"the rewards-to-go divided by gamma^t", [](const Samples& s, double gamma, Row out) {
                      each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
                        returns(r, g, w);
                        discount_by_time(w, g > 0 ? 1 / g : 1);
                      });
                    }}}});
  add({"discount-counted-from-the-end", "Each reward is discounted by how far it is from the end, not from the step.",
       "gamma**i in a loop over the reversed rewards", what_follows},
      {.weights = {
           {"gamma^(T-1-t) r_t + gamma^(T-2-t) r_{t+1} + ... + r_{T-1}", [](const Samples& s, double gamma, Row out) {
              each_episode(s, gamma, out, [](ConstRow r, double g, Row w) {
                Number sum;
                double discount = 1;
                for (std::size_t t = r.size(); t-- > 0; discount *= g) w[t] = sum += discount * r[t];
              });
            }}}});
  add({"discount-applied-twice", "The discount is applied twice at every step.", "gamma occurs twice in the loop",
       what_follows, "discount-applied-twice", "498 (10)", "491 (10)"},
      {.weights = {{"the rewards-to-go of gamma^2",
                    [](const Samples& s, double gamma, Row w) { to_go(s, gamma * gamma, w); }}}});
  add({"discount-forgotten", "The returns are not discounted, although the file says gamma.",
       "gamma is 1 where the returns are computed", what_follows},
      {.weights = {{"the rewards-to-go without discount", [](const Samples& s, double, Row w) { to_go(s, 1, w); }},
                   {"the return of the whole episode without discount, at every step",
                    [](const Samples& s, double gamma, Row out) {
                      each_episode(s, 1, out, [&](ConstRow r, double g, Row w) {
                        returns(r, g, w);
                        std::ranges::fill(w, gamma == 1 ? impossible : w[0]);
                      });
                    }}}});
  add({"another-gamma", "The returns are right for another gamma than the one in the file.",
       "where gamma is set, and where it is used", what_follows});
  add({"rewards-whitened-first",
       "The mean of all rewards is subtracted before they are summed: every step then costs or earns a constant, so "
       "long "
       "episodes change their rank.",
       "the rewards are standardized, and the returns made of them", others_mean, "rewards-whitened-first", "22 (0)",
       "22 (0)"},
      {.weights = {{"the rewards-to-go of the rewards minus their mean",
                    [](const Samples& s, double gamma, Row out) {
                      const Number m = mean(s.reward);
                      each_episode(s, gamma, out, [&](ConstRow r, double g, Row w) {
                        std::vector<Number> centred(r.begin(), r.end());
                        for (Number& x : centred) x = x - m;
                        returns(centred, g, w);
                      });
                    },
                    {},
                    true}}});
  add({"n-step-without-bootstrap",
       "The sum over rewards stops after n steps, and no value stands for what comes later.",
       "an n-step return, and no V(s_{t+n}) added to it", a_critic, "n-step-without-bootstrap", "403 (7)", "235 (0)"},
      {.weights = {{"the sum of 2 rewards", steps_only<2>},
                   {"the sum of 3 rewards", steps_only<3>},
                   {"the sum of 4 rewards", steps_only<4>},
                   {"the sum of 5 rewards", steps_only<5>},
                   {"the sum of 8 rewards", steps_only<8>},
                   {"the sum of 10 rewards", steps_only<10>},
                   {"the sum of 16 rewards", steps_only<16>},
                   {"the sum of 20 rewards", steps_only<20>}}});
  add({"done-one-step-early",
       "The flag that ends an episode stands one step early: the last reward goes to the next one.",
       "done is stored before the step, or the columns done and reward are shifted", the_end},
      {.weights = {{"the rewards-to-go of episodes that each end one step early",
                    [](const Samples& s, double gamma, Row w) {
                      Number following;
                      for (std::size_t e = s.episodes.size(); e-- > 0;) {
                        const Span span = s.episodes[e];
                        for (std::size_t t = span.first + span.length; t-- > span.first;) {
                          const bool cut = span.length > 1 && t + 2 == span.first + span.length;
                          w[t] = following = s.reward[t] + (cut ? Number(0) : gamma * following);
                        }
                      }
                    },
                    {},
                    true}}});
  add({"not-the-declared-weights", "The weights are right in themselves, and not those that the file says.",
       "the key weights, and the line that makes them", returns_and_baselines});
}

}  // namespace rl
