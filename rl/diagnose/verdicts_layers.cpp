/// Verdicts on the gradients of the layers.

#include "rl/diagnose/verdicts.hpp"

namespace rl {
namespace {

using namespace pages;

// The backward pass.
constexpr Verdict layers[] = {
    {"hidden-derivative-missing", "The derivative of the hidden activation is missing.",
     "the backward pass of a hidden layer has no factor of its activation", bend_backward, "hidden-derivative-missing",
     "499 (10)", "497 (10)"},
    {"relu-always-open", "The derivative of relu is 1 everywhere: units that are off get a gradient.",
     ">= 0 on the output, where > 0 belongs", bend_backward, "relu-always-open", "499 (10)", "429 (8)"},
    {"derivative-at-the-activation",
     "The derivative of the activation is taken at its output; it belongs at its input.",
     "the derivative applies the function again to what is already its output", backward_mistakes,
     "derivative-at-the-activation", "498 (10)", "500 (10)"},
    {"derivative-fed-the-sum", "A derivative written for outputs is fed the sums.",
     "1 - x**2 with x the input of tanh, or x * (1 - x) with x the input of a sigmoid", backward_mistakes, "", "", ""},
    {"derivative-of-another-function", "The derivative of another activation is used.",
     "the forward and the backward pass name different functions", bend_backward, "derivative-of-another-function",
     "495 (10)", "456 (9)"},
    {"derivative-twice", "The derivative of the activation is multiplied in twice.",
     "both the layer and the activation apply it", bend_backward, "", "", ""},
    {"activation-for-its-derivative", "The activation itself stands where its derivative belongs.",
     "the backward pass calls the forward function", bend_backward, "", "", ""},
    {"divided-by-the-derivative", "The backward pass divides by the derivative of the activation.",
     "a division where a product belongs", bend_backward, "", "", ""},
    {"weights-not-transposed", "A square weight matrix is used as it is where its transpose belongs.",
     "the matrix product that carries delta one layer down", dense_backward, "weights-not-transposed", "498 (10)",
     "497 (9)"},
    {"outer-product-transposed", "The gradient of a square weight matrix is transposed.",
     "the order of delta and input in the outer product", dense_backward, "outer-product-transposed", "499 (10)",
     "495 (10)"},
    {"bias-gradient-forgotten", "The biases get no gradient.", "db is never written", dense_backward,
     "bias-gradient-forgotten", "493 (10)", "498 (10)"},
    {"bias-gradient-times-input", "The gradient of a bias is multiplied by an input; its input is 1.",
     "db is computed like a column of dW", dense_backward, "bias-gradient-times-input", "494 (10)", "495 (9)"},
    {"bias-gradient-times-output", "The gradient of a bias is multiplied by the output of its unit.",
     "db is computed like dW", dense_backward, "", "", ""},
    {"last-state-for-all",
     "Every step is paired with the layer's input of the last one: the stored input was overwritten.",
     "the forward pass keeps one input, the backward pass needs one per step", what_is_remembered, "last-state-for-all",
     "299 (5)", "280 (5)"},
    {"gradient-overwritten", "Only the last sample counts: gradients are assigned where they should be added.",
     "= where += belongs", dense_backward, "gradient-overwritten", "444 (7)", "43 (0)"},
    {"sums-for-outputs", "A layer's gradient uses the sums of the layer below, before their activation.",
     "which array the forward pass keeps", what_is_remembered, "", "", ""},
    {"hidden-layers-frozen", "Only the last layer has a gradient.",
     "the loop over layers stops early, or delta is cut off", network_backward, "hidden-layers-frozen", "495 (10)",
     "497 (10)"},
    {"last-layer-frozen", "The last layer has no gradient.", "the loop over layers starts one too low",
     network_backward, "", "", ""},
    {"derivative-at-the-output", "The derivative of the hidden activation is applied at the output, which is linear.",
     "the loop over layers treats the last one like the others", the_bend, "", "", ""},
    {"softmax-derivative-at-the-output", "What was injected is multiplied by p (1 - p) before it is carried back.",
     "the last layer applies the derivative of softmax once more", through_the_probs, "output-derivative-twice",
     "496 (10)", "490 (10)"},
    {"layers-scaled-differently", "Each array is right but for a constant of its own.",
     "a mean in one place and a sum in another, or one sign", network_backward, "", "", ""},
    {"weights-moved-too-early", "The weights of a layer are changed before the layer below is computed.",
     "the update happens inside the backward loop", network_backward, "", "", ""},
    {"weights-start-equal", "All units of a hidden layer are alike and will stay alike.",
     "weights start at 0, or at one number", where_to_start, "weights-start-at-zero", "22 (0)", "22 (0)"},
};

}  // namespace

constinit const std::span<const Verdict> layers_verdicts = layers;

}  // namespace rl
