/// The tables of docs/diagnose.md, section 5: every mistake that `make diagnose` can name, and where the book explains
/// it.
#include "docs/programs/verdicts.hpp"

#include <fmt/core.h>

#include <cctype>
#include <string>

#include "nn/io/file.hpp"
#include "rl/diagnose/catalogue.hpp"

namespace book {
namespace {

/// A text as Markdown: nothing in it is a mark.
std::string plain(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '_' || c == '*') result += '\\';
    result += c;
  }
  return result;
}

/// "12" of a page whose first heading is "# 12. What CartPole hides"; empty where it has no number.
std::string chapter_of(const std::string& page) {
  const std::string text = nn::read_file(page);
  const std::size_t title = text.starts_with("# ") ? 2 : text.find("\n# ") + 3;
  const std::size_t end = text.find_first_not_of("0123456789", title);
  return text[end] == '.' ? text.substr(title, end - title) : "";
}

/// A page, and the heading behind ", section N: " or ": ", as a link: [4.3](04-softmax.md#3-the-long-way).
std::string link(std::string_view where) {
  const std::size_t end = where.find(".md") + 3, colon = where.find(": ", end);
  const std::string page(where.substr(0, end)), file(page.substr(page.find('/') + 1));
  const std::string_view section = where.substr(end, colon - end);  // ", section N", or nothing
  const std::string number(section.substr(section.find_last_of(' ') + 1)), chapter = chapter_of(page);
  std::string fragment = number.empty() ? "" : number + "-";
  for (const char c : where.substr(colon + 2)) {
    if (std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_')
      fragment += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (c == ' ') fragment += '-';
  }
  const bool numbered = !chapter.empty() && !number.empty();
  return fmt::format("[{}]({}#{})", numbered ? chapter + "." + number : file.substr(0, file.find('.')), file, fragment);
}

}  // namespace

void print_verdicts() {
  for (const auto& section : rl::catalogue().sections) {
    fmt::print("\n### {}\n\n| verdict | the mistake | look for | read |\n|---|---|---|---|\n", section.title);
    for (const rl::Verdict& v : rl::verdicts().subspan(section.first, section.count))
      fmt::print("| `{}` | {} | {} | {} |\n", v.name, plain(v.mistake), plain(v.tell), link(v.read));
  }
  fmt::print("\n");
}

}  // namespace book
