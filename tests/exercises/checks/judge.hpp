#pragma once
/// Runs an answer in a process of its own, and says what its numbers are.

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>

#include "tests/exercises/checks/check.hpp"

namespace exercises {
namespace {

/// Memory that an exercise may take; a sanitizer needs the whole address space.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool sanitized = true;
#elif defined(__has_feature)
constexpr bool sanitized = __has_feature(address_sanitizer);
#else
constexpr bool sanitized = false;
#endif
constexpr rlim_t half_a_gigabyte = rlim_t(1) << 29;

/// What the child process leaves behind, wherever it stops.
struct Shared {
  enum { running, done, open, threw } state;
  std::size_t used;
  char message[200];
  double numbers[30000];
};

bool near(double a, double b, double tolerance) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  return a == b || std::abs(a - b) <= tolerance * std::max(1., std::min(std::abs(a), std::abs(b)));
}
bool same_case(const Case& a, const Case& b, double tolerance) {
  if (a.rows != b.rows || a.cols != b.cols) return false;
  for (std::size_t i = 0; i < a.numbers.size(); ++i)
    if (!near(a.numbers[i], b.numbers[i], tolerance)) return false;
  return true;
}
/// How many cases agree before one differs.
std::size_t agreeing(const std::vector<Case>& a, const std::vector<Case>& b, double tolerance) {
  std::size_t n = 0;
  while (n < a.size() && n < b.size() && same_case(a[n], b[n], tolerance)) ++n;
  return n;
}

inline std::string text(const Case& one) {
  if (one.cols == 1 && one.rows == 1) return exercises::text(one.numbers[0]);
  if (one.cols == 1) return exercises::text(one.numbers);
  Matrix matrix(one.rows, one.cols);
  std::copy(one.numbers.begin(), one.numbers.end(), matrix.flat().begin());
  return exercises::text(matrix);
}

/// The factor by which every case of one differs from the other; 0 when there is none, or too few numbers to tell.
inline double common_factor(const std::vector<Case>& got, const std::vector<Case>& other, double tolerance) {
  double factor = 0;
  std::size_t numbers = 0;
  for (std::size_t c = 0; c < got.size(); ++c) {
    if (got[c].rows != other[c].rows || got[c].cols != other[c].cols) return 0;
    for (std::size_t i = 0; i < got[c].numbers.size(); ++i) {
      const double a = got[c].numbers[i], b = other[c].numbers[i];
      if (a == 0 && b != 0) return 0;
      if (factor == 0 && b != 0) factor = a / b;
      if (!near(a, factor * b, tolerance)) return 0;
      numbers += b != 0;
    }
  }
  return numbers >= 3 ? factor : 0;
}
/// Is every vector a multiple of the other one, each its own?
inline bool multiples(const std::vector<Case>& got, const std::vector<Case>& other, double tolerance) {
  std::size_t vectors = 0;
  for (std::size_t c = 0; c < got.size(); ++c) {
    const auto &a = got[c].numbers, &b = other[c].numbers;
    if (a.size() != b.size()) return false;
    const auto largest = std::ranges::max_element(b, {}, [](double x) { return std::abs(x); });
    if (largest == b.end() || *largest == 0) continue;
    const double factor = a[static_cast<std::size_t>(largest - b.begin())] / *largest;
    for (std::size_t i = 0; i < a.size(); ++i)
      if (factor == 0 || !near(a[i], factor * b[i], tolerance)) return false;
    vectors += a.size() > 1;
  }
  return vectors >= 3;
}

/// Does one answer have two mistakes? Each changes the right numbers as it does alone, by adding to them or by
/// multiplying them.
inline bool is_both(const std::vector<Case>& got, const std::vector<Case>& a, const std::vector<Case>& b,
                    const std::vector<Case>& right, bool product, double tolerance) {
  for (std::size_t c = 0; c < got.size(); ++c) {
    const auto &x = a[c].numbers, &y = b[c].numbers, &r = right[c].numbers;
    if (x.size() != got[c].numbers.size() || y.size() != x.size() || r.size() != x.size()) return false;
    for (std::size_t i = 0; i < r.size(); ++i) {
      const double both = !product ? x[i] + y[i] - r[i] : r[i] != 0 ? x[i] * y[i] / r[i] : x[i] + y[i];
      if (!near(got[c].numbers[i], both, tolerance)) return false;
    }
  }
  return true;
}

/// Two classic mistakes, or one and a factor; empty when no two explain the numbers.
inline std::string two_mistakes(const Exercise& exercise, const std::vector<Case>& got,
                                const std::vector<Case>& right) {
  const std::string head = "Two mistakes at once: ";
  std::vector<std::vector<Case>> wrong;
  for (const Wrong& one : exercise.wrong) wrong.push_back(trace(exercise, one.answer));
  for (std::size_t i = 0; i < wrong.size(); ++i) {
    const double factor = common_factor(got, wrong[i], exercise.tolerance);
    const std::string second = factor == -1 ? "the sign" : "every number is " + exercises::text(factor) + " times that";
    if (factor != 0) return head + exercise.wrong[i].name + "; and " + second + ". " + exercise.wrong[i].says + "\n";
  }
  for (std::size_t i = 0; i < wrong.size(); ++i)
    for (std::size_t k = i + 1; k < wrong.size(); ++k)
      for (const bool product : {false, true})
        if (is_both(got, wrong[i], wrong[k], right, product, exercise.tolerance))
          return head + exercise.wrong[i].name + "; and " + exercise.wrong[k].name + ". " + exercise.wrong[i].says +
                 " " + exercise.wrong[k].says + "\n";
  return "";
}

/// What can be said of numbers that match no classic mistake.
inline std::string describe(const std::vector<Case>& got, const std::vector<Case>& right, std::size_t first) {
  const Case &mine = got[first], &good = right[first];
  if (mine.rows != good.rows || mine.cols != good.cols) {
    const auto size = [](const Case& c) {
      return c.cols == 1 ? std::to_string(c.rows) + " numbers"
                         : std::to_string(c.rows) + " x " + std::to_string(c.cols) + " numbers";
    };
    return "The size is wrong: expected " + size(good) + ", got " + size(mine) + ".";
  }
  const auto is_zero = [](const Case& c) { return std::ranges::count(c.numbers, 0.) == std::ssize(c.numbers); };
  if (std::ranges::all_of(got, is_zero))
    return "Every number is 0: nothing is written to the result, or nothing but 0.";
  for (const double number : mine.numbers)
    if (!std::isfinite(number)) return "It is not a finite number: something overflows, or is divided by 0.";
  const double factor = common_factor(got, right, 1e-6);
  if (factor == -1) return "Every number has the wrong sign.";
  if (factor != 0) return "Every number is " + exercises::text(factor) + " times what it should be.";
  if (multiples(got, right, 1e-6))
    return "Each vector is a multiple of the right one, and not always the same multiple:";
  if (first > 0) return "The first " + std::to_string(first) + " of the cases tried are right; here it differs:";
  return "These numbers are not those of a mistake that is known here.";
}

inline std::string numbers_of(const Exercise& exercise, const Case& mine, const Case& good) {
  if (exercise.kind == Kind::bug) return {};  // the letter that is right is not told
  std::string report;
  if (!good.input.empty()) report += "  with      " + good.input + "\n";
  report += "  got       " + text(mine) + "\n";
  if (exercise.kind == Kind::write) report += "  expected  " + text(good) + "\n";
  return report;
}

}  // namespace

inline std::vector<Case> trace(const Exercise& exercise, const Answer& answer) {
  Trace result;
  exercise.run(answer.function, result);
  return result.cases();
}

inline Judgement compare(const Exercise& exercise, const std::vector<Case>& got, const std::string& ending) {
  const std::vector<Case> right = trace(exercise, exercise.right);
  const std::size_t first = agreeing(got, right, exercise.tolerance);
  if (first == right.size() && ending.empty()) return {Verdict::done, {}, {}};
  std::string tail = ending.empty() ? "" : ending + "\n";
  if (first == got.size()) return {Verdict::wrong, {}, tail + "  with      " + right[first].input + "\n"};

  std::string report, mistake;
  for (const Wrong& wrong : exercise.wrong)
    if (agreeing(got, trace(exercise, wrong.answer), exercise.tolerance) == got.size()) {
      mistake += std::string(mistake.empty() ? "" : ", or ") + wrong.name;
      report += std::string(report.empty() ? "" : "Or: ") + wrong.says + "\n";
    }
  const bool scaled = common_factor(got, right, exercise.tolerance) != 0 || multiples(got, right, exercise.tolerance);
  if (report.empty() && exercise.kind == Kind::write && !scaled) report = two_mistakes(exercise, got, right);
  for (const Wrong& wrong : exercise.wrong)  // no mistake explains every number; one may explain the first wrong ones
    if (mistake.empty() && report.empty() && exercise.kind == Kind::write && got.size() > 1 &&
        same_case(trace(exercise, wrong.answer)[first], got[first], exercise.tolerance))
      report = std::string("Not on every input, but on this one it is a known mistake, ") + wrong.name + ": " +
               wrong.says + "\n";
  if (report.empty() && exercise.kind == Kind::bug) report = "That is not one of the letters.\n";
  if (report.empty() && exercise.kind == Kind::predict) report = "That is not it, and no mistake that is known here.\n";
  if (report.empty()) report = describe(got, right, first) + "\n";
  return {Verdict::wrong, mistake, report + numbers_of(exercise, got[first], right[first]) + tail};
}

/// In the child: two seconds, half a gigabyte, and what comes of it in shared memory. Does not return.
[[noreturn]] inline void run_in_child(const Exercise& exercise, const Answer& answer, bool quiet, Shared& shared) {
  const rlimit none{0, 0}, two_seconds{2, 2};
  setrlimit(RLIMIT_CORE, &none);
  setrlimit(RLIMIT_CPU, &two_seconds);
  const rlimit memory_limit{half_a_gigabyte, half_a_gigabyte};
  if (!sanitized) setrlimit(RLIMIT_AS, &memory_limit);
  alarm(10);
  if (quiet && (!std::freopen("/dev/null", "w", stdout) || !std::freopen("/dev/null", "w", stderr))) _exit(1);
  Trace result;
  result.mirror(shared.numbers, shared.numbers + std::size(shared.numbers), &shared.used);
  try {
    exercise.run(answer.function, result);
    shared.state = Shared::done;
  } catch (const Untouched&) {
    shared.state = Shared::open;
  } catch (const std::exception& error) {
    shared.state = Shared::threw;
    std::snprintf(shared.message, sizeof shared.message, "%s", error.what());
  }
  std::fflush(stdout);
  _exit(0);
}

/// What to say of a child that did not come to the end; nothing of one that did.
inline std::string how_it_ended(const Shared& shared, bool started, int status) {
  if (!started) return "No process could be started to run it in.";
  if (shared.state == Shared::threw) return std::string("Then it threw: ") + shared.message;
  if (WIFSIGNALED(status) &&
      (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL || WTERMSIG(status) == SIGALRM))
    return "Then it ran for two seconds and was stopped: a loop does not end.";
  if (shared.state != Shared::done) return "Then it stopped in the middle: most likely an index beyond the end.";
  return "";
}

inline std::vector<Case> cases_of(const Shared& shared) {
  std::vector<Case> cases;
  for (std::size_t at = 0; at < shared.used;) {
    Case one;
    one.rows = static_cast<std::size_t>(shared.numbers[at]);
    one.cols = static_cast<std::size_t>(shared.numbers[at + 1]);
    const double* const begin = shared.numbers + at + 2;
    one.numbers.assign(begin, begin + one.rows * one.cols);
    at += 2 + one.numbers.size();
    cases.push_back(std::move(one));
  }
  return cases;
}

inline Judgement judge(const Exercise& exercise, const Answer& answer, bool quiet) {
  if (std::strcmp(answer.type, exercise.right.type) != 0)
    return {Verdict::wrong, {}, "The function has another result or other arguments than it was given with.\n"};
  void* const memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  Shared& shared = *new (memory) Shared;
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) run_in_child(exercise, answer, quiet, shared);
  int status = 0;
  if (child > 0) waitpid(child, &status, 0);

  Judgement judgement;
  if (shared.state == Shared::open) {
    judgement.verdict = Verdict::open;
  } else {
    std::string ending = how_it_ended(shared, child > 0, status);
    const std::vector<Case> got = cases_of(shared);
    if (got.empty() && ending.starts_with("Then it ")) ending.replace(0, 8, "It ");
    judgement = compare(exercise, got, ending);
  }
  munmap(memory, sizeof(Shared));
  return judgement;
}

}  // namespace exercises
