/// Every number of docs/00-the-question.md, by the functions that train: make run-question.
///
/// One state, two actions, probabilities (0.6, 0.4). Action a = 0 was taken, its return is G = 2, a step is 0.1.

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "envs/cartpole.hpp"
#include "nn/arithmetic/elementary.hpp"
#include "nn/gradient_check.hpp"
#include "nn/loss.hpp"
#include "nn/softmax.hpp"
#include "rl/app/options.hpp"
#include "rl/reinforce.hpp"
#include "rl/app/report.hpp"

namespace {

using nn::ConstMatrixView, nn::MatrixView, nn::Scalar;
using Numbers = nn::Vector;  // of one state: a column

constexpr int a = 0;
constexpr Scalar G = 2, step = Scalar(0.1), gamma = Scalar(0.95);
const Numbers logits = {nn::log(Scalar(0.6)), nn::log(Scalar(0.4))};
rl::Categorical head;

ConstMatrixView column(const Numbers& x) {
  return {x.data(), x.size(), 1};
}
MatrixView column(Numbers& x) {
  return {x.data(), x.size(), 1};
}

Numbers softmax(Numbers z) {
  nn::softmax(column(z), column(z));
  return z;
}
Scalar log_prob(const Numbers& z, int action) {
  Scalar result = 0;
  head.log_prob(column(z), {&action, 1}, {&result, 1});
  return result;
}
/// (one_hot - probs) * weight, by the policy.
Numbers inject(int action, Scalar weight) {
  Numbers result(2);
  head.weighted_score(column(logits), {&action, 1}, {&weight, 1}, column(result));
  return result;
}
/// (probs - one_hot) * G, by the loss.
Numbers label_gradient() {
  Numbers result(2);
  nn::cross_entropy_gradient(column(logits), {&a, 1}, {&G, 1}, column(result));
  return result;
}
/// p(0), after one step up.
Scalar ascend(const Numbers& gradient) {
  Numbers z = logits;
  nn::Sgd({.learning_rate = step}).ascend(z, gradient);
  return softmax(z)[0];
}
Scalar descend(const Numbers& gradient) {
  Numbers z = logits;
  nn::Sgd({.learning_rate = step}).descend(z, gradient);
  return softmax(z)[0];
}
/// The slope of J along each number of theta, by central differences.                     Eq. (0.14)
template <class Function>
Numbers slopes(Numbers theta, Function J) {
  constexpr Scalar h = Scalar(1) / 256;
  Numbers result;
  for (Scalar& x : theta) {
    const Scalar saved = x, above = J((x = saved + h, theta)), below = J((x = saved - h, theta));
    result.push_back((above - below) / (2 * h));
    x = saved;
  }
  return result;
}

std::string show(const Numbers& numbers, int digits = 3) {
  std::string text;
  for (const Scalar x : numbers)  // what is 0 but for rounding is shown as 0
    text += fmt::format("{}{:+.{}f}", text.empty() ? "(" : ", ", std::abs(x) < Scalar(5e-5) ? 0 : x, digits);
  return text + ")";
}
std::string show(Scalar x) {
  return fmt::format("{:6.3f}", x);
}
void title(std::string_view text) {
  fmt::print("\n{}\n", text);
}
void line(std::string_view label, const auto&... value) {
  fmt::print("  {:<48}{}\n", label, show(value...));
}

void the_line_in_the_question() {
  const Numbers p = softmax(logits), answer = inject(a, G);
  const Scalar value = G * log_prob(logits, a);
  title("1a  G log p(a)");
  line("its value", value);
  line("its slopes along the probabilities", slopes(p, [](const Numbers& q) { return G * nn::log(q[a]); }));
  line("its slopes along the logits", slopes(logits, [](const Numbers& z) { return G * log_prob(z, a); }));
  line("log softmax of the logits (800, -800)", Numbers{log_prob({800, -800}, 0), log_prob({800, -800}, 1)});
  title("1b  logits += 0.1 * injected        injected          p(0)");
  const auto update = [](std::string_view label, const Numbers& injected) {
    fmt::print("  {:<34}{}  0.600 -> {:.3f}\n", label, show(injected), ascend(injected));
  };
  update("(one_hot - probs) * G", answer);
  update("G log p(a), the value", {value, 0});
  update("only the output of the action", {answer[a], 0});
  update("G * probs, without the action", {G * p[0], G * p[1]});
}

void from_the_equation_to_the_vector() {
  const auto J = [](const Numbers& z) { return 2 * softmax(z)[0] + 1 * softmax(z)[1]; };
  title("2a  log p(a)");
  line("one_hot - probs", inject(a, 1));
  line("its slopes along the logits", slopes(logits, [](const Numbers& z) { return log_prob(z, a); }));
  title("2b  action 0 returns 2, action 1 returns 1: J = p(0) * 2 + p(1) * 1");
  line("J", J(logits));
  line("its slopes along the logits", slopes(logits, J));
  line("injected after action 0, probability 0.6", inject(0, 2));
  line("injected after action 1, probability 0.4", inject(1, 1));
}

void the_loss_and_the_label() {
  const auto loss = [](const Numbers& z) { return nn::cross_entropy(column(z), {&a, 1}, {&G, 1}); };
  const Numbers p = softmax(logits), label = {1, 0}, up = inject(a, G);
  title("3a  one loss");
  line("-G log p(a)", -G * log_prob(logits, a));
  line("-G times the sum of label * log p", -G * (label[0] * nn::log(p[0]) + label[1] * nn::log(p[1])));
  line("nn::cross_entropy", loss(logits));
  title("3b  one gradient");
  line("minus the injected vector", Numbers{-up[0], -up[1]});
  line("nn::cross_entropy_gradient", label_gradient());
  line("the slopes of the loss", slopes(logits, loss));
}

/// A short episode of CartPole, and the network that played it.
struct Play {
  nn::Random rng{7};
  nn::Network policy{{4, 8, 2}, nn::Activation::tanh, rng};
  rl::Lanes<envs::VectorCartPole, rl::Categorical> lanes{1, std::array<Scalar, 4>{2, 2, 16, 4}};
  rl::Rollout<envs::VectorCartPole, rl::Categorical> rollout;
  const rl::Batch<int>& batch = rollout.collect(lanes, policy, head, 0, 1, 7, 0);
  Numbers returns = Numbers(batch.steps());
  nn::Matrix injected{2, batch.steps()};
  Play() {
    rl::discounted_returns(batch.rewards, 1, returns);
    head.weighted_score(policy.feedforward(batch.states), batch.actions, returns, injected);
  }
};

void an_episode(Play& play) {
  const rl::Batch<int>& batch = play.batch;
  nn::Matrix P(2, batch.steps());
  nn::softmax(play.policy.feedforward(batch.states), P);
  title("3c  state                            probs           action  label  G  injected");
  for (std::size_t t = 0; t < batch.steps(); ++t) {
    for (std::size_t row = 0; row < 4; ++row) fmt::print("{:>8.3f}", batch.states(row, t));
    fmt::print("  ({:.3f}, {:.3f})  {:>4}    ({}, {})  {}  {}\n", P(0, t), P(1, t), batch.actions[t],
               1 - batch.actions[t], batch.actions[t], play.returns[t],
               show({play.injected(0, t), play.injected(1, t)}));
  }
}

void one_sign(Play& play) {
  title("3d  one sign: p(0) after");
  line("ascend with the injected vector", ascend(inject(a, G)));
  line("descend with the cross-entropy's gradient", descend(label_gradient()));
  line("descend with the injected vector, mixed up", descend(inject(a, G)));

  nn::Network up = play.policy, down = play.policy;
  up.feedforward(play.batch.states);
  up.backpropagate(play.injected);
  nn::Sgd({.learning_rate = step}).ascend(up.parameters(), up.gradients());

  nn::Matrix dZ(2, play.batch.steps());
  nn::cross_entropy_gradient(down.feedforward(play.batch.states), play.batch.actions, play.returns, dZ);
  down.backpropagate(dZ);
  nn::Sgd({.learning_rate = step}).descend(down.parameters(), down.gradients());

  std::size_t equal = 0, count = up.parameters().size();
  for (std::size_t i = 0; i < count; ++i) equal += up.parameters()[i] == down.parameters()[i] ? 1 : 0;
  fmt::print("  a network, right both ways: {} of {} parameters equal\n", equal, count);
}

void softmax_once_and_sample() {
  title("3e  softmax of softmax, at its best");
  for (const std::size_t K : {2u, 10u}) {
    Numbers z(K);
    z[0] = 100;
    const Scalar best = softmax(softmax(z))[0];
    fmt::print("  K = {:<2}  p = {:.3f}  loss {:.3f}\n", K, best, -nn::log(best));
  }

  constexpr std::size_t draws = 10'000;
  nn::Matrix Z(2, draws), score(2, draws);
  for (std::size_t k = 0; k < 2; ++k) nn::fill(Z.row(k), logits[k]);
  nn::Random rng(7);
  std::vector<double> u(draws);
  std::ranges::generate(u, [&] { return rng.uniform(); });
  std::vector<int> actions(draws);
  title("3f  10000 actions       action 0  mean of one_hot - probs");
  const auto report = [&](std::string_view how) {
    head.weighted_score(Z, actions, Numbers(draws, 1), score);
    const Numbers mean = {nn::sum(score.row(0)) / draws, nn::sum(score.row(1)) / draws};
    fmt::print("  {:<22}{:<10}{}\n", how, std::ranges::count(actions, 0), show(mean));
  };
  head.sample(Z, u, actions);
  report("sampled");
  head.mode(Z, actions);
  report("the most probable");
}

struct Outcome {
  Scalar probability;
  int action;
  Scalar weight;
};
/// What is injected on average, and the variance of its first entry.
void expectation(std::string_view label, std::initializer_list<Outcome> outcomes) {
  Numbers mean(2);
  Scalar square = 0;
  for (const auto& [probability, action, weight] : outcomes) {
    const Numbers injected = inject(action, weight);
    nn::axpy(probability, injected, mean);
    square += probability * injected[0] * injected[0];
  }
  fmt::print("  {:<48}{}  {:7.4f}\n", label, show(mean), square - mean[0] * mean[0]);
}

void baselines() {
  const Scalar p0 = softmax(logits)[0], p1 = softmax(logits)[1], b = p0 * 2 + p1 * 1;
  title("4a  weight                                        mean injected     variance");
  expectation("the return: 2 after action 0, 1 after action 1", {{p0, 0, 2}, {p1, 1, 1}});
  expectation("return + 10", {{p0, 0, 12}, {p1, 1, 11}});
  expectation("return - 1.6", {{p0, 0, 2 - b}, {p1, 1, 1 - b}});
  expectation("1", {{p0, 0, 1}, {p1, 1, 1}});
  expectation("return + the reward of an earlier step",
              {{p0 * p0, 0, 2 + 2}, {p1 * p0, 0, 2 + 1}, {p0 * p1, 1, 1 + 2}, {p1 * p1, 1, 1 + 1}});
  title("4b  leave one out: three episodes of one step");
  Numbers weights = {2, 1, 2};
  line("returns", weights);
  rl::subtract_leave_one_out(std::vector<rl::Episode>{{0, 1}, {1, 1}, {2, 1}}, weights);
  line("weights", weights);
}

void returns() {
  for (const Numbers& rewards : {Numbers{0, 0, 0, 0, 1}, Numbers{1, 1, 1, 1, 1}}) {
    const std::size_t T = rewards.size();
    Numbers powers(T, 1), returns(T), first(T), from_start(T);
    for (std::size_t t = 1; t < T; ++t) powers[t] = gamma * powers[t - 1];
    rl::discounted_returns(rewards, gamma, returns);
    for (std::size_t t = 0; t < T; ++t) {
      first[t] = nn::dot(std::span(powers).first(T - t), std::span(rewards).first(T - t));
      from_start[t] = powers[t] * returns[t];
    }
    title(rewards[0] == 0 ? "4c  one reward, at the end" : "4d  a reward at every step");
    line("returns G_t, gamma = 0.95", returns, 4);
    line("the first T - t rewards instead of the last", first, 4);
    line("gamma^t G_t", from_start, 4);
  }
}

void is_the_gradient_right(Play& play) {
  Numbers log_probs(play.batch.steps());
  const auto J = [&] {
    head.log_prob(play.policy.feedforward(play.batch.states), play.batch.actions, log_probs);
    return nn::dot(play.returns, log_probs);
  };
  const auto check = [&](std::string_view label, const nn::Matrix& injected, Scalar h) {
    J();
    play.policy.zero_gradients();
    play.policy.backpropagate(injected);
    line(label, Scalar(nn::max_gradient_error(play.policy.parameters(), play.policy.gradients(), J, h)));
  };
  nn::Matrix taken_only = play.injected, value(2, log_probs.size());
  J();
  for (std::size_t t = 0; t < log_probs.size(); ++t) {
    const auto taken = static_cast<std::size_t>(play.batch.actions[t]);
    taken_only(1 - taken, t) = 0;
    value(taken, t) = play.returns[t] * log_probs[t];
  }
  title("6a  relative error of the whole network's gradient");
  check("(one_hot - probs) * G", play.injected, Scalar(0.01));
  check("only the output of the action", taken_only, Scalar(0.01));
  check("G log p(a), the value", value, Scalar(0.01));
  check("(one_hot - probs) * G, but h = 1", play.injected, 1);
  check("(one_hot - probs) * G, but h = 0.00001", play.injected, Scalar(1e-5));
}

void a_continuous_action() {
  const auto log_density = [](Scalar x, Scalar mu, Scalar log_sigma) {
    const Scalar d = (x - mu) / nn::exp(log_sigma);
    return -d * d / 2 - log_sigma - nn::log(Scalar(2 * 3.141592653589793)) / 2;
  };
  const Scalar mu = Scalar(0.3), sigma = Scalar(0.5), x = Scalar(1.1), d = (x - mu) / sigma;
  title("7a  mu = 0.3, sigma = 0.5, action 1.1: along mu, along log sigma");
  line("(a - mu) / sigma^2, ((a - mu) / sigma)^2 - 1", Numbers{d / sigma, d * d - 1});
  line("slopes of the log density",
       slopes({mu, nn::log(sigma)}, [&](const Numbers& o) { return log_density(x, o[0], o[1]); }));
  title("7b  along mu, with G = 2");
  line("injected", Numbers{G * d / sigma});
  Numbers dY(1);
  nn::squared_error_gradient(column(Numbers{mu}), column(Numbers{x}), Numbers{G / (sigma * sigma)}, column(dY));
  line("nn::squared_error_gradient, weight G / sigma^2", dY);
  title("7c  sigma = 0.1, at the mean");
  line("density", nn::exp(log_density(0, 0, nn::log(Scalar(0.1)))));
  line("log density", log_density(0, 0, nn::log(Scalar(0.1))));
}

void a_push_to_the_right() {
  const auto [x, x_dot, theta, theta_dot] = envs::cartpole_advance({0, 0, 0, 0}, 0, 1, 10);
  title("8a  CartPole at rest, one push to the right");
  line("x, x_dot, theta, theta_dot after 0.02 s", Numbers{x, x_dot, theta, theta_dot});
}

}  // namespace

int main(int argc, char** argv) {
  return rl::guarded("run_question", [&] {
    const rl::Program program{"run_question", "Prints every number of docs/00-the-question.md."};
    if (const auto status = rl::parse_no_options(argc, argv, program)) return *status;
    fmt::print("p = (0.6, 0.4), a = 0, G = 2, step 0.1.   docs/00-the-question.md\n");
    Play play;
    the_line_in_the_question();
    from_the_equation_to_the_vector();
    the_loss_and_the_label();
    an_episode(play);
    one_sign(play);
    softmax_once_and_sample();
    baselines();
    returns();
    is_the_gradient_right(play);
    a_continuous_action();
    a_push_to_the_right();
    return 0;
  });
}
