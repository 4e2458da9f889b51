/// Prints the numbers of a chapter, or draws all figures: make ch4, build/bin/book figures DIR.
#include "docs/programs/book.hpp"

#include <filesystem>
#include <stdexcept>

#include "docs/programs/museum.hpp"
#include "docs/programs/pictures.hpp"
#include "docs/programs/verdicts.hpp"
#include "nn/arithmetic/elementary.hpp"
#include "nn/io/file.hpp"
#include "nn/softmax.hpp"
#include "rl/app/report.hpp"

namespace book {

const Vector& logits() {
  static const Vector z = {nn::log(Scalar(0.6)), nn::log(Scalar(0.4))};
  return z;
}

Vector softmax(Vector z) {
  nn::softmax(column(z), column(z));
  return z;
}

Scalar log_prob(const Vector& z, int action) {
  Scalar result = 0;
  rl::Categorical().log_prob(column(z), {&action, 1}, {&result, 1});
  return result;
}

Vector inject(const Vector& z, int action, Scalar weight) {
  Vector result(z.size());
  rl::Categorical().weighted_score(column(z), {&action, 1}, {&weight, 1}, column(result));
  return result;
}

std::string show(Scalar x, int digits) {
  return fmt::format("{:6.{}f}", std::abs(x) < Scalar(5e-10) ? 0 : x, digits);
}

std::string show(std::span<const Scalar> numbers, int digits) {
  std::string text;
  for (const Scalar x : numbers)
    text += fmt::format("{}{:+.{}f}", text.empty() ? "(" : ", ", std::abs(x) < Scalar(5e-10) ? 0 : x, digits);
  return text + ")";
}

}  // namespace book

namespace {

constexpr std::string_view usage =
    "usage: book NUMBER        prints every number of a chapter\n"
    "       book figures DIR   draws the figures of all chapters\n"
    "       book museum [DIR]  prints the numbers of the museum, or writes the files of its exhibits\n"
    "       book verdicts      prints the tables of what make diagnose can name\n";

std::string numbers() {
  std::string text;
  for (const book::Chapter& chapter : book::chapters())
    text += fmt::format("{}{}", text.empty() ? "" : ", ", chapter.number);
  return text;
}

int refuse(const std::string& why) {
  fmt::print(stderr, "book: {}\n{}", why, usage);
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  return rl::guarded("book", [&] {
    const std::string word = argc > 1 ? argv[1] : "";
    if (word == "--help") {
      fmt::print("{}chapters: {}\n", usage, numbers());
      return 0;
    }
    if (word == "figures") {
      if (argc != 3) return refuse(fmt::format("expected one folder after figures, got {}", argc - 2));
      std::filesystem::create_directories(argv[2]);
      for (const book::Chapter& chapter : book::chapters())
        nn::write_file(std::filesystem::path(argv[2]) / (chapter.figure + ".svg"), chapter.draw());
      for (const book::Picture& picture : book::pictures())
        nn::write_file(std::filesystem::path(argv[2]) / fmt::format("{}.svg", picture.name), picture.draw());
      return 0;
    }
    if (word == "museum") {
      if (argc > 3) return refuse(fmt::format("expected at most one folder after museum, got {}", argc - 2));
      if (argc == 2) {
        fmt::print("docs/museum.md\n");
        book::print_museum();
        return 0;
      }
      const auto files = book::museum_files(argv[2]);
      for (const nn::FileContent& file : files)
        std::filesystem::create_directories(std::filesystem::path(file.path).parent_path());
      nn::write_files(files);
      return 0;
    }
    if (word == "verdicts") {
      if (argc != 2) return refuse(fmt::format("expected nothing after verdicts, got {}", argc - 2));
      book::print_verdicts();
      return 0;
    }
    if (argc == 2)
      for (const book::Chapter& chapter : book::chapters())
        if (word == std::to_string(chapter.number) || word == fmt::format("{:02}", chapter.number)) {
          fmt::print("p = (0.6, 0.4), a = 0, G = 2.   docs/{}.md\n", chapter.figure);
          chapter.print();
          return 0;
        }
    return refuse(fmt::format("expected the number of a chapter ({}), figures, museum or verdicts, got {}", numbers(),
                              argc == 2 ? word : fmt::format("{} words", argc - 1)));
  });
}
