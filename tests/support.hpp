#pragma once
/// What several tests need: random matrices, tolerances of the two precisions, lengths, CSV tables.

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "nn/arithmetic/matrix.hpp"
#include "nn/random.hpp"

namespace tests {

/// The tolerance of this build.
constexpr double within(double in_double, double in_float) {
  return nn::is_double ? in_double : in_float;
}

/// How many random cases: many in double, few in float and where every instruction is watched (FEW_CASES).
inline std::size_t count(std::size_t many, std::size_t few) {
  return nn::is_double && !std::getenv("FEW_CASES") ? many : few;
}

inline nn::Matrix random_matrix(std::size_t rows, std::size_t cols, nn::Random& rng, double size = 1) {
  nn::Matrix X(rows, cols);
  for (nn::Scalar& x : X.flat()) x = static_cast<nn::Scalar>(rng.uniform(-size, size));
  return X;
}
inline nn::Vector random_vector(std::size_t size, nn::Random& rng) {
  nn::Vector x(size);
  for (nn::Scalar& value : x) value = static_cast<nn::Scalar>(rng.uniform(-1, 1));
  return x;
}
inline std::vector<int> random_actions(std::size_t size, std::size_t count, nn::Random& rng) {
  std::vector<int> actions(size);
  for (int& action : actions) action = static_cast<int>(rng.uniform() * static_cast<double>(count));
  return actions;
}

/// The Euclidean length of an exact gradient, and how far two of them are apart.
inline double length(const std::vector<double>& x) {
  double sum = 0;
  for (const double value : x) sum += value * value;
  return std::sqrt(sum);
}
inline double distance(std::vector<double> x, const std::vector<double>& y) {
  for (std::size_t i = 0; i < x.size(); ++i) x[i] -= y[i];
  return length(x);
}

/// A folder of this test's own, empty, gone afterwards.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// How many characters UTF-8 text has.
std::size_t characters(std::string_view text);

/// What a program said and how it ended. The command runs in a shell; BUILD/bin is where programs are.
struct Ran {
  int status;
  std::string output, errors;
};
Ran run(const std::string& command);
std::string program(const std::string& name);

}  // namespace tests
