#pragma once
/// The sections of docs/00-the-question.md in their order; each prints its blocks.

namespace question {

void the_line_in_the_question();         // 1a, 1b
void from_the_equation_to_the_vector();  // 2a, 2b
void the_loss_and_the_label();           // 3a, 3b
void an_episode();                       // 3c
void one_sign();                         // 3d
void softmax_once_and_sample();          // 3e, 3f
void baselines();                        // 4a, 4b
void returns();                          // 4c, 4d
void is_the_gradient_right();            // 6a
void a_continuous_action();              // 7a, 7b, 7c
void a_push_to_the_right();              // 8a

}  // namespace question
