#include "docs/playground/page.hpp"

#include <fmt/core.h>

#include <utility>

namespace playground {
namespace {

std::string written_by_page, told_to_page;

/// The id that a heading has: small letters, digits, hyphens and underscores; a hyphen for a blank.
std::string heading_id(std::string_view heading) {
  std::string id;
  for (const char c : heading) {
    const bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    if (c == ' ')
      id += '-';
    else if (c >= 'A' && c <= 'Z')
      id += static_cast<char>(c + ('a' - 'A'));
    else if (kept)
      id += c;
  }
  return id;
}

}  // namespace

std::string_view told(std::size_t length, std::size_t from) {
  return std::string_view(written_by_page).substr(from, length);
}
const char* tell(std::string text) {
  told_to_page = std::move(text);
  return told_to_page.c_str();
}

std::string quoted(std::string_view text) {
  std::string json = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') json += '\\';
    if (c == '\n')
      json += "\\n";
    else
      json += c;
  }
  return json + '"';
}

std::string site_link(std::string_view read) {
  const std::string_view folder = "docs/", section = ", section ";
  if (read.starts_with(folder)) read.remove_prefix(folder.size());
  const std::size_t end = read.find(".md");
  const std::string page = std::string(read.substr(0, end)) + ".html";
  std::string_view place = read.substr(end + 3);
  const std::size_t colon = place.find(": ");
  if (colon == std::string_view::npos) return page;
  std::string heading(place.substr(colon + 2));
  if (place.starts_with(section))  // "section 5: Softmax once" is the heading "5. Softmax once"
    heading = std::string(place.substr(section.size(), colon - section.size())) + ". " + heading;
  return page + "#" + heading_id(heading);
}

std::string_view section_title(std::string_view read) {
  const std::size_t colon = read.find(": ");
  return colon == std::string_view::npos ? read : read.substr(colon + 2);
}

}  // namespace playground

char* room(std::size_t size) {
  playground::written_by_page.resize(size);
  return playground::written_by_page.data();
}
std::size_t text_size() {
  return playground::told_to_page.size();
}
