#pragma once
/// What both modules share: texts between the page and C++, and JSON for it.

#include <cstddef>
#include <string>
#include <string_view>

namespace playground {

/// The first `length` bytes of what the page wrote into room().
std::string_view told(std::size_t length, std::size_t from = 0);

/// Keeps a text until the next one, for the page to read: text_size() bytes from here on.
const char* tell(std::string text);

/// "text", with what JSON wants escaped.
std::string quoted(std::string_view text);

/// Where the site has what the library calls "docs/04-x.md, section 5: Softmax once":
/// 04-x.html#5-softmax-once.
std::string site_link(std::string_view read);
/// "Softmax once".
std::string_view section_title(std::string_view read);

}  // namespace playground

extern "C" {
char* room(std::size_t size);  // where the page writes `size` bytes, until the next call
std::size_t text_size();       // of the text that was returned last
}
