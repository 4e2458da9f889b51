/// A fixed amount of work in a process of its own: what counts instructions, memory, or the time beside another
/// language's program measures from outside.
///
///   fixed train ENVS TIMESTEPS   prints timesteps, CPU seconds, peak memory in MiB
///   fixed pong HIDDEN dense|sparse games|points TIMESTEPS   prints timesteps, CPU seconds, peak memory in MiB
///   fixed network CALLS          forward and backward of 64-64-64 tanh and relu, batch 64

#include <fmt/core.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <string_view>

#include "rl/training/train.hpp"
#include "tests/bench/problem.hpp"
#include "tests/bench/training.hpp"

namespace {

void time_training(auto& training, std::size_t timesteps) {
  const auto begin = std::chrono::steady_clock::now();
  const double start = rl::cpu_seconds(true);
  const std::size_t done = training.run(timesteps);
  const double seconds = rl::cpu_seconds(true) - start;
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  fmt::print("{} {:.6f} {:.1f} {:.6f}\n", done, seconds, double(usage.ru_maxrss) / 1024, wall.count());
}

}  // namespace

using std::string_view_literals::operator""sv;

int main(int argc, char** argv) {
  const std::string_view what = argc > 2 ? argv[1] : "";
  const auto number = [&](int i) { return static_cast<std::size_t>(std::strtoull(argv[i], nullptr, 10)); };
  if (what == "train" && (argc == 4 || (argc == 5 && number(4) > 0)) && number(2) > 0) {
    bench::CartPoleTraining training(number(2), argc == 5 ? number(4) : 1);
    if (argc == 5) training.learn();
    time_training(training, number(3));
    return 0;
  }
  if (what == "pong" && argc == 6 && number(2) > 0) {
    bench::PongTraining training(number(2), argv[3] == "sparse"sv, argv[4] == "games"sv);
    time_training(training, number(5));
    return 0;
  }
  if (what == "network" && argc == 3) {
    for (const auto activation : {nn::Activation::tanh, nn::Activation::relu}) {
      bench::Ours ours({64, 64, 64, 64, activation});
      for (std::size_t i = 0; i < number(2); ++i) ours.forward_backward();
    }
    return 0;
  }
  fmt::print(stderr,
             "usage: fixed train ENVS TIMESTEPS [THREADS] | fixed pong HIDDEN dense|sparse games|points TIMESTEPS | "
             "fixed network CALLS\n");
  return 2;
}
