#pragma once
/// The second half of docs/15-how-far-is-a-step.md: what programs without a return do in a corridor.

#include "docs/programs/svg.hpp"

namespace book {

void print_walks();
/// The right half of the figure.
void draw_walks(Svg& svg);

}  // namespace book
