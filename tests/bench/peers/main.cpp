/// Forward and backward: ours beside the peers that were found, in one run. make bench-peers

#include <cmath>
#include <cstdlib>

#include "tests/bench/peers/peer.hpp"
#include "tests/bench/problem.hpp"
#include "tests/bench/tables.hpp"

std::vector<peers::Peer>& peers::found() {
  static std::vector<Peer> all;
  return all;
}

namespace {

using peers::Peer;

peers::Data data_of(bench::Ours& ours, const bench::Problem& p) {
  const auto copy = [](auto numbers) { return std::vector<float>(numbers.begin(), numbers.end()); };
  nn::Network& net = ours.network;
  return {int(p.inputs),
          int(p.hidden),
          int(p.outputs),
          int(p.batch),
          p.activation == nn::Activation::tanh,
          copy(net.weight(0).flat()),
          copy(net.bias(0)),
          copy(net.weight(1).flat()),
          copy(net.bias(1)),
          copy(ours.X.flat()),
          copy(ours.dY.flat())};
}

/// A peer that computes something else is no peer.
void check_same_gradients(const Peer& peer, const bench::Problem& p) {
  bench::Ours ours(p);
  const auto step = peer.make(data_of(ours, p));
  ours.forward_backward();
  step->run();
  const auto theirs = step->gradients();
  double worst = 0, largest = 0;
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    worst = std::max(worst, std::abs(double(theirs[i]) - double(ours.network.gradients()[i])));
    largest = std::max(largest, std::abs(double(theirs[i])));
  }
  if (theirs.size() == ours.network.gradients().size() && worst <= 1e-4 * largest) return;
  fmt::print(stderr, "bench-peers: {}, {}: expected our gradient, got one that differs by {:.1e} of {:.1e}\n",
             peer.name, p.name(), worst, largest);
  std::exit(1);
}

bench::Table peers_table() {
  std::vector<bench::Column> columns = {{"onehot"}};
  for (const Peer& peer : peers::found()) columns.push_back({peer.name, "onehot"});
  bench::Table table("peers", "Forward+backward; a factor says how many times as fast onehot is.", bench::Unit::gflops,
                     columns);
  for (const bench::Problem& p : bench::problems()) {
    table.add(p.name(), "onehot", [p] {
      return [p, ours = std::make_shared<bench::Ours>(p)] { return ours->forward_backward(), p.flop(); };
    });
    for (const Peer& peer : peers::found()) {
      if (p.activation == nn::Activation::relu && peer.name.ends_with("tanh")) continue;  // no tanh, no difference
      check_same_gradients(peer, p);
      table.add(p.name(), peer.name, [p, peer] {
        bench::Ours ours(p);
        return [p, step = std::shared_ptr<peers::Step>(peer.make(data_of(ours, p)))] { return step->run(), p.flop(); };
      });
    }
  }
  return table;
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run(argc, argv, [] { return std::vector{bench::machine_table(), peers_table()}; });
}
