#include "envs/words.hpp"

#include <algorithm>

namespace envs {
namespace {

/// Every tenth word, or all but these.
std::vector<std::string_view> words_of(bool held_out) {
  std::vector<std::string_view> words;
  std::size_t number = 0;
  for (std::size_t first = 0; first < book_text.size(); ++number) {
    const std::size_t end = std::min(book_text.find(' ', first), book_text.size());
    if ((number % 10 == 9) == held_out) words.push_back(book_text.substr(first, end - first));
    first = end + 1;
  }
  return words;
}

bool is_vowel(char letter) {
  return std::string_view("aeiou").find(letter) != std::string_view::npos;
}

}  // namespace

const std::vector<std::string_view>& training_words() {
  static const std::vector<std::string_view> words = words_of(false);
  return words;
}
const std::vector<std::string_view>& held_out_words() {
  static const std::vector<std::string_view> words = words_of(true);
  return words;
}

bool Alternating::holds(std::string_view word) {
  return word.size() >= 3 &&
         std::ranges::adjacent_find(word, [](char a, char b) { return is_vowel(a) == is_vowel(b); }) == word.end();
}
bool Palindrome::holds(std::string_view word) {
  return word.size() >= 3 && std::equal(word.begin(), word.end(), word.rbegin());
}
bool Ending::holds(std::string_view word) {
  return word.ends_with("ing");
}
bool FourLetters::holds(std::string_view word) {
  return word.size() == 4;
}

}  // namespace envs
