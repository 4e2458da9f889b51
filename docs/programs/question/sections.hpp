#pragma once
/// The sections of docs/00-the-question.md in their order; each prints its blocks.

namespace question {

void the_line_in_the_question();         // 1a, 1b
void from_the_equation_to_the_vector();  // 2a, 2b
void the_loss_and_the_label();           // 3a, 3b
void an_episode();                       // 3c
void one_sign();                         // 3d
void sample_and_softmax_once();          // 3e, 3f
void baselines();                        // 4a
void returns();                          // 4b, 4c
void a_continuous_action();              // 5a, 5b, 5c
void is_the_gradient_right();            // 3g, of docs/03-trust-but-check.md

}  // namespace question
