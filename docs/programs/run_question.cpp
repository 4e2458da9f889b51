/// Every number of docs/00-the-question.md, by the functions that train: make run-question.
/// Each section is a function, and stands in docs/programs/question/.
///
/// One state, two actions, probabilities (0.6, 0.4). Action a = 0 was taken, its return is G = 2, a step is 0.1.

#include <fmt/core.h>

#include "docs/programs/question/sections.hpp"
#include "rl/app/options.hpp"
#include "rl/app/report.hpp"

namespace {

using namespace question;
constexpr void (*sections[])() = {the_line_in_the_question,
                                  from_the_equation_to_the_vector,
                                  the_loss_and_the_label,
                                  an_episode,
                                  one_sign,
                                  sample_and_softmax_once,
                                  baselines,
                                  returns,
                                  a_continuous_action,
                                  is_the_gradient_right};

}  // namespace

int main(int argc, char** argv) {
  return rl::guarded("run_question", [&] {
    const rl::Program program{"run_question", "Prints every number of docs/00-the-question.md."};
    if (const auto status = rl::parse_no_options(argc, argv, program)) return *status;
    fmt::print("p = (0.6, 0.4), a = 0, G = 2, step 0.1.   docs/00-the-question.md\n");
    for (const auto section : sections) section();
    return 0;
  });
}
