/// Mistakes planted in a backward pass are named, and a right one is told so, whichever way its matrices lie.
#include <doctest/doctest.h>
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <optional>

#include "nn/network.hpp"
#include "rl/diagnose/diagnose.hpp"
#include "tests/rl/diagnose/cases.hpp"
#include "tests/support.hpp"

namespace test_diagnose_layers {

using nn::Activation;
using nn::Random;
using nn::Scalar;

namespace {

const std::size_t case_count = tests::case_count(tests::count(200, 20));

using Table = std::vector<std::vector<double>>;  // rows of numbers

/// A network by plain loops, one sample per row, and one deliberate mistake in its backward pass.
struct Net {
  std::string activation;
  Table x, dout;
  std::vector<Table> W, dW;  // outputs x inputs
  std::vector<std::vector<double>> b, db;
  std::vector<Table> mask;  // of dropout: what the outputs of each hidden layer are multiplied by, or none
};

double act(const std::string& name, double u) {
  if (name == "tanh") return std::tanh(u);
  if (name == "sigmoid") return 1 / (1 + std::exp(-u));
  return name == "relu" ? std::max(u, 0.) : u;
}
double act_derivative(const std::string& name, double h) {
  if (name == "tanh") return 1 - h * h;
  if (name == "sigmoid") return h * (1 - h);
  return name == "relu" ? (h > 0 ? 1 : 0) : 1;
}

void backward(Net& net, const std::string& mistake) {
  const std::size_t L = net.W.size(), N = net.x.size();
  const auto is = [&](const char* name) { return mistake == name; };
  net.dW.clear(), net.db.clear();
  for (std::size_t l = 0; l < L; ++l) {
    net.dW.emplace_back(net.W[l].size(), std::vector<double>(net.W[l][0].size()));
    net.db.emplace_back(net.W[l].size());
  }
  std::vector<std::vector<std::vector<double>>> inputs(N), sums(N);
  for (std::size_t n = 0; n < N; ++n) {
    std::vector<double> h = net.x[n];
    for (std::size_t l = 0; l < L; ++l) {
      inputs[n].push_back(h);
      std::vector<double> u = net.b[l];
      for (std::size_t o = 0; o < u.size(); ++o)
        for (std::size_t i = 0; i < h.size(); ++i) u[o] += net.W[l][o][i] * h[i];
      sums[n].push_back(u);
      h = u;
      for (double& v : h) v = l + 1 < L ? act(net.activation, v) : v;
      for (std::size_t i = 0; i < h.size() && l < net.mask.size(); ++i) h[i] *= net.mask[l][n][i];
    }
    inputs[n].push_back(h);  // the outputs
  }
  for (std::size_t n = 0; n < N; ++n) {
    if (is("gradient-overwritten") && n + 1 < N) continue;
    if (is("first-sample-only") && n > 0) continue;
    const double times = is("running-sum-added") ? double(N - n) : 1;
    std::vector<double> delta = net.dout[n];
    if (is("derivative-at-the-output"))
      for (std::size_t o = 0; o < delta.size(); ++o)
        delta[o] *= act_derivative(net.activation, act(net.activation, inputs[n][L][o]));
    if (is("softmax-derivative-at-the-output")) {
      double total = 0;
      for (const double z : inputs[n][L]) total += std::exp(z);
      for (std::size_t o = 0; o < delta.size(); ++o) {
        const double p = std::exp(inputs[n][L][o]) / total;
        delta[o] *= p * (1 - p);
      }
    }
    for (std::size_t l = L; l-- > 0;) {
      const bool below = is("input-of-another-layer") && l > 0 && inputs[n][l - 1].size() == inputs[n][l].size();
      const auto& h = inputs[is("last-state-for-all") ? N - 1 : n][below ? l - 1 : l];
      const bool frozen =
          (is("hidden-layers-frozen") && l + 1 < L) || (is("last-layer-frozen") && l + 1 == L) || is("all-zero");
      for (std::size_t o = 0; o < delta.size() && !frozen; ++o) {
        const double b_scale = is("layers-scaled-differently") ? 3 : 1;
        double total = 0;
        for (const double x : delta) total += x;
        net.db[l][o] += is("bias-gradient-summed-over-outputs") ? total
                        : is("running-sum-added")               ? times * delta[o]
                        : is("bias-gradient-forgotten")         ? 0
                        : is("bias-gradient-times-input")       ? delta[o] * h[0]
                        : is("bias-gradient-times-output")      ? delta[o] * inputs[n][l + 1][o]
                                                                : delta[o] * b_scale;
        for (std::size_t i = 0; i < h.size(); ++i) {
          const double input = is("sums-for-outputs") && l > 0 ? sums[n][l - 1][i] : h[i];
          const bool turned = is("outer-product-transposed") && delta.size() == h.size();
          (turned ? net.dW[l][i][o] : net.dW[l][o][i]) += times * delta[o] * input;
        }
      }
      if (l == 0) break;
      const bool other_W = is("weights-of-another-layer") && net.W[l].size() == net.W[l - 1].size() &&
                           net.W[l][0].size() == net.W[l - 1][0].size();
      const bool other_sum = is("derivative-of-another-layer") && inputs[n][l - 1].size() == inputs[n][l].size();
      std::vector<double> behind(net.W[l][0].size());
      for (std::size_t i = 0; i < behind.size(); ++i) {
        for (std::size_t o = 0; o < delta.size(); ++o)
          behind[i] += delta[o] * (is("weights-not-transposed") && delta.size() == behind.size() ? net.W[l][i][o]
                                   : other_W                                                     ? net.W[l - 1][o][i]
                                                                                                 : net.W[l][o][i]);
        const double u = sums[n][l - 1][i], out = act(net.activation, u), right = act_derivative(net.activation, out);
        behind[i] *= other_sum                        ? act_derivative(net.activation, inputs[n][l - 1][i])
                     : is("leaky-derivative-of-relu") ? (u > 0 ? 1 : 0.1)
                     : is("hidden-derivative-missing") || is("relu-always-open") ? 1
                     : is("derivative-at-the-activation") ? act_derivative(net.activation, act(net.activation, out))
                     : is("derivative-fed-the-sum")       ? act_derivative(net.activation, u)
                     : is("derivative-of-another-function")
                         ? act_derivative(net.activation == "tanh" ? "sigmoid" : "tanh", out)
                     : is("derivative-twice")              ? right * right
                     : is("activation-for-its-derivative") ? out
                     : is("divided-by-the-derivative")     ? 1 / right
                                                           : right;
        if (!net.mask.empty() && !is("dropout-mask-forgotten")) behind[i] *= net.mask[l - 1][n][i];
      }
      if (is("delta-clipped"))
        for (double& x : behind) x = std::clamp(x, -0.1, 0.1);
      delta = behind;
    }
  }
  if (is("weights-moved-too-early")) {  // two layers: the lower one again, through weights that have moved
    for (auto& row : net.dW[0]) std::ranges::fill(row, 0.);
    std::ranges::fill(net.db[0], 0.);
    for (std::size_t n = 0; n < N; ++n)
      for (std::size_t i = 0; i < net.W[0].size(); ++i) {
        double delta = 0;
        for (std::size_t o = 0; o < net.W[1].size(); ++o)
          delta += net.dout[n][o] * (net.W[1][o][i] + 0.01 * net.dW[1][o][i]);
        delta *= act_derivative(net.activation, inputs[n][1][i]);
        net.db[0][i] += delta;
        for (std::size_t k = 0; k < net.x[n].size(); ++k) net.dW[0][i][k] += delta * net.x[n][k];
      }
  }
}

std::size_t pick(Random& rng, std::size_t low, std::size_t high) {
  return low + static_cast<std::size_t>(rng.uniform() * double(high - low + 1));
}
Table random_table(Random& rng, std::size_t rows, std::size_t cols, double size) {
  Table t(rows, std::vector<double>(cols));
  for (auto& row : t)
    for (double& v : row) v = rng.uniform(-size, size);
  return t;
}

/// Two hidden layers of one width, so that one matrix is square; or one, where the mistake needs that.
Net random_net(Random& rng, const std::string& mistake) {
  Net net;
  const char* names[] = {"tanh", "sigmoid", "relu"};
  net.activation = names[pick(rng, 0, mistake == "relu-always-open" ? 2 : 1)];
  if (mistake == "relu-always-open" || mistake == "leaky-derivative-of-relu") net.activation = "relu";
  const bool one_width = mistake.find("-another-layer") != std::string::npos;
  const std::size_t width = pick(rng, 2, 5), narrow = pick(rng, 2, 4), outputs = pick(rng, 2, 3);
  const std::size_t inputs = one_width ? width : narrow;
  std::vector<std::size_t> sizes{inputs, width, width, outputs};
  if (mistake == "weights-moved-too-early") sizes = {inputs, width, outputs};
  const std::size_t samples = pick(rng, 5, 9);
  net.x = random_table(rng, samples, inputs, 1.5), net.dout = random_table(rng, samples, outputs, 2);
  for (std::size_t l = 0; l + 1 < sizes.size(); ++l) {
    net.W.push_back(random_table(rng, sizes[l + 1], sizes[l], 1));
    net.b.push_back(random_table(rng, 1, sizes[l + 1], 0.5)[0]);
  }
  if (mistake == "weights-start-equal")
    for (auto& W : net.W)
      for (auto& row : W) std::ranges::fill(row, 0.25);
  if (mistake == "weights-start-equal")
    for (auto& b : net.b) std::ranges::fill(b, 0.);
  if (mistake.find("dropout") != std::string::npos) {
    const double rate = pick(rng, 0, 1) == 0 ? 0.5 : 0.2;
    const std::size_t layers = pick(rng, 1, 2);  // one hidden layer, or two
    if (layers == 1) net.W.erase(net.W.begin() + 1), net.b.erase(net.b.begin() + 1);
    for (std::size_t l = 0; l < layers; ++l) {
      net.mask.push_back(Table(samples, std::vector<double>(width)));
      for (auto& row : net.mask.back())
        for (double& m : row) m = rng.uniform() < rate ? 0 : 1 / (1 - rate);
    }
  }
  backward(net, mistake);
  for (std::size_t l = 0; l < net.W.size() && mistake == "weight-decay-sign"; ++l)
    for (std::size_t o = 0; o < net.W[l].size(); ++o)
      for (std::size_t i = 0; i < net.W[l][o].size(); ++i) net.dW[l][o][i] -= 0.05 * net.W[l][o][i];
  return net;
}

std::string text_of(const Table& t, bool turned, const char* format) {
  std::string text;
  char buffer[40];
  const std::size_t rows = turned ? t[0].size() : t.size(), cols = turned ? t.size() : t[0].size();
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < cols; ++c) {
      const double value = turned ? t[c][r] : t[r][c];
      if (format == std::string("rounded"))  // by numpy.round, and then saved
        std::snprintf(buffer, sizeof buffer, "%.18e", std::round(value * 1e6) / 1e6);
      else
        std::snprintf(buffer, sizeof buffer, format, value);
      text += (c > 0 ? " " : "") + std::string(buffer);
    }
    text += "\n";
  }
  return text;
}

/// As numpy.savetxt writes them.
rl::LearnerNet saved(const Net& net, bool turned, const char* format, const std::string& keys = "", bool masks = true) {
  std::map<std::string, std::string> files;
  files["x"] = keys + "# activation: " + net.activation + "\n" + text_of(net.x, false, format);
  for (std::size_t l = 0; l < net.mask.size() && masks; ++l)
    files["mask" + std::to_string(l)] = text_of(net.mask[l], false, format);
  files["dout"] = text_of(net.dout, false, format);
  for (std::size_t l = 0; l < net.W.size(); ++l) {
    const auto name = [l](const char* letters) { return letters + std::to_string(l); };
    files[name("W")] = text_of(net.W[l], turned, format), files[name("dW")] = text_of(net.dW[l], turned, format);
    files[name("b")] = text_of({net.b[l]}, l % 2 == 0, format), files[name("db")] = text_of({net.db[l]}, false, format);
  }
  return rl::read_net("net", [&](const std::string& stem) {
    const auto at = files.find(stem);
    return at == files.end() ? std::nullopt : std::optional(at->second);
  });
}

}  // namespace

TEST_CASE("every mistake in a backward pass is named, and a right one told so, 200 random networks each") {
  const char* mistakes[] = {"correct",
                            "hidden-derivative-missing",
                            "relu-always-open",
                            "derivative-at-the-activation",
                            "derivative-fed-the-sum",
                            "derivative-of-another-function",
                            "derivative-twice",
                            "activation-for-its-derivative",
                            "divided-by-the-derivative",
                            "weights-not-transposed",
                            "outer-product-transposed",
                            "bias-gradient-forgotten",
                            "bias-gradient-times-input",
                            "bias-gradient-times-output",
                            "last-state-for-all",
                            "gradient-overwritten",
                            "sums-for-outputs",
                            "hidden-layers-frozen",
                            "last-layer-frozen",
                            "derivative-at-the-output",
                            "softmax-derivative-at-the-output",
                            "layers-scaled-differently",
                            "weights-moved-too-early",
                            "weights-start-equal",
                            "all-zero",
                            "input-of-another-layer",
                            "weights-of-another-layer",
                            "derivative-of-another-layer",
                            "bias-gradient-summed-over-outputs",
                            "first-sample-only",
                            "running-sum-added",
                            "leaky-derivative-of-relu",
                            "delta-clipped",
                            "dropout-mask-forgotten",
                            "weight-decay-sign"};
  std::size_t cases = 0, wrong = 0;
  std::string confusions;
  for (const std::string mistake : mistakes) {
    std::size_t missed = 0;
    for (std::size_t number = 0; number < case_count; ++number) {
      Random rng({tests::case_seed(97), number});
      Net net = random_net(rng, mistake);
      const double scale = number % 4 == 0 ? -1. : number % 4 == 1 ? 1. / double(net.x.size()) : 1.;
      for (auto& dW : net.dW)
        for (auto& row : dW)
          for (double& v : row) v *= scale;
      for (auto& db : net.db)
        for (double& v : db) v *= scale;
      const char* format = number % 2 == 0 ? "%.17g" : number % 4 == 1 ? "%.6f" : "rounded";
      const std::string keys = mistake == "weight-decay-sign" ? "# sign: descent\n" : "";
      const auto verdict = rl::diagnose(saved(net, number % 3 == 0, format, keys)).verdict();
      ++cases;
      if (tests::names(verdict, mistake)) continue;
      ++wrong;
      if (missed++ == 0) confusions += fmt::format("\n{} (case {}): {}", mistake, number, verdict);
    }
    if (missed > 0) confusions += fmt::format(" [{} of {}]", missed, case_count);
  }
  MESSAGE(std::size(mistakes), " kinds, ", cases, " networks", confusions);
  CHECK(wrong == 0);
}

TEST_CASE("dropout is right with its masks, and without them nobody can tell, 200 random networks") {
  std::size_t wrong = 0, open = 0;
  std::string confusions;
  for (std::size_t number = 0; number < case_count; ++number)
    for (const bool masks : {true, false}) {
      Random rng({tests::case_seed(96), number});
      const Net net = random_net(rng, "dropout");
      const char* format = number % 2 == 0 ? "%.17g" : "%.6f";
      const auto verdict = rl::diagnose(saved(net, number % 3 == 0, format, "", masks)).verdict();
      open += masks && number % 2 == 0 && verdict != "correct";
      if (masks ? !tests::accuses(verdict) : verdict.starts_with("cannot tell: right only if dropout")) continue;
      if (wrong++ < 4) confusions += fmt::format("\n{} {}: {}", number, masks, verdict);
    }
  MESSAGE("dropout", confusions);
  CHECK(wrong == 0);
  CHECK(open == 0);  // a mask of 1.25 beside numbers of 17 digits is 1.25, and leaves nothing open
}

TEST_CASE("numbers of one decimal do not acquit a missing or doubled derivative, nor a bias three times too large") {
  std::size_t acquitted = 0, right_accused = 0;
  for (std::size_t number = 0; number < case_count; ++number) {
    for (const std::string mistake : {"correct", "hidden-derivative-missing", "derivative-twice", "db0 tripled"}) {
      Random rng({tests::case_seed(98), number});
      Net net = random_net(rng, mistake);
      if (mistake == "db0 tripled")
        for (double& x : net.db[0]) x *= 3;
      const auto verdict = rl::diagnose(saved(net, false, "%.1f")).verdict();
      acquitted += mistake != "correct" && tests::acquits(verdict);
      right_accused += mistake == "correct" && tests::accuses(verdict);
    }
  }
  CHECK(acquitted == 0);
  CHECK(right_accused == 0);
}

TEST_CASE("every activation that can be declared: its right gradients are told so, a missing derivative is named") {
  const auto value = [](const std::string& name, double u) {
    return name == "leaky_relu" ? (u > 0 ? u : 0.01 * u)
           : name == "elu"      ? (u > 0 ? u : std::exp(u) - 1)
           : name == "softplus" ? std::log(1 + std::exp(u))
           : name == "silu"     ? u / (1 + std::exp(-u))
                                : u * std::erfc(-u / std::sqrt(2.)) / 2;
  };
  for (const std::string name : {"leaky_relu", "elu", "softplus", "silu", "gelu"})
    for (const bool missing : {false, true}) {
      Random rng({99, 1});
      Net net = random_net(rng, "correct");
      net.activation = name;
      net.W.erase(net.W.begin() + 1), net.b.erase(net.b.begin() + 1);  // one hidden layer
      const std::size_t width = net.W[0].size();
      net.dW = net.W, net.db = net.b;
      for (auto& W : net.dW)
        for (auto& row : W) std::ranges::fill(row, 0.);
      for (auto& b : net.db) std::ranges::fill(b, 0.);
      for (std::size_t n = 0; n < net.x.size(); ++n)
        for (std::size_t i = 0; i < width; ++i) {
          double u = net.b[0][i], delta = 0;
          for (std::size_t k = 0; k < net.x[n].size(); ++k) u += net.W[0][i][k] * net.x[n][k];
          for (std::size_t o = 0; o < net.W[1].size(); ++o) {
            net.dW[1][o][i] += net.dout[n][o] * value(name, u);
            if (i == 0) net.db[1][o] += net.dout[n][o];
            delta += net.dout[n][o] * net.W[1][o][i];
          }
          if (!missing) delta *= (value(name, u + 1e-6) - value(name, u - 1e-6)) / 2e-6;
          net.db[0][i] += delta;
          for (std::size_t k = 0; k < net.x[n].size(); ++k) net.dW[0][i][k] += delta * net.x[n][k];
        }
      const auto verdict = rl::diagnose(saved(net, false, "%.8f")).verdict();
      CHECK_MESSAGE(tests::names(verdict, missing ? "hidden-derivative-missing" : "correct"), name, ": ", verdict);
    }
}

}  // namespace test_diagnose_layers
