/// The judge of the exercises: one source, since its headers have no other reader. Its command line is used by
/// tests/exercises/exercises.sh:
///
///   status       one line an exercise: its number, then open, done, wrong or broken (it does not compile)
///   show N       what there is to say about exercise N; ends with 0 (done), 1 (wrong) or 3 (open)
///   prove        every answer is right; every classic wrong one is told apart, by its own name and no other
///   quotes       the numbers that the files must show: number, tab, text

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "tests/exercises/checks/backward.hpp"
#include "tests/exercises/checks/baselines.hpp"
#include "tests/exercises/checks/cartpole.hpp"
#include "tests/exercises/checks/continuous.hpp"
#include "tests/exercises/checks/cross_entropy.hpp"
#include "tests/exercises/checks/differences.hpp"
#include "tests/exercises/checks/gradient_check.hpp"
#include "tests/exercises/checks/hidden.hpp"
#include "tests/exercises/checks/injected.hpp"
#include "tests/exercises/checks/judge.hpp"
#include "tests/exercises/checks/layers.hpp"
#include "tests/exercises/checks/pixels.hpp"
#include "tests/exercises/checks/question.hpp"
#include "tests/exercises/checks/returns.hpp"
#include "tests/exercises/checks/tiny_world.hpp"
#include "tests/exercises/checks/tokens.hpp"
#include "tests/exercises/checks/trace.hpp"
#include "tests/exercises/checks/updates.hpp"
#include "tests/exercises/checks/weights.hpp"

namespace exercises {
namespace {

std::vector<Exercise> all_exercises() {
  std::vector<Exercise> all;
  question::add(all);
  layers::add(all);
  backward::add(all);
  gradient_check::add(all);
  cross_entropy::add(all);
  injected::add(all);
  tiny_world::add(all);
  returns::add(all);
  cartpole::add(all);
  updates::add(all);
  hidden::add(all);
  baselines::add(all);
  weights::add(all);
  continuous::add(all);
  tokens::add(all);
  pixels::add(all);
  return all;
}

const Answer* find(int number) {
  for (const Entry& entry : entries)
    if (entry.number == number) return &entry.answer;
  return nullptr;
}

/// The numbers as another order of the additions might give them.
std::vector<Case> shaken(std::vector<Case> cases) {
  for (Case& one : cases)
    for (double& number : one.numbers) number *= 1 + 1e-9;
  return cases;
}

int failed = 0;
bool expect(bool condition, int number, const std::string& what) {
  if (!condition) std::printf("FAILED %02d %s\n", number, what.c_str()), ++failed;
  return condition;
}

/// A classic mistake with the other sign is told as two mistakes, or it is right, or one mistake explains it too.
void prove_two_mistakes(const Exercise& exercise, const Wrong& wrong) {
  std::vector<Case> turned = trace(exercise, wrong.answer);
  for (Case& one : turned)
    for (double& number : one.numbers) number = -number;
  const Judgement got = compare(exercise, turned, "");
  bool told = got.verdict == Verdict::done || !got.mistake.empty();
  for (const char* begin :
       {"Two mistakes at once: ", "Not on every input", "Every number ", "Each vector ", "It is not a finite"})
    told = told || got.report.starts_with(begin);
  expect(told, exercise.number, std::string(wrong.name) + ", with the sign flipped: " + got.report);
}

void prove(const Exercise& exercise, int& wrong_answers) {
  const int number = exercise.number;
  const Answer* const solution = find(number);
  if (!expect(solution, number, "has no solution that compiles")) return;
  const Judgement judgement = judge(exercise, *solution, true);
  expect(judgement.verdict == Verdict::done, number, "the solution is wrong: " + judgement.report);
  expect(compare(exercise, shaken(trace(exercise, exercise.right)), "").verdict == Verdict::done, number,
         "rounding fails the right answer");
  expect(exercise.kind != Kind::write || exercise.wrong.size() >= 3, number, "knows fewer than three wrong answers");
  for (const Wrong& wrong : exercise.wrong) {
    ++wrong_answers;
    expect(std::strcmp(wrong.answer.type, exercise.right.type) == 0, number,
           std::string(wrong.name) + ": has another type");
    const Judgement got = compare(exercise, shaken(trace(exercise, wrong.answer)), "");
    expect(got.verdict == Verdict::wrong, number, std::string(wrong.name) + ": passes");
    expect(got.mistake == wrong.name, number, std::string(wrong.name) + ": is called \"" + got.mistake + "\"");
    expect(judge(exercise, wrong.answer, true).mistake == wrong.name, number,
           std::string(wrong.name) + ": another name when run");
    if (exercise.kind == Kind::write) prove_two_mistakes(exercise, wrong);
  }
}

int run(int argc, char** argv) {
  const std::string command = argc > 1 ? argv[1] : "";
  const std::vector<Exercise> exercises = all_exercises();
  int wrong_answers = 0;
  for (const Exercise& exercise : exercises) {
    const Answer* const mine = find(exercise.number);
    if (command == "prove") {
      prove(exercise, wrong_answers);
    } else if (command == "quotes") {
      for (const std::string& line : exercise.quoted) std::printf("%02d\t%s\n", exercise.number, line.c_str());
    } else if (command == "status") {
      const char* words[] = {"done", "open", "wrong"};
      const char* word = mine ? words[static_cast<int>(judge(exercise, *mine, true).verdict)] : "broken";
      std::printf("%02d %s\n", exercise.number, word);
    } else if (command == "show" && argc > 2 && exercise.number == std::atoi(argv[2]) && mine) {
      const Judgement judgement = judge(exercise, *mine, false);
      const char* const prefix = exercise.kind == Kind::bug ? "it is not " : "";
      if (!judgement.mistake.empty()) std::printf("mistake: %s%s\n", prefix, judgement.mistake.c_str());
      std::printf("%s", judgement.report.c_str());
      return judgement.verdict == Verdict::done ? 0 : judgement.verdict == Verdict::wrong ? 1 : 3;
    }
  }
  if (command == "prove") {
    prove_right_answers(expect);
    std::printf("%zu solutions pass, %d wrong answers are told by name\n", exercises.size(), wrong_answers);
  }
  return failed > 0 ? 1 : 0;
}

}  // namespace
}  // namespace exercises

int main(int argc, char** argv) {
  return exercises::run(argc, argv);
}
