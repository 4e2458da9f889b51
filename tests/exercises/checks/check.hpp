#pragma once
/// How an exercise is judged. Each is one function of the learner's. It is called on the same inputs as the right
/// answer and as the classic wrong ones, and the numbers that come back are compared: equal to the right ones, it is
/// done; equal to a wrong answer's, the mistake has a name.

#include <cstdint>
#include <string>
#include <typeinfo>
#include <vector>

#include "tests/exercises/exercise.hpp"

namespace exercises {

using Function = void (*)();

/// A function whose type is known again by `type` when it is called.
struct Answer {
  Function function = nullptr;
  const char* type = "";
};
template <class R, class... Args>
Answer answer(R (*f)(Args...)) {
  return {reinterpret_cast<Function>(f), typeid(R(Args...)).name()};
}
template <class Lambda>
Answer answer(Lambda lambda) {
  return answer(+lambda);
}
/// The other way: same<f>(...) has the type of the function f.
template <auto& f>
auto same(Function function) {
  return reinterpret_cast<decltype(&f)>(function);
}

/// What a function gave for one input.
struct Case {
  std::string input;
  std::size_t rows = 0, cols = 0;
  Vector numbers;
};

class Trace {
 public:
  void add(std::string input, double number);
  void add(std::string input, const Vector& numbers);
  void add(std::string input, const Matrix& numbers);
  void add(std::string input, const std::vector<int>& numbers);
  const std::vector<Case>& cases() const { return cases_; }
  /// Every case is also written there, where it survives the process.
  void mirror(double* begin, double* end, std::size_t* used);
  void push(Case one);

 private:
  std::vector<Case> cases_;
  double *mirror_ = nullptr, *mirror_end_ = nullptr;
  std::size_t* used_ = nullptr;
};

struct Wrong {
  const char *name, *says;
  Answer answer;
};

enum class Kind { write, predict, bug };

struct Exercise {
  int number = 0;
  Kind kind = Kind::write;
  Answer right;
  void (*run)(Function, Trace&) = nullptr;
  std::vector<Wrong> wrong = {};
  double tolerance = 1e-6;
  std::vector<std::string> quoted = {};  // numbers that the file shows, computed
};

/// Numbers that look random, the same on every machine: next() from -1 to 1; vectors and matrices from -3 to 3, with
/// one digit after the point, so that they can be followed by hand.
class Numbers {
 public:
  explicit Numbers(std::uint32_t seed) : state_(seed * 2654435761u + 1) {}
  double next();
  Vector vector(std::size_t count);
  Vector probs(std::size_t count);
  Matrix matrix(std::size_t rows, std::size_t cols);

 private:
  std::uint32_t state_;
};

/// "1.5", "[1, 2]": six digits.
std::string text(double number);
std::string text(const Vector& numbers);
std::string text(const Matrix& numbers);
/// "name = value", joined by ", ".
template <class T>
std::string say(const char* name, const T& value) {
  return std::string(name) + " = " + text(value);
}
template <class T, class... Rest>
std::string say(const char* name, const T& value, const Rest&... rest) {
  return say(name, value) + ", " + say(rest...);
}
/// "(+0.8000, -0.8000)": fixed digits, as an exercise's file shows them.
std::string row(const Vector& numbers, int digits = 3);

enum class Verdict { done, open, wrong };
struct Judgement {
  Verdict verdict = Verdict::wrong;
  std::string mistake;  // the name of a classic one, or empty
  std::string report;   // what the learner is told
};
/// Runs the answer in a process of its own: it may crash, or never end. With quiet, what it prints is dropped.
Judgement judge(const Exercise& exercise, const Answer& answer, bool quiet);
/// Judges what an answer gave. `ending` says why there is not more, or is empty.
Judgement compare(const Exercise& exercise, const std::vector<Case>& got, const std::string& ending);
std::vector<Case> trace(const Exercise& exercise, const Answer& answer);

/// Generated from the files: one entry an exercise that compiles.
struct Entry {
  int number;
  Answer answer;
};
extern const std::vector<Entry> entries;

}  // namespace exercises
