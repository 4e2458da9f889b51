/// Mistakes at the outputs of a Gaussian policy.   docs/00-the-question.md, section 5
///
/// x = (a - mu) / sigma. Right is w x / sigma at mu, w (x^2 - 1) at log sigma (Eq. (0.11)), w (x^2 - 1) / sigma at
/// sigma.

#include <algorithm>

#include "rl/diagnose/formulas.hpp"

namespace rl {
using namespace pages;

void Catalogue::gaussian_mistakes() {
  add({"mu-minus-action", "The derivative along mu has the wrong sign: it moves away from good actions.",
       "mu - action, where action - mu belongs", three_distributions},
      {.mu = {{"w (mu - a) / sigma^2", [](const Step& s, std::size_t i) { return -s.x(i) / s.sigma(i); }}}});
  add({"sigma-sign-flipped", "The derivative along sigma has the wrong sign: it widens where it should narrow.",
       "1 - ((a - mu) / sigma)^2", log_sigma},
      {.log_sigma = {{"w (1 - x^2)", [](const Step& s, std::size_t i) { return 1 - s.x(i) * s.x(i); }}}});
  add({"divided-by-sigma-once", "The derivative along mu is divided by sigma instead of the variance.",
       "one sigma is missing, or sigma holds a variance", three_distributions},
      {.mu = {{"w (a - mu) / sigma", [](const Step& s, std::size_t i) { return s.x(i); }}}});
  add({"not-divided-by-the-variance", "The derivative along mu is not divided by the variance.",
       "no sigma in the derivative along mu", three_distributions},
      {.mu = {{"w (a - mu)", [](const Step& s, std::size_t i) { return s.x(i) * s.sigma(i); }}}});
  add({"divided-by-the-variance-twice", "The derivative along mu is divided by the variance twice.",
       "sigma is squared once too often", three_distributions},
      {.mu = {{"w (a - mu) / sigma^4",
               [](const Step& s, std::size_t i) { return s.x(i) / s.sigma(i) / s.sigma(i) / s.sigma(i); }}}});
  add({"mean-not-subtracted", "The action itself stands where its distance from mu belongs.",
       "mu is missing in the derivative", three_distributions},
      {.mu = {{"w a / sigma^2",
               [](const Step& s, std::size_t i) { return s.all.actions(s.t, i) / s.sigma(i) / s.sigma(i); }}}});
  add({"sigma-gradient-for-log-sigma", "The derivative along sigma is used for an output that is log sigma.",
       "a division by sigma too many", log_sigma},
      {.log_sigma = {{"w (x^2 - 1) / sigma", [](const Step& s, std::size_t i) {
                        return s.all.log_sigma ? (s.x(i) * s.x(i) - 1) / s.sigma(i) : impossible;
                      }}}});
  add({"log-sigma-gradient-for-sigma", "The derivative along log sigma is used for an output that is sigma.",
       "a division by sigma is missing", log_sigma},
      {.log_sigma = {{"w (x^2 - 1), with no division by sigma", [](const Step& s, std::size_t i) {
                        return s.all.log_sigma ? impossible : (s.x(i) * s.x(i) - 1) * s.sigma(i);
                      }}}});
  add({"log-sigma-term-forgotten",
       "The term -log sigma of the density is forgotten: the -1 is missing, and sigma grows without end.",
       "the log density has no log sigma in it", log_sigma},
      {.log_sigma = {{"w x^2", [](const Step& s, std::size_t i) { return s.x(i) * s.x(i); }}}});
  add({"log-sigma-term-with-the-wrong-sign", "The term -log sigma of the density has the wrong sign.",
       "+1 where -1 belongs", log_sigma},
      {.log_sigma = {{"w (x^2 + 1)", [](const Step& s, std::size_t i) { return s.x(i) * s.x(i) + 1; }}}});
  add({"reparameterised-sample",
       "The action is treated as a function of mu and sigma, so their gradients cancel: mu never moves.",
       "the action is not a constant in the update: detach it", drawing},
      {.gaussian = {{"0 at mu and -w at log sigma", [](const Step& s, Row d) {
                       fill(
                           s, d, [](std::size_t) { return Number(0); }, [](std::size_t) { return Number(-1); });
                     }}}});
  add({"mean-gets-no-gradient", "The mean gets no gradient.", "mu is detached, or another array is updated",
       three_distributions},
      {.mu = {{"0", [](const Step&, std::size_t) { return Number(0); }}}});
  add({"sigma-gets-no-gradient", "Sigma gets no gradient, although it is in the file as an output.",
       "sigma is detached; right only if it is meant to stay fixed", log_sigma},
      {.log_sigma = {{"0", [](const Step&, std::size_t) { return Number(0); }}}});
  add({"first-dimension-only",
       "Only the first number of an action gets a gradient; the log densities of all must be added.",
       "an index 0, or a sum over dimensions that is missing", several_numbers},
      {.gaussian = {{"right in the first dimension of the action, 0 in the others", [](const Step& s, Row d) {
                       fill(
                           s, d, [&](std::size_t i) { return i == 0 ? s.x(i) / s.sigma(i) : Number(0); },
                           [&](std::size_t i) { return i == 0 ? s.x(i) * s.x(i) - 1 : Number(0); });
                     }}}});
  add({"log-density-injected", "The log density itself is injected; backpropagation wants its gradient.",
       "weight * log_prob is handed to the backward pass", density},
      {.gaussian = {{"w log pi in every column", [](const Step& s, Row d) {
                       Number sum;
                       for (std::size_t i = 0; i < s.all.outputs; ++i) sum += log_density(s, i);
                       for (Number& x : d) x = s.w() * sum;
                     }}}});
  add({"gradient-of-the-density", "The gradient of the density is used; that of its logarithm has no density in front.",
       "no logarithm between density and gradient", density},
      {.gaussian = {{"pi times the right row", [](const Step& s, Row d) {
                       fill(s, d, right_mu(s), right_log_sigma(s));
                       for (Number& x : d) x = x * joint_density(s);
                     }}}});
  add({"return-regressed-on-mu", "The mean is fitted to the return, as if it were a value.",
       "the error is return minus mu", three_distributions},
      {.gaussian = {{"w - mu at mu, the rest right", [](const Step& s, Row d) {
                       fill(s, d, right_mu(s), right_log_sigma(s));
                       for (std::size_t i = 0; s.all.has_mu_gradient && i < s.all.outputs; ++i)
                         d[i] = s.w() - s.all.mu(s.t, i);
                     }}}});
  add({"clipped-action", "The gradient is taken at the action after clipping, not at the one that was drawn.",
       "np.clip between sampling and log density", bounds});
  add({"sigma-not-positive", "Sigma is zero or negative.", "sigma is a raw output; learn its logarithm", log_sigma});
  add({"sigma-cubed", "The gradient at mu is divided by sigma cubed.", "sigma is squared, and divided by once more",
       three_distributions},
      {.mu = {
           {"w (a - mu) / sigma^3", [](const Step& s, std::size_t i) { return s.x(i) / s.sigma(i) / s.sigma(i); }}}});
  add({"log-sigma-counted-half", "The term -log sigma of the density is counted half.",
       "0.5 * log(sigma) where 0.5 * log(sigma^2) belongs", log_sigma},
      {.log_sigma = {{"w (x^2 - 1/2)", [](const Step& s, std::size_t i) { return s.x(i) * s.x(i) - 0.5; }}}});
  add({"sigma-used-as-variance", "Sigma is taken for the variance.",
       "a normal density that is handed sigma, and wants sigma^2", density},
      {.gaussian = {{"the right row for a density whose variance is sigma", [](const Step& s, Row d) {
                       const auto y = [&](std::size_t i) { return s.x(i) * s.x(i) * s.sigma(i); };
                       fill(
                           s, d, [&](std::size_t i) { return s.x(i); }, [&](std::size_t i) { return (y(i) - 1) / 2; });
                     }}}});
  add({"variance-used-as-sigma", "The variance is taken for sigma.",
       "a normal density that is handed sigma^2, and wants sigma", density},
      {.gaussian = {{"the right row for a density whose sigma is sigma^2", [](const Step& s, Row d) {
                       const auto x = [&](std::size_t i) { return s.x(i) / s.sigma(i); };
                       fill(
                           s, d, [&](std::size_t i) { return x(i) / s.sigma(i) / s.sigma(i); },
                           [&](std::size_t i) { return 2 * (x(i) * x(i) - 1); });
                     }}}});
  add({"sigma-exponentiated-twice", "Sigma is exponentiated a second time in the density.",
       "exp(log_std) where log_std already went through exp", log_sigma},
      {.gaussian = {
           {"the right row for a density whose sigma is exp(sigma)",
            [](const Step& s, Row d) {
              const auto x = [&](std::size_t i) { return s.x(i) * s.sigma(i) / exp(s.sigma(i)); };
              fill(
                  s, d, [&](std::size_t i) { return x(i) / exp(s.sigma(i)); },
                  [&](std::size_t i) { return (x(i) * x(i) - 1) * s.sigma(i); });
            }},
           {"the right row for a density whose sigma is exp(sigma), with the gradient at that sigma's logarithm",
            [](const Step& s, Row d) {
              const auto x = [&](std::size_t i) { return s.x(i) * s.sigma(i) / exp(s.sigma(i)); };
              fill(
                  s, d, [&](std::size_t i) { return x(i) / exp(s.sigma(i)); },
                  [&](std::size_t i) { return x(i) * x(i) - 1; });
            }}}});
  add({"sigma-of-the-first-dimension", "The sigma of the first dimension is used for all.",
       "an index 0, or a sigma of shape 1 that is broadcast", several_numbers},
      {.gaussian = {{"the right row with the first sigma in every dimension", [](const Step& s, Row d) {
                       const Number sigma = s.sigma(0);
                       const auto x = [&](std::size_t i) { return (s.all.actions(s.t, i) - s.all.mu(s.t, i)) / sigma; };
                       fill(
                           s, d, [&](std::size_t i) { return x(i) / sigma; },
                           [&](std::size_t i) { return x(i) * x(i) - 1; });
                     }}}});
  add({"density-of-the-squashed-action",
       "The density is taken at tanh(u), where the action u was drawn before it was squashed.",
       "log_prob(tanh(u)) without the correction, where log_prob(u) belongs", bounds},
      {.gaussian = {{"the right row at tanh of the action", [](const Step& s, Row d) {
                       const auto x = [&](std::size_t i) {
                         return (tanh(s.all.actions(s.t, i)) - s.all.mu(s.t, i)) / s.sigma(i);
                       };
                       fill(
                           s, d, [&](std::size_t i) { return x(i) / s.sigma(i); },
                           [&](std::size_t i) { return x(i) * x(i) - 1; });
                     }}}});
  add({"reparameterised-tanh",
       "The squashed action is treated as a function of mu and sigma: only the correction of tanh moves them.",
       "rsample() in a policy gradient, or log_prob of an action that was not detached", drawing},
      {.gaussian = {{"2 tanh(a) at mu and 2 tanh(a) (a - mu) - 1 at log sigma", [](const Step& s, Row d) {
                       const auto pull = [&](std::size_t i) { return 2 * tanh(s.all.actions(s.t, i)); };
                       fill(
                           s, d, [&](std::size_t i) { return pull(i); },
                           [&](std::size_t i) { return pull(i) * (s.all.actions(s.t, i) - s.all.mu(s.t, i)) - 1; });
                     }}}});
  add({"clamped-sigma-keeps-its-gradient",
       "Sigma is clamped, and its gradient is not cut where it lies outside: it moves on, and nothing changes.",
       "np.clip on sigma, and a gradient written by hand", log_sigma});
}

}  // namespace rl
