#pragma once
/// The sections of docs/one-theorem.md in their order; each prints its blocks.

namespace theorem {

void a_density();              // 1a, 1b
void the_mean_of_the_score();  // 2a
void three_distributions();    // 3a to 3d
void log_sigma();              // 4a, 4b
void several_dimensions();     // 5a
void drawing();                // 6a
void how_uncertain();          // 7a
void clipping();               // 8a, 8b

}  // namespace theorem
