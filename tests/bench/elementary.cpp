#include <cmath>
#include <memory>

#include "envs/trigonometry.hpp"
#include "nn/arithmetic/elementary.hpp"
#include "nn/random.hpp"
#include "nn/softmax.hpp"
#include "rl/categorical.hpp"
#include "tests/bench/tables.hpp"

namespace bench {
namespace {

constexpr std::size_t count = 2048;  // in and out of a row fit the first cache

std::shared_ptr<nn::Matrix> numbers(double low, double high, std::size_t rows = 1) {
  nn::Random rng(7);
  const auto X = std::make_shared<nn::Matrix>(rows, count);
  for (nn::Scalar& x : X->flat()) x = static_cast<nn::Scalar>(rng.uniform(low, high));
  return X;
}

/// y = f(x) along a row.
template <class Function>
Prepare row_of(double low, double high, Function f) {
  return [=] {
    return [f, x = numbers(low, high), y = std::make_shared<nn::Matrix>(1, count)] {
      const nn::Scalar* from = x->flat().data();
      nn::Scalar* to = y->flat().data();
      for (std::size_t i = 0; i < count; ++i) to[i] = f(from[i]);
      return double(count);
    };
  };
}

Prepare softmax_of(std::size_t classes) {
  return [=] {
    return [=, Z = numbers(-3, 3, classes), P = std::make_shared<nn::Matrix>(classes, count)] {
      nn::softmax(*Z, *P);
      return double(classes * count);
    };
  };
}

Prepare sampling_of(std::size_t actions) {
  return [=] {
    nn::Random rng(8);
    std::vector<double> u(count);
    for (double& number : u) number = rng.uniform();
    return [=, Z = numbers(-3, 3, actions), distribution = std::make_shared<rl::Categorical>(),
            taken = std::make_shared<nn::Matrix>(1, count)] {
      distribution->sample(*Z, u, *taken);
      return double(count);
    };
  };
}

}  // namespace

Table elementary_table() {
  using nn::Scalar;
  Table table("elementary", "Rows of 2,048; softmax per probability, sampling per action (its softmax included).",
              Unit::ns, {{"onehot"}, {"C library", "onehot"}});
  table.add("exp", "onehot", row_of(-10, 10, [](Scalar x) { return nn::exp(x); }));
  table.add("exp", "C library", row_of(-10, 10, [](Scalar x) { return std::exp(x); }));
  table.add("log", "onehot", row_of(0.1, 10, [](Scalar x) { return nn::log(x); }));
  table.add("log", "C library", row_of(0.1, 10, [](Scalar x) { return std::log(x); }));
  table.add("tanh", "onehot", row_of(-3, 3, [](Scalar x) { return nn::tanh(x); }));
  table.add("tanh", "C library", row_of(-3, 3, [](Scalar x) { return std::tanh(x); }));
  table.add("sin and cos", "onehot", row_of(-0.2, 0.2, [](Scalar x) {
              const envs::SinCos angle = envs::SmallAngles()(x);  // as environments side by side do
              return angle.sine + angle.cosine;
            }));
  table.add("sin and cos", "C library", row_of(-0.2, 0.2, [](Scalar x) { return std::sin(x) + std::cos(x); }));
  table.add("softmax of 2", "onehot", softmax_of(2));
  table.add("softmax of 10", "onehot", softmax_of(10));
  table.add("sampling of 2", "onehot", sampling_of(2));
  table.add("sampling of 10", "onehot", sampling_of(10));
  table.add("uniform (PCG64)", "onehot", [] {
    return [rng = std::make_shared<nn::Random>(7), u = std::make_shared<std::vector<double>>(count)] {
      for (double& number : *u) number = rng->uniform();
      return double(count);
    };
  });
  return table;
}

}  // namespace bench
