/// docs/06-the-whole-truth.md
#include <algorithm>
#include <array>
#include <vector>

#include "docs/programs/book.hpp"
#include "docs/programs/contents.hpp"
#include "docs/programs/svg.hpp"
#include "docs/programs/two_steps.hpp"
#include "nn/network.hpp"
#include "rl/oracle/estimators.hpp"
#include "rl/oracle/oracle.hpp"

namespace book {
namespace ch06 {

void four_episodes() {
  title("6a  two steps, p = (0.6, 0.4) in both; action 0 pays 2, action 1 pays 1");
  fmt::print("  episode  probability  R   G_0, G_1        first injected number, both steps added; coefficient:\n");
  fmt::print("  {:41}{:>8}{:>8}{:>12}{:>10}{:>8}\n", "", "R", "G_t", "minus mean", "whitened", "1");
  std::array<Scalar, 5> mean{};
  for (const TwoSteps& episode : two_steps()) {
    fmt::print("  {}, {}         {:.2f}      {}   {:<14}", episode.actions[0], episode.actions[1], episode.probability,
               episode.G[0], show(Vector{episode.G[0], episode.G[1]}, 0));
    std::size_t i = 0;
    for (const Weight weight : {Weight::total, Weight::to_go, Weight::minus_own_mean, Weight::whitened, Weight::one}) {
      const Scalar injected = episode.injected(weight);
      constexpr int widths[] = {8, 8, 12, 10, 8};
      fmt::print("{:>+{}.2f}", std::abs(injected) < Scalar(1e-12) ? 0 : injected, widths[i]);
      mean[i++] += episode.probability * injected;
    }
    fmt::print("\n");
  }
  fmt::print("  {:41}{:>+8.2f}{:>+8.2f}{:>+12.2f}{:>+10.2f}{:>+8.2f}\n", "the average", mean[0], mean[1], mean[2],
             mean[3] + 0., std::abs(mean[4]) < Scalar(1e-12) ? 0 : mean[4]);
  const auto J = [](const Vector& z) { return 2 * (softmax(z)[0] * 2 + softmax(z)[1] * 1); };
  line("J", J(logits()));
  line("its gradient with respect to the logits", numerical_gradient(logits(), J));
}

void past_rewards() {
  title("6b  the reward of the first step, times the score of the second");
  Scalar mean = 0;
  for (const TwoSteps& e : two_steps()) {
    const Scalar product = e.reward(0) * e.score(1);
    mean += e.probability * product;
    fmt::print("  {}, {}   {:.2f} times {:+.2f}\n", e.actions[0], e.actions[1], e.probability, product);
  }
  line("the average", mean);
}

const rl::Estimator& named(std::string_view name) {
  return *std::ranges::find(rl::estimators(), name, &rl::Estimator::name);
}

/// The policy of `make oracle`.
nn::Network oracle_policy() {
  nn::Random rng(7);
  return {{3, 2}, nn::Activation::identity, rng, 2};
}

void tiny_worlds() {
  nn::Network policy = oracle_policy();
  title("6c  error of the mean, 216 episodes     dense rewards        delayed reward");
  fmt::print("  {:36}{:>9}{:>9}{:>12}{:>9}\n", "", "gamma 1", "0.9", "gamma 1", "0.9");
  for (const std::string_view name :
       {"total return R", "reward-to-go G_t", "G_t - V(s_t)", "G_t - 10, a constant far off", "G_t without gamma^t",
        "G_t - V(s_{t+1})", "G_t - the episode's own mean", "G_t whitened within the episode", "r_t only",
        "past rewards, r_0 + ... + r_t", "the first T-t rewards", "G_{t+1}, one step late", "1, the return forgotten",
        "taken output only", "gradient of p, not log p"}) {
    fmt::print("  {:36}", name);
    for (const envs::TinyWorld* world : {&envs::dense_world, &envs::delayed_world})
      for (const Scalar gamma : {Scalar(1), Scalar(0.9)}) {
        rl::Oracle oracle(*world, policy, gamma);
        const rl::Judgement found = rl::judge(rl::moments(oracle, named(name)), oracle.gradient());
        fmt::print("{:>{}}", found.bias == rl::Bias::unbiased ? "0" : fmt::format("{:.3f}", found.error),
                   world == &envs::delayed_world && gamma == 1 ? 12 : 9);
      }
    fmt::print("\n");
  }
  title("6d  delayed reward, gamma = 0.9: cosine of the mean with the gradient");
  rl::Oracle oracle(envs::delayed_world, policy, Scalar(0.9));
  for (const std::string_view name :
       {"G_t without gamma^t", "G_t - the episode's own mean", "G_t whitened within the episode"})
    line(name, rl::judge(rl::moments(oracle, named(name)), oracle.gradient()).cosine);
}

void print() {
  four_episodes();
  past_rewards();
  tiny_worlds();
}

std::string draw() {
  Svg svg(760, 420, "What three estimators give on average, against the exact gradient");
  const Axes axes{90, 430, 50, 350, -0.25, 0.25, -0.25, 0.25};
  axes.draw(svg, {{-0.2, "-0.2"}, {0, "0"}, {0.2, "0.2"}}, {{-0.2, "-0.2"}, {0, "0"}, {0.2, "0.2"}},
            "exact partial derivative of J", "mean of the estimates");
  svg.line(axes(-0.25, -0.25), axes(0.25, 0.25), ink, 1, true);
  nn::Network policy = oracle_policy();
  rl::Oracle oracle(envs::delayed_world, policy, Scalar(0.9));
  const auto points = [&](std::string_view name, std::string_view label, std::string_view colour, double radius,
                          double y) {
    const rl::Moments found = rl::moments(oracle, named(name));
    for (std::size_t i = 0; i < found.mean.size(); ++i)
      svg.circle(axes(oracle.gradient()[i], found.mean[i]), radius, colour);
    svg.circle({470, y - 4}, radius, colour);
    svg.text({486, y}, label, {.anchor = "start", .colour = colour, .bold = true});
  };
  points("G_t - V(s_t)", "G_t minus the value: on the line", blue, 7, 130);
  points("the first T-t rewards", "the first T - t rewards", green, 5, 170);
  points("G_t whitened within the episode", "whitened within the episode", orange, 5, 210);
  svg.text({470, 270}, "One dot per parameter of the policy,", {.anchor = "start", .size = 12});
  svg.text({470, 290}, "in pairs, since the injected numbers", {.anchor = "start", .size = 12});
  svg.text({470, 310}, "of two actions are opposite.", {.anchor = "start", .size = 12});
  svg.text({470, 340}, "Delayed reward, gamma = 0.9.", {.anchor = "start", .size = 12});
  return svg.done();
}

}  // namespace ch06

const Chapter chapter_6 = {6, ch06::print, "06-the-whole-truth", ch06::draw};

}  // namespace book
