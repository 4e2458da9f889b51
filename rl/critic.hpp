#pragma once
/// A value network, V(s): how much is to come from here on. It learns by regression, like any network.

#include <span>

#include "nn/network.hpp"
#include "nn/optimizer.hpp"

namespace rl {

class Critic {
 public:
  /// The network has one output.
  Critic(nn::Network network, nn::Scalar learning_rate);

  /// values[t] = V(state t), for any number of states.
  void values(const nn::StatesView& states, nn::VectorView values);

  /// One step of Adam down the mean over the states of 1/2 (V(state t) - targets[t])^2. Returns the mean squared error
  /// before it. The targets are numbers: nothing flows back into what they were made of. Read next: advantages.hpp.
  double fit(const nn::StatesView& states, nn::ConstVectorView targets);

  nn::Network& network() { return network_; }
  nn::Adam& optimizer() { return optimizer_; }

 private:
  nn::Network network_;
  nn::Adam optimizer_;
  nn::Matrix gradient_;
};

}  // namespace rl
