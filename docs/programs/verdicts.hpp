#pragma once
/// The mistakes that `make diagnose` can name, as tables in Markdown.                  docs/diagnose.md, section 5

namespace book {

/// One table a section of the catalogue. Reads the pages that it links to; throws std::runtime_error without them.
void print_verdicts();

}  // namespace book
