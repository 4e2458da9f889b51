#pragma once
/// Mistakes that were published, each as short as it can be said, on the same two episodes.         docs/museum.md

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "docs/programs/book.hpp"
#include "nn/io/file.hpp"
#include "nn/network.hpp"

namespace book {

/// The weight of every step, from the rewards of one episode.
struct WeightExhibit {
  std::string_view file, title;
  Vector (*weights)(const Vector& rewards, Scalar gamma);
};
std::span<const WeightExhibit> weight_exhibits();

/// The vector injected at the logits of one step.
struct VectorExhibit {
  std::string_view file, title;
  Vector (*inject)(const Vector& z, int action, Scalar G);
};
std::span<const VectorExhibit> vector_exhibits();

/// The two numbers injected at mu and log sigma, for an action drawn from a Gaussian. The world accepts -1 to 1.
struct GaussianExhibit {
  std::string_view file, title;
  Vector (*inject)(Scalar mu, Scalar sigma, Scalar action, Scalar G);
};
std::span<const GaussianExhibit> gaussian_exhibits();

/// Two layers, h = activation(W0 x) and W1 h, and what a backward pass makes of dout; one column per state.
struct Layers {
  Matrix W0, W1, x, h, dout;
  Matrix dW0, dW1, du;
};
struct LayerExhibit {
  std::string_view folder, title;
  nn::Activation activation;
  void (*backward)(Layers& net);
};
std::span<const LayerExhibit> layer_exhibits();

/// Every number of the page.
void print_museum();
/// The two episodes, as each exhibit would have dumped them: NAME.csv, or NAME/x.csv and so on.
std::vector<nn::FileContent> museum_files(const std::filesystem::path& folder);

}  // namespace book
