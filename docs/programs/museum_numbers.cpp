/// What the exhibits of docs/museum.md do: on one episode, on average, and as files that diagnose can read.
#include <algorithm>

#include "docs/programs/museum.hpp"
#include "nn/arithmetic/normal.hpp"
#include "nn/arithmetic/vector_ops.hpp"
#include "rl/oracle/estimators.hpp"
#include "rl/oracle/oracle.hpp"
#include "rl/returns.hpp"

namespace book {
namespace {

constexpr Scalar gamma = Scalar(0.9);

/// Two episodes with a small loss on the way and a prize at the end.
const std::vector<Vector>& rewards() {
  static const std::vector<Vector> both = {{0, 0, Scalar(-0.5), 0, 1}, {0, 0, 0, Scalar(-0.5), 0, 0, 1}};
  return both;
}

struct Step {
  std::size_t episode, t;
  Vector z;
  int action;
  Scalar mu, sigma, drawn;  // the same step of a Gaussian policy
  Scalar reward;
};
std::vector<Step> steps() {
  nn::Random rng(7);
  std::vector<Step> all;
  for (std::size_t e = 0; e < rewards().size(); ++e)
    for (std::size_t t = 0; t < rewards()[e].size(); ++t) {
      Step s{e, t, {rng.uniform(-1, 1), rng.uniform(-1, 1)}, 0, rng.uniform(-1, 1), Scalar(0.5), 0, rewards()[e][t]};
      s.action = rng.uniform() < softmax(s.z)[0] ? 0 : 1;
      s.drawn = s.mu + s.sigma * nn::normal_quantile(rng.uniform());
      all.push_back(std::move(s));
    }
  return all;
}

Vector weights_of(const WeightExhibit& exhibit) {
  Vector all;
  for (const Vector& episode : rewards())
    for (const Scalar w : exhibit.weights(episode, gamma)) all.push_back(w);
  return all;
}

std::string number(Scalar x) {
  return fmt::format("{:.9g}", x == 0 ? 0 : x);
}
std::string csv(std::string_view columns, auto row) {
  std::string text = fmt::format("# gamma: {}\nepisode,reward,{}\n", gamma, columns);
  const auto all = steps();
  for (std::size_t i = 0; i < all.size(); ++i) {
    text += fmt::format("{},{}", all[i].episode, number(all[i].reward));
    for (const Scalar x : row(all[i], i)) text += "," + number(x);
    text += "\n";
  }
  return text;
}
std::string table(const Matrix& columns) {  // one state per row
  std::string text;
  for (std::size_t c = 0; c < columns.cols(); ++c)
    for (std::size_t r = 0; r < columns.rows(); ++r)
      text += number(columns(r, c)) + (r + 1 < columns.rows() ? "," : "\n");
  return text;
}
std::string rows(const Matrix& matrix) {
  Matrix turned(matrix.cols(), matrix.rows());
  for (std::size_t r = 0; r < matrix.rows(); ++r)
    for (std::size_t c = 0; c < matrix.cols(); ++c) turned(c, r) = matrix(r, c);
  return table(turned);
}

/// Four states through 3, 3 and 2 units.
Layers layers(const LayerExhibit& exhibit) {
  nn::Random rng(7);
  const auto random = [&](std::size_t r, std::size_t c) {
    Matrix m(r, c);
    for (Scalar& x : m.flat()) x = rng.uniform(-1, 1);
    return m;
  };
  Layers net{random(3, 3), random(2, 3), random(3, 4), Matrix(3, 4),
             random(2, 4), Matrix(3, 3), Matrix(2, 3), Matrix(3, 4)};
  for (std::size_t r = 0; r < 3; ++r)
    for (std::size_t i = 0; i < 3; ++i) nn::axpy(net.W0(r, i), net.x.row(i), net.h.row(r));
  nn::activation_forward(exhibit.activation, net.h);
  exhibit.backward(net);
  return net;
}

/// The same weights in a network of the project, whose gradient is right.
nn::Network as_network(const Layers& net, nn::Activation activation) {
  nn::Random rng(7);
  nn::Network network({3, 3, 2}, activation, rng);
  std::ranges::copy(net.W0.flat(), network.weight(0).flat().begin());
  std::ranges::copy(net.W1.flat(), network.weight(1).flat().begin());
  return network;
}
Scalar relative_error(nn::ConstVectorView got, nn::ConstVectorView expected) {
  Scalar error = 0;
  for (std::size_t i = 0; i < got.size(); ++i) error += (got[i] - expected[i]) * (got[i] - expected[i]);
  return std::sqrt(error / nn::dot(expected, expected));
}

// What the oracle says of them, without a discount.
using Judged = decltype(rl::judge({}, {}));
struct Worlds {
  Judged dense, delayed;
};
Worlds judge(const rl::Distribution& distribution, const rl::Oracle::Weigh& weigh) {
  nn::Random rng(7);
  nn::Network policy({3, 2}, nn::Activation::identity, rng, 2);
  const auto in = [&](const envs::TinyWorld& world) {
    rl::Oracle oracle(world, policy, 1);
    return rl::judge(oracle.moments(distribution, 1, weigh), oracle.gradient());
  };
  return {in(envs::dense_world), in(envs::delayed_world)};
}
void print(std::string_view title, const Worlds& found) {
  const auto error = [](const Judged& f) { return f.error < 1e-9 ? "0" : fmt::format("{:.3f}", f.error); };
  fmt::print("  {:<36}{:>8}{:>9.3f}{:>9.3f}{:>12}{:>9.3f}{:>9.3f}\n", title, error(found.dense), found.dense.cosine,
             found.dense.variance, error(found.delayed), found.delayed.cosine, found.delayed.variance);
}

/// The policy, with the vector of an exhibit.
struct Edited : rl::Categorical {
  Vector (*edit)(const Vector& z, int action, Scalar G);
  explicit Edited(Vector (*vector)(const Vector&, int, Scalar)) : edit(vector) {}
  std::unique_ptr<rl::Distribution> clone() const override { return std::make_unique<Edited>(*this); }
  using rl::Categorical::weighted_score;
  void weighted_score(ConstMatrixView logits, ConstMatrixView actions, nn::ConstVectorView weights,
                      MatrixView output_gradient) override {
    for (std::size_t t = 0; t < actions.cols(); ++t) {
      const Vector d = edit({logits(0, t), logits(1, t)}, static_cast<int>(actions(0, t)), weights[t]);
      output_gradient(0, t) = d[0], output_gradient(1, t) = d[1];
    }
  }
};

}  // namespace

void print_museum() {
  title("Ma  the coefficients of one episode: rewards 0, 0, -0.5, 0, 1, gamma = 0.9");
  for (const WeightExhibit& e : weight_exhibits()) line(e.title, e.weights(rewards()[0], gamma));

  title("Mb  on average, gamma = 1            dense rewards              delayed reward");
  fmt::print("  {:<36}{:>8}{:>9}{:>9}{:>12}{:>9}{:>9}\n", "", "error", "cosine", "variance", "error", "cosine",
             "variance");
  const auto weigh = [](const WeightExhibit& e) {
    return [&e](const rl::Batch& batch, nn::VectorView weights) {
      std::ranges::copy(e.weights(Vector(batch.rewards.begin(), batch.rewards.end()), 1), weights.begin());
    };
  };
  const WeightExhibit& right = weight_exhibits()[0];
  for (const WeightExhibit& e : weight_exhibits()) print(e.title, judge(rl::Categorical(), weigh(e)));
  for (const VectorExhibit& e : vector_exhibits().subspan(1)) print(e.title, judge(Edited(e.inject), weigh(right)));

  title("Mc  injected at p = (0.6, 0.4), a = 0, G = 2");
  for (const VectorExhibit& e : vector_exhibits()) line(e.title, e.inject(logits(), a, G));

  title("Md  four states through 3, 3 and 2 units: relative error of dW0 and of dW1");
  for (const LayerExhibit& e : layer_exhibits()) {
    const Layers net = layers(e);
    nn::Network right_net = as_network(net, e.activation);
    right_net.feedforward(net.x);
    right_net.backpropagate(net.dout);
    const auto g = right_net.gradients();
    line(e.title,
         Vector{relative_error(net.dW0.flat(), g.subspan(0, 9)), relative_error(net.dW1.flat(), g.subspan(12, 6))});
  }

  title("Me  mu = 0.8, sigma = 0.5, drawn 1.4, bounds -1 and 1, G = 2: along mu, along log sigma");
  for (const GaussianExhibit& e : gaussian_exhibits())
    line(e.title, e.inject(Scalar(0.8), Scalar(0.5), Scalar(1.4), 2));
}

std::vector<nn::FileContent> museum_files(const std::filesystem::path& folder) {
  std::vector<nn::FileContent> files;
  const auto add = [&](std::string name, std::string text) { files.push_back({folder / name, std::move(text)}); };
  const Vector right = weights_of(weight_exhibits()[0]);
  for (const VectorExhibit& e : vector_exhibits())
    add(fmt::format("{}.csv", e.file), csv("action,p0,p1,d0,d1,weight", [&](const Step& s, std::size_t i) {
          const Vector p = softmax(s.z), d = e.inject(s.z, s.action, right[i]);
          return Vector{Scalar(s.action), p[0], p[1], d[0], d[1], right[i]};
        }));
  for (const WeightExhibit& e : weight_exhibits().subspan(1)) {
    const Vector w = weights_of(e);
    add(fmt::format("{}.csv", e.file), csv("action,p0,p1,d0,d1", [&](const Step& s, std::size_t i) {
          const Vector p = softmax(s.z), d = inject(s.z, s.action, w[i]);
          return Vector{Scalar(s.action), p[0], p[1], d[0], d[1]};
        }));
  }
  for (const GaussianExhibit& e : gaussian_exhibits())
    add(fmt::format("{}.csv", e.file),
        csv("action0,mu0,sigma0,dmu0,dlog_sigma0,weight", [&](const Step& s, std::size_t i) {
          const Vector d = e.inject(s.mu, s.sigma, s.drawn, right[i]);
          return Vector{s.drawn, s.mu, s.sigma, d[0], d[1], right[i]};
        }));
  for (const LayerExhibit& e : layer_exhibits()) {
    const Layers net = layers(e);
    const std::string in = std::string(e.folder) + "/";
    add(in + "x.csv", fmt::format("# activation: {}\n", nn::name(e.activation)) + table(net.x));
    add(in + "dout.csv", table(net.dout));
    add(in + "W0.csv", rows(net.W0)), add(in + "W1.csv", rows(net.W1));
    add(in + "dW0.csv", rows(net.dW0)), add(in + "dW1.csv", rows(net.dW1));
  }
  return files;
}

}  // namespace book
