/// What each known mistake injects at mu and sigma of a Gaussian policy.   docs/00-the-question.md, section 7
///
/// x = (a - mu) / sigma. Right is w x / sigma at mu, w (x^2 - 1) at log sigma (Eq. (0.17)), w (x^2 - 1) / sigma at
/// sigma. A row holds the columns of mu, then those of (log) sigma, as far as the file has them.

#include "rl/diagnose/hypotheses.hpp"

namespace rl {
namespace {

/// Fills a row from one formula for mu and one for log sigma, both times a weight.
template <class Mu, class LogSigma>
void fill(const Step& s, Row d, Number weight, Mu mu, LogSigma log_sigma) {
  const std::size_t n = s.all.outputs, first = s.all.has_mu_gradient ? n : 0;
  for (std::size_t i = 0; i < first; ++i) d[i] = weight * mu(i);
  for (std::size_t i = 0; first + i < d.size(); ++i)
    d[first + i] = weight * log_sigma(i) / (s.all.log_sigma ? Number(1) : s.sigma(i));
}
template <class Mu, class LogSigma>
void fill(const Step& s, Row d, Mu mu, LogSigma log_sigma) {
  fill(s, d, s.w(), mu, log_sigma);
}

auto right_mu(const Step& s) {
  return [&s](std::size_t i) { return s.x(i) / s.sigma(i); };
}
auto right_log_sigma(const Step& s) {
  return [&s](std::size_t i) { return s.x(i) * s.x(i) - 1; };
}

constexpr double log_sqrt_two_pi = 0.91893853320467274;

Number log_density(const Step& s, std::size_t i) {
  return -(s.x(i) * s.x(i)) / 2 - log(s.sigma(i)) - log_sqrt_two_pi;
}
Number density(const Step& s) {
  Number sum;
  for (std::size_t i = 0; i < s.all.outputs; ++i) sum += log_density(s, i);
  return exp(sum);
}

const Hypothesis list[] = {
    {"mu-minus-action", "w (mu - a) / sigma^2 at mu, the rest right",
     [](const Step& s, Row d) {
       fill(
           s, d, [&](std::size_t i) { return -s.x(i) / s.sigma(i); }, right_log_sigma(s));
     }},
    {"sigma-sign-flipped", "w (1 - x^2) at log sigma, the rest right",
     [](const Step& s, Row d) { fill(s, d, right_mu(s), [&](std::size_t i) { return 1 - s.x(i) * s.x(i); }); }},
    {"divided-by-sigma-once", "w (a - mu) / sigma at mu, the rest right",
     [](const Step& s, Row d) {
       fill(
           s, d, [&](std::size_t i) { return s.x(i); }, right_log_sigma(s));
     }},
    {"not-divided-by-the-variance", "w (a - mu) at mu, the rest right",
     [](const Step& s, Row d) {
       fill(
           s, d, [&](std::size_t i) { return s.x(i) * s.sigma(i); }, right_log_sigma(s));
     }},
    {"divided-by-the-variance-twice", "w (a - mu) / sigma^4 at mu, the rest right",
     [](const Step& s, Row d) {
       fill(
           s, d, [&](std::size_t i) { return s.x(i) / s.sigma(i) / s.sigma(i) / s.sigma(i); }, right_log_sigma(s));
     }},
    {"mean-not-subtracted", "w a / sigma^2 at mu, the rest right",
     [](const Step& s, Row d) {
       fill(
           s, d, [&](std::size_t i) { return s.all.actions(s.t, i) / s.sigma(i) / s.sigma(i); }, right_log_sigma(s));
     }},
    {"sigma-slope-for-log-sigma", "w (x^2 - 1) / sigma at log sigma, the rest right",
     [](const Step& s, Row d) {
       fill(s, d, right_mu(s),
            [&](std::size_t i) { return s.all.log_sigma ? (s.x(i) * s.x(i) - 1) / s.sigma(i) : impossible; });
     }},
    {"log-sigma-slope-for-sigma", "w (x^2 - 1) at sigma, the rest right",
     [](const Step& s, Row d) {
       fill(s, d, right_mu(s),
            [&](std::size_t i) { return s.all.log_sigma ? impossible : (s.x(i) * s.x(i) - 1) * s.sigma(i); });
     }},
    {"log-sigma-term-forgotten", "w x^2 at log sigma, the rest right",
     [](const Step& s, Row d) { fill(s, d, right_mu(s), [&](std::size_t i) { return s.x(i) * s.x(i); }); }},
    {"log-sigma-term-with-the-wrong-sign", "w (x^2 + 1) at log sigma, the rest right",
     [](const Step& s, Row d) { fill(s, d, right_mu(s), [&](std::size_t i) { return s.x(i) * s.x(i) + 1; }); }},
    {"reparameterised-sample", "0 at mu and -w at log sigma",
     [](const Step& s, Row d) {
       fill(
           s, d, [](std::size_t) { return Number(0); }, [](std::size_t) { return Number(-1); });
     }},
    {"mean-gets-no-gradient", "0 at mu, the rest right",
     [](const Step& s, Row d) {
       fill(
           s, d, [](std::size_t) { return Number(0); }, right_log_sigma(s));
     }},
    {"sigma-gets-no-gradient", "0 at sigma, the rest right",
     [](const Step& s, Row d) { fill(s, d, right_mu(s), [](std::size_t) { return Number(0); }); }},
    {"first-dimension-only", "right in the first dimension of the action, 0 in the others",
     [](const Step& s, Row d) {
       fill(
           s, d, [&](std::size_t i) { return i == 0 ? s.x(i) / s.sigma(i) : Number(0); },
           [&](std::size_t i) { return i == 0 ? s.x(i) * s.x(i) - 1 : Number(0); });
     }},
    {"log-density-injected", "w log pi in every column",
     [](const Step& s, Row d) {
       Number sum;
       for (std::size_t i = 0; i < s.all.outputs; ++i) sum += log_density(s, i);
       for (Number& x : d) x = s.w() * sum;
     }},
    {"gradient-of-the-density", "pi times the right row",
     [](const Step& s, Row d) {
       fill(s, d, right_mu(s), right_log_sigma(s));
       for (Number& x : d) x = x * density(s);
     }},
    {"return-forgotten", "the right row without w",
     [](const Step& s, Row d) { fill(s, d, 1, right_mu(s), right_log_sigma(s)); }},
    {"return-regressed-on-mu", "w - mu at mu, the rest right",
     [](const Step& s, Row d) {
       fill(s, d, right_mu(s), right_log_sigma(s));
       for (std::size_t i = 0; s.all.has_mu_gradient && i < s.all.outputs; ++i) d[i] = s.w() - s.all.mu(s.t, i);
     }},
};

}  // namespace

const Hypothesis right_gaussian{"", "w (a - mu) / sigma^2 and w (x^2 - 1)",
                                [](const Step& s, Row d) { fill(s, d, right_mu(s), right_log_sigma(s)); }};

std::span<const Hypothesis> gaussian_hypotheses() {
  return list;
}

}  // namespace rl
