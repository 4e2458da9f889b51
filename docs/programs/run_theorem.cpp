/// Every number of docs/one-theorem.md, by the functions that train: make run-theorem.
/// Each section is a function, and stands in docs/programs/theorem/.
///
/// A Gaussian with mu = 0.3, sigma = 0.5 took the action 1.1; softmax and Bernoulli have the numbers of page 0.

#include <fmt/core.h>

#include "docs/programs/theorem/sections.hpp"
#include "rl/app/options.hpp"
#include "rl/app/report.hpp"

namespace {

using namespace theorem;
constexpr void (*sections[])() = {
    a_density, the_mean_of_the_score, three_distributions, log_sigma, several_dimensions, drawing, how_uncertain,
    clipping};

}  // namespace

int main(int argc, char** argv) {
  return rl::guarded("run_theorem", [&] {
    const rl::Program program{"run_theorem", "Prints every number of docs/one-theorem.md."};
    if (const auto status = rl::parse_no_options(argc, argv, program)) return *status;
    fmt::print("mu = 0.3, sigma = 0.5, a = 1.1, G = 2.   docs/one-theorem.md\n");
    for (const auto section : sections) section();
    return 0;
  });
}
