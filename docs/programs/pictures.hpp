#pragma once
/// The figures of the pages that have no program of their own in this folder.

#include <span>
#include <string>
#include <string_view>

namespace book {

struct Picture {
  std::string_view name;  // in docs/figures
  std::string (*draw)();
};
std::span<const Picture> pictures();

/// The second picture of docs/05-from-the-equation-to-the-label.md: prediction, label and injected vector.
std::string the_label();

}  // namespace book
