#include <algorithm>
#include <memory>

#include "tests/bench/problem.hpp"
#include "tests/bench/reference.hpp"
#include "tests/bench/tables.hpp"

namespace bench {

double peak_separate();
double peak_fused();

Table machine_table() {
  Table table("machine",
              "The peak is the better of the two; without contraction our kernels can reach the second only.",
              Unit::gflops, {{"multiply-add"}});
  table.add("fused", "multiply-add", [] { return peak_fused; });
  table.add("separate", "multiply-add", [] { return peak_separate; });
  return table;
}

Table network_table() {
  Table table("network",
              "FLOP = 2 B (I H + H O) forward; 2 B (2 I H + 3 H O) with backward, no gradient to the inputs.",
              Unit::gflops,
              {{"forward"}, {"plain loops", "forward"}, {"forward+backward"}, {"plain loops f+b", "forward+backward"}});
  for (const Problem& p : problems()) {
    table.add(p.name(), "forward",
              [p] { return [p, ours = std::make_shared<Ours>(p)] { return ours->forward(), p.forward_flop(); }; });
    table.add(p.name(), "forward+backward",
              [p] { return [p, ours = std::make_shared<Ours>(p)] { return ours->forward_backward(), p.flop(); }; });
    const auto plain = [p](bool backward) {
      const auto ours = std::make_shared<Ours>(p);  // for its numbers
      const auto net = std::make_shared<plain::Network>(p.inputs, p.hidden, p.outputs, p.batch, p.activation);
      std::ranges::copy(ours->network.weight(0).flat(), net->W1.flat().begin());
      std::ranges::copy(ours->network.weight(1).flat(), net->W2.flat().begin());
      return [=] {
        net->forward(ours->X);
        if (backward) net->backward(ours->X, ours->dY);
        return backward ? p.flop() : p.forward_flop();
      };
    };
    table.add(p.name(), "plain loops", [plain] { return plain(false); });
    table.add(p.name(), "plain loops f+b", [plain] { return plain(true); });
  }
  return table;
}

}  // namespace bench
