/// docs/09-cartpole.md
#include <vector>

#include "docs/programs/book.hpp"
#include "docs/programs/cartpole_training.hpp"
#include "docs/programs/contents.hpp"
#include "docs/programs/svg.hpp"
#include "envs/cartpole.hpp"

namespace book {
namespace ch09 {

using Observation = envs::CartPole::Observation;

void the_world() {
  title("9a  from rest, pushed to the right ten times");
  fmt::print("  seconds        x    x_dot    theta    theta_dot\n");
  envs::CartPoleState state = {0, 0, 0, 0};
  for (int step = 0; step <= 10; ++step) {
    if (step <= 2 || step == 10)
      fmt::print("  {:.2f}      {:+.3f}   {:+.3f}   {:+.3f}       {:+.3f}\n", 0.02 * step, state.x, state.x_dot,
                 state.theta, state.theta_dot);
    state = envs::cartpole_advance(state, std::sin(state.theta), std::cos(state.theta), 10);
  }
}

/// The mean length of 200 episodes, and how it spreads.
template <class Choose>
void by_hand(std::string_view name, Choose choose) {
  double sum = 0, square = 0;
  constexpr int episodes = 200;
  for (std::uint64_t episode = 0; episode < episodes; ++episode) {
    nn::Random rng({7, episode});
    envs::TimeLimit<envs::CartPole> world;
    Observation seen = world.reset(rng);
    for (double length = 1;; ++length) {
      const auto step = world.step(choose(seen, rng));
      seen = step.observation;
      if (step.terminated || step.truncated) {
        sum += length, square += length * length;
        break;
      }
    }
  }
  const double mean = sum / episodes, deviation = std::sqrt(square / episodes - mean * mean);
  fmt::print("  {:<48}{:7.1f}  +- {:.1f}\n", name, mean, deviation / std::sqrt(episodes));
}

void hand_made_policies() {
  title("9b  policies without learning, 200 episodes: mean return, standard error");
  by_hand("always to the right", [](const Observation&, nn::Random&) { return 1; });
  by_hand("at random", [](const Observation&, nn::Random& rng) { return rng.uniform() < 0.5 ? 0 : 1; });
  by_hand("to where the pole leans", [](const Observation& s, nn::Random&) { return s[2] > 0 ? 1 : 0; });
  by_hand("to where the pole will lean: theta + theta_dot",
          [](const Observation& s, nn::Random&) { return s[2] + s[3] > 0 ? 1 : 0; });
}

struct Point3 {
  double timesteps, mean_return, entropy;
};
std::vector<Point3> train(std::uint64_t seed, std::size_t updates) {
  CartPoleTraining training(seed);
  std::vector<Point3> curve;
  double timesteps = 0;
  for (std::size_t update = 1; update <= updates; ++update) {
    const rl::UpdateReport report = training.update();
    timesteps += static_cast<double>(report.timesteps);
    curve.push_back({timesteps, report.mean_return(), report.entropy});
    if (report.mean_return() >= 475) break;
  }
  return curve;
}

void one_training() {
  title("9c  one training, seed 0: eight episodes an update");
  fmt::print("  update    timesteps    mean return    entropy\n");
  std::size_t update = 0;
  for (const Point3& point : train(0, 100))
    fmt::print("  {:>6}{:>13.0f}{:>15.1f}{:>11.3f}\n", ++update, point.timesteps, point.mean_return, point.entropy);
}

void what_it_proves() {
  title("9d  n of n seeds solved: every smaller success rate is rejected at the 5 % level");
  for (const int n : {1, 3, 10, 100, 1000}) fmt::print("  n = {:<44}{:7.3f}\n", n, std::pow(0.05, 1. / n));
}

void print() {
  the_world();
  hand_made_policies();
  one_training();
  what_it_proves();
}

std::string draw() {
  Svg svg(760, 370, "Ten trainings of CartPole, seeds 0 to 9");
  const Axes axes{70, 720, 50, 300, 0, 25'000, 0, 500};
  axes.draw(svg,
            {{0, "0"}, {5000, "5,000"}, {10'000, "10,000"}, {15'000, "15,000"}, {20'000, "20,000"}, {25'000, "25,000"}},
            {{0, "0"}, {100, "100"}, {200, "200"}, {300, "300"}, {400, "400"}, {475, "475"}}, "timesteps",
            "mean return of an update");
  const auto curve = [&](std::uint64_t seed, std::string_view colour, double width) {
    std::vector<Point> points;
    for (const Point3& point : train(seed, 100))
      if (point.timesteps <= axes.x_high) points.push_back(axes(point.timesteps, point.mean_return));
    svg.curve(points, colour, width);
    svg.circle(points.back(), 3, colour);
  };
  for (std::uint64_t seed = 1; seed < 10; ++seed) curve(seed, grey, 1.2);
  curve(0, orange, 2.5);  // that of 9c
  svg.line(axes(0, 475), axes(25'000, 475), ink, 1, true);
  svg.text({axes(9300, 0).x, axes(0, 215).y}, "seed 0, as in 9c", {.anchor = "start", .colour = orange, .bold = true});
  svg.text({70, 362}, "grey: seeds 1 to 9; a dot: the episodes of an update reach 475",
           {.anchor = "start", .size = 12});
  return svg.done();
}

}  // namespace ch09

const Chapter chapter_9 = {9, ch09::print, "09-cartpole", ch09::draw};

}  // namespace book
