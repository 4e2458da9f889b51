#pragma once
/// One way to run forward and backward with a linear-algebra library. Gradients are added to, as ours are.

#include <memory>
#include <string>
#include <vector>

namespace peers {

/// Row-major: W1 hidden x inputs, W2 outputs x hidden, X inputs x batch, dY outputs x batch (a peer may keep them in a
/// layout of its own).
struct Data {
  int inputs, hidden, outputs, batch;
  bool tanh;  // else relu
  std::vector<float> W1, b1, W2, b2, X, dY;
};

class Step {
 public:
  virtual ~Step() = default;
  virtual void run() = 0;
  /// dW1, db1, dW2, db2 row by row, in one line: the order of nn::Network::gradients().
  virtual std::vector<float> gradients() const = 0;
};

/// A peer that is linked in makes itself known.
struct Peer {
  std::string name;
  std::unique_ptr<Step> (*make)(const Data&);
};
std::vector<Peer>& found();
template <class T>
bool add_peer(const std::string& name) {
  found().push_back({name, [](const Data& data) -> std::unique_ptr<Step> { return std::make_unique<T>(data); }});
  return true;
}

}  // namespace peers
