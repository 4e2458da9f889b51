#include "tests/rl/diagnose/cases.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "nn/softmax.hpp"
#include "rl/categorical.hpp"
#include "rl/diagnose/diagnose.hpp"
#include "tests/support.hpp"

namespace tests {
namespace {

std::size_t pick(nn::Random& rng, std::size_t low, std::size_t high) {
  return low + static_cast<std::size_t>(rng.uniform() * static_cast<double>(high - low + 1));
}

void play(nn::Random& rng, Learner& l, std::size_t episodes = 0) {
  const std::size_t N = episodes > 0 ? episodes : pick(rng, 2, 3);
  for (std::size_t n = 0; n < N; ++n) {
    l.lengths.push_back(pick(rng, 3 + 2 * n, 4 + 2 * n));  // all different
    for (std::size_t t = 0; t < l.lengths.back(); ++t) l.episode.push_back(n), l.time.push_back(t);
  }
  for (std::size_t row = 0; row < l.rows(); ++row) l.reward.push_back(static_cast<Scalar>(rng.uniform(-1, 2)));
  l.gamma = static_cast<Scalar>(rng.uniform(0.6, 0.98));
  l.gamma = static_cast<Scalar>(std::round(double(l.gamma) * 100) / 100);
  l.weight = returns_by_hand(l, l.gamma);
}

Scalar rounded(Scalar value, double power) {  // of ten, as numpy.round does it
  return static_cast<Scalar>(std::round(double(value) * power) / power);
}

/// As Python's repr, "%.6f", "%.6g" and numpy.savetxt print it.
void append(std::string& text, double value, Print print, const char* format = nullptr) {
  char buffer[40];
  if (format) {
    std::snprintf(buffer, sizeof buffer, format, value);
    text += ',', text += buffer;
    return;
  }
  char *const begin = buffer, *const end = buffer + sizeof buffer;
  const auto written = print == Print::all_digits     ? std::to_chars(begin, end, value)
                       : print == Print::six_decimals ? std::to_chars(begin, end, value, std::chars_format::fixed, 6)
                       : print == Print::rounded      ? std::to_chars(begin, end, double(rounded(Scalar(value), 1e6)),
                                                                      std::chars_format::scientific, 18)
                                                      : std::to_chars(begin, end, value, std::chars_format::general, 6);
  text += ',';
  text.append(begin, written.ptr);
}

}  // namespace

std::vector<Scalar> returns_by_hand(const Learner& l, Scalar gamma) {
  std::vector<Scalar> G(l.rows());
  for (std::size_t row = 0; row < l.rows(); ++row) {
    Scalar discount = 1;
    for (std::size_t later = row; later < l.rows() && l.episode[later] == l.episode[row]; ++later, discount *= gamma)
      G[row] += discount * l.reward[later];
  }
  return G;
}

Learner random_learner(nn::Random& rng, std::size_t K, std::size_t episodes) {
  Learner l;
  l.K = K;
  play(rng, l, episodes);
  nn::Network policy({3, 6, K}, nn::Activation::tanh, rng, 3);
  const nn::Matrix states = random_matrix(3, l.rows(), rng);
  const auto logits = policy.feedforward(states);
  nn::Matrix probs(K, l.rows());
  nn::softmax(logits, probs);
  std::vector<double> u(l.rows());
  for (double& x : u) x = rng.uniform();
  std::vector<int> actions(l.rows());
  rl::Categorical head;
  head.sample(logits, u, actions);
  for (std::size_t row = 0; row < l.rows(); ++row) {
    l.action.push_back(static_cast<std::size_t>(actions[row]));
    std::vector<Scalar> z(K), p(K);
    for (std::size_t k = 0; k < K; ++k) z[k] = logits(k, row), p[k] = probs(k, row);
    l.z.push_back(z), l.p.push_back(p), l.d.emplace_back(K);
  }
  return l;
}

Learner random_gaussian_learner(nn::Random& rng, std::size_t dimensions) {
  Learner l;
  l.K = dimensions;
  play(rng, l);
  for (std::size_t row = 0; row < l.rows(); ++row) {
    std::vector<Scalar> a(dimensions), mu(dimensions), sigma(dimensions);
    for (std::size_t i = 0; i < dimensions; ++i) {
      mu[i] = static_cast<Scalar>(rng.uniform(-1, 1));
      sigma[i] = static_cast<Scalar>(rng.uniform(0.3, 1.5));
      a[i] = static_cast<Scalar>(double(mu[i]) + double(sigma[i]) * rng.uniform(-2, 2));
    }
    l.actions.push_back(a), l.mu.push_back(mu), l.sigma.push_back(sigma), l.d.emplace_back(2 * dimensions);
  }
  return l;
}

std::string csv(const Learner& l, Print print, Columns columns, const std::string& keys) {
  const bool gaussian = !l.mu.empty();
  std::string text = keys;
  const auto header = [&](const char* stem, std::size_t count) {
    for (std::size_t k = 0; k < count; ++k) text += std::string(",") + stem + std::to_string(k);
  };
  text += "x";  // a column that nobody asked for
  if (columns.episode) text += ",episode";
  if (gaussian) {
    header("action", l.K), header("mu", l.K), header("sigma", l.K), header("dmu", l.K);
    header(columns.dsigma ? "dsigma" : "dlog_sigma", l.K);
  } else {
    text += ",action";
    header(columns.logits ? "z" : "p", l.K), header("d", l.K);
    if (!l.ref.empty()) header("ref", l.K);
  }
  if (columns.weight) text += ",weight";
  if (columns.reward) text += ",reward";
  for (std::size_t row = 0; row < l.rows(); ++row) {
    text += "\nleft";
    const auto add = [&](const std::vector<Scalar>& numbers) {
      for (const Scalar x : numbers) append(text, double(x), print, columns.format);
    };
    if (columns.episode) text += "," + std::to_string(l.episode[row]);
    if (gaussian)
      add(l.actions[row]), add(l.mu[row]), add(l.sigma[row]);
    else
      text += "," + std::to_string(l.action[row]), add(columns.logits ? l.z[row] : l.p[row]);
    add(l.d[row]);
    if (!l.ref.empty()) add(l.ref[row]);
    const auto of_return = [&](Scalar x) { return double(columns.rounded_returns ? rounded(x, 1000) : x); };
    if (columns.weight) append(text, of_return(l.weight[row]), print, columns.format);
    if (columns.reward) append(text, of_return(l.reward[row]), print, columns.format);
  }
  return text + "\n";
}

std::size_t case_count(std::size_t usual) {
  const char* times = std::getenv("DIAGNOSE_CASES");
  const std::size_t count = times ? static_cast<std::size_t>(std::atof(times) * static_cast<double>(usual)) : usual;
  return std::max<std::size_t>(count, 4);
}

std::uint64_t case_seed(std::uint64_t usual) {
  const char* seed = std::getenv("DIAGNOSE_SEED");
  return usual + (seed ? 1000 * static_cast<std::uint64_t>(std::atoll(seed)) : 0);
}

std::string verdict_of(const std::string& csv) {
  return rl::diagnose(rl::read_samples(csv, "test.csv")).verdict();
}

bool acquits(const std::string& verdict) {
  return verdict == "correct" || verdict.starts_with("the output is correct; ");
}
bool accuses(const std::string& verdict) {
  return !acquits(verdict) && !verdict.starts_with("cannot tell: ");
}

bool names(const std::string& verdict, const std::string& name) {
  for (std::size_t at = 0; (at = verdict.find(name, at)) != std::string::npos; ++at) {
    const std::size_t end = at + name.size();
    if ((at == 0 || verdict[at - 1] == ' ') &&
        (end == verdict.size() || verdict[end] == ' ' || verdict[end] == ',' || verdict[end] == ';'))
      return true;
  }
  return false;
}

}  // namespace tests
