#pragma once
/// Exercises 42 to 47: continuous actions, and diagnose yours.

#include "tests/exercises/checks/check.hpp"

namespace exercises::continuous {
namespace {

double gaussian_score(double a, double mu, double sigma) {
  return (a - mu) / (sigma * sigma);
}
double log_sigma_score(double a, double mu, double sigma) {
  return (a - mu) * (a - mu) / (sigma * sigma) - 1;
}
void run_gaussian(Function f, Trace& trace) {
  Numbers numbers(42);
  for (const double sigma : {0.5, 2.0, 0.1, 1.0})
    for (int i = 0; i < 2; ++i) {
      const double a = 2 * std::round(numbers.next() * 100) / 100, mu = std::round(numbers.next() * 100) / 100;
      trace.add(say("a", a, "mu", mu, "sigma", sigma), same<gaussian_score>(f)(a, mu, sigma));
    }
  trace.add("a = 1, mu = 1, sigma = 0.5", same<gaussian_score>(f)(1, 1, 0.5));
}

double sigmoid(double z) {
  return 1 / (1 + std::exp(-z));
}
double bernoulli_score(double z, int action) {
  return action - sigmoid(z);
}
void run_bernoulli(Function f, Trace& trace) {
  for (const double z : {0.5, -1.0, 0.0, 3.0, -800.0, 800.0})
    for (const int action : {1, 0})
      trace.add(say("z", z) + ", action = " + std::to_string(action), same<bernoulli_score>(f)(z, action));
}

double half_log_two_pi() {
  return 0.5 * std::log(2 * 3.14159265358979);
}
double log_density() {
  return -std::log(0.1) - half_log_two_pi();
}

char asker_program() {
  return 'C';
}
char square_layer() {
  return 'A';
}
void run_letter(Function f, Trace& trace) {
  trace.add("", std::toupper(same<asker_program>(f)()));
}

Exercise exercise_42() {
  return {42,
          Kind::write,
          answer(gaussian_score),
          run_gaussian,
          {{"the sign flipped", "This is mu - a: it moves the mean away from the action.",
            answer([](double a, double mu, double sigma) { return gaussian_score(mu, a, sigma); })},
           {"divided by sigma once", "The square has sigma^2 below it, and its derivative keeps both.",
            answer([](double a, double mu, double sigma) { return (a - mu) / sigma; })},
           {"not divided", "This is a - mu: right for sigma = 1 only.",
            answer([](double a, double mu, double) { return a - mu; })},
           {"the log density instead of its derivative",
            "This is -(a - mu)^2 / (2 sigma^2), the thing to be differentiated.",
            answer([](double a, double mu, double sigma) { return -(a - mu) * (a - mu) / (2 * sigma * sigma); })},
           {"twice too large", "The 2 of the square and the 1/2 before it cancel.",
            answer([](double a, double mu, double sigma) { return 2 * gaussian_score(a, mu, sigma); })}}};
}

Exercise exercise_43() {
  return {
      43,
      Kind::write,
      answer(log_sigma_score),
      run_gaussian,
      {{"the -1 forgotten", "The term -log sigma is missing: sigma could only ever grow, for positive returns.",
        answer([](double a, double mu, double sigma) { return log_sigma_score(a, mu, sigma) + 1; })},
       {"the derivative along sigma",
        "This is the derivative along sigma. The parameter is log sigma: multiply by sigma once more.",
        answer([](double a, double mu, double sigma) { return log_sigma_score(a, mu, sigma) / sigma; })},
       {"half the square", "(a - mu)^2 / (2 sigma^2) changes by -2 times itself when log sigma grows: the 2 cancels.",
        answer([](double a, double mu, double sigma) { return (log_sigma_score(a, mu, sigma) + 1) / 2 - 1; })},
       {"the sign flipped", "An action far from the mean must make sigma larger, not smaller.",
        answer([](double a, double mu, double sigma) { return -log_sigma_score(a, mu, sigma); })},
       {"divided by sigma once", "The square is that of (a - mu) / sigma: sigma^2 below it.",
        answer([](double a, double mu, double sigma) { return (a - mu) * (a - mu) / sigma - 1; })}}};
}

Exercise exercise_44() {
  return {44,
          Kind::write,
          answer(bernoulli_score),
          run_bernoulli,
          {{"the sign flipped", "This is p - action, the gradient of the loss -log p.",
            answer([](double z, int action) { return -bernoulli_score(z, action); })},
           {"nothing for action 0", "Action 0 moves the one output too: its probability is 1 - p, and p must go down.",
            answer([](double z, int action) { return action == 1 ? 1 - sigmoid(z) : 0; })},
           {"action 0 pushed like action 1", "This is 1 - p whichever action was taken: there is no action in it.",
            answer([](double z, int) { return 1 - sigmoid(z); })},
           {"p (1 - p) once more", "The sigmoid's derivative is in action - p already; here it is multiplied in again.",
            answer([](double z, int action) { return bernoulli_score(z, action) * sigmoid(z) * (1 - sigmoid(z)); })},
           {"the logit taken for the probability", "This is action - z: the sigmoid is missing.",
            answer([](double z, int action) { return action - z; })},
           {"the derivative at the probability",
            "This is 1 / p, or -1 / (1 - p): the derivative along p. The logit comes before the sigmoid.",
            answer([](double z, int action) { return action == 1 ? 1 / sigmoid(z) : -1 / (1 - sigmoid(z)); })}}};
}

Exercise exercise_45() {
  return {
      45,
      Kind::predict,
      answer(log_density),
      [](Function f, Trace& trace) { trace.add("", same<log_density>(f)()); },
      {{"the density", "That is the density itself; what is its log?", answer([] { return std::exp(log_density()); })},
       {"taken for a probability of 1", "A density is not a probability: at the mean it is 1 / (sigma sqrt(2 pi)).",
        answer([] { return 0.; })},
       {"the sign flipped", "The density is above 1 here, so its log is above 0.",
        answer([] { return -log_density(); })},
       {"sigma forgotten", "This is the log density for sigma = 1. A narrow bell is a high one.",
        answer([] { return -half_log_two_pi(); })},
       {"sigma on the wrong side", "A smaller sigma makes the density larger: it is -log sigma.",
        answer([] { return std::log(0.1) - half_log_two_pi(); })}},
      0.006};
}

Exercise exercise_46() {
  const double discount = std::pow(0.95, 4);
  return {
      46,
      Kind::bug,
      answer(asker_program),
      run_letter,
      {{"A", "The coefficients fit. But one_hot times G would leave a 0 in each vector.", answer([] { return 'A'; })},
       {"B", "The vectors fit. But sums over the past would end with the reward, not start with it.",
        answer([] { return 'B'; })},
       {"D", "gamma^t r_t would put the reward at the last step. It stands at the first.", answer([] { return 'D'; })}},
      1e-6,
      {row({discount, 0, 0, 0, 0}, 4), row({0.6 * discount, 0.4 * discount})}};
}

Exercise exercise_47() {
  return {
      47,
      Kind::bug,
      answer(square_layer),
      run_letter,
      {{"B",
        "A missing derivative would change each number by a factor of its own, and the outputs of both tries alike.",
        answer([] { return 'B'; })},
       {"C", "dW is not in question: only dX is shown.", answer([] { return 'C'; })},
       {"D", "If the last output overwrote the others, the first try would give (0, 0).", answer([] { return 'D'; })}},
      1e-6,
      {row({1, 3}, 0), row({2, 4}, 0)}};
}

}  // namespace

inline void add(std::vector<Exercise>& all) {
  all.insert(all.end(), {exercise_42(), exercise_43(), exercise_44(), exercise_45(), exercise_46(), exercise_47()});
}

}  // namespace exercises::continuous
