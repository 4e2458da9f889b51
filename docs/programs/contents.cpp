#include "docs/programs/contents.hpp"

#include <vector>

namespace book {

std::span<const Chapter> chapters() {
  static const std::vector<Chapter> all = {chapter_1,  chapter_2,  chapter_3,  chapter_4, chapter_5,
                                           chapter_6,  chapter_7,  chapter_8,  chapter_9, chapter_10,
                                           chapter_14, chapter_15, chapter_16, chapter_17};
  return all;
}

}  // namespace book
