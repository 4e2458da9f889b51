#pragma once
/// The chapters that have a program, in reading order.

#include "docs/programs/book.hpp"

namespace book {

extern const Chapter chapter_1, chapter_2, chapter_3, chapter_4, chapter_5, chapter_6, chapter_7, chapter_8, chapter_9,
    chapter_10, chapter_14, chapter_15, chapter_16, chapter_17;

}  // namespace book
