#pragma once
/// The words that this project's own book is written in: some to learn from, and some to be judged by.

#include <string_view>
#include <vector>

namespace envs {

/// All of them, lower-case, 3 to 10 letters each, in alphabetical order, with a blank between two.
extern const std::string_view book_text;

/// Every tenth word is held out: training never sees it.
const std::vector<std::string_view>& training_words();
const std::vector<std::string_view>& held_out_words();

}  // namespace envs
