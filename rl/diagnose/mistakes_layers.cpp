/// Every known mistake in a backward pass, each as the one line that is changed.  docs/02-backward.md, section 5

#include <algorithm>

#include "rl/diagnose/formulas.hpp"

namespace rl {
namespace {

/// The derivative of relu with some hundredths on the side where it is off.
template <int hundredths>
Number leaky(const std::string& a, Number u, Number) {
  return a == "relu" ? Number(u.value > 0 ? 1 : hundredths / 100.) : impossible;
}

}  // namespace

using namespace pages;

void Catalogue::layer_mistakes() {
  add({"hidden-derivative-missing", "The derivative of the hidden activation is missing.",
       "the backward pass of a hidden layer has no factor of its activation", bend_backward,
       "hidden-derivative-missing", "499 (10)", "497 (10)"},
      {.passes = {{.formula = "no factor of the activation",
                   .derivative_of = [](const std::string&, Number, Number) { return Number(1); }}}});
  add({"relu-always-open", "The derivative of relu is 1 everywhere: units that are off get a gradient.",
       ">= 0 on the output, where > 0 belongs", bend_backward, "relu-always-open", "499 (10)", "429 (8)"},
      {.passes = {{.formula = "relu' = 1 wherever the output is >= 0, which is everywhere",
                   .derivative_of = [](const std::string& a, Number, Number) {
                     return a == "relu" ? Number(1) : impossible;
                   }}}});
  add({"derivative-at-the-activation",
       "The derivative of the activation is taken at its output; it belongs at its input.",
       "the derivative applies the function again to what is already its output", backward_mistakes,
       "derivative-at-the-activation", "498 (10)", "500 (10)"},
      {.passes = {{.formula = "the derivative taken at the output instead of at the sum",
                   .derivative_of = [](const std::string& a, Number, Number h) {
                     return derivative(a, h, activate(a, h));
                   }}}});
  add({"derivative-fed-the-sum", "A derivative written for outputs is fed the sums.",
       "1 - x**2 with x the input of tanh, or x * (1 - x) with x the input of a sigmoid", backward_mistakes},
      {.passes = {
           {.formula = "the formula that wants the output, fed the sum",
            .derivative_of = [](const std::string& a, Number u, Number) { return derivative_of_output(a, u); }}}});
  add({"derivative-of-another-function", "The derivative of another activation is used.",
       "the forward and the backward pass name different functions", bend_backward, "derivative-of-another-function",
       "495 (10)", "456 (9)"},
      {.passes = {
           {.formula = "h (1 - h), the derivative of the sigmoid",
            .derivative_of = [](const std::string&, Number, Number h) { return h * (1 - h); }},
           {.formula = "1 - h^2, the derivative of tanh",
            .derivative_of = [](const std::string&, Number, Number h) { return 1 - h * h; }},
           {.formula = "1 where h > 0, the derivative of relu",
            .derivative_of = [](const std::string&, Number, Number h) { return derivative_of_output("relu", h); }}}});
  add({"derivative-twice", "The derivative of the activation is multiplied in twice.",
       "both the layer and the activation apply it", bend_backward},
      {.passes = {{.formula = "the factor of the activation, squared",
                   .derivative_of = [](const std::string& a, Number u, Number h) {
                     return derivative(a, u, h) * derivative(a, u, h);
                   }}}});
  add({"activation-for-its-derivative", "The activation itself stands where its derivative belongs.",
       "the backward pass calls the forward function", bend_backward},
      {.passes = {{.formula = "the output of the activation where its derivative belongs",
                   .derivative_of = [](const std::string&, Number, Number h) { return h; }}}});
  add({"divided-by-the-derivative", "The backward pass divides by the derivative of the activation.",
       "a division where a product belongs", bend_backward},
      {.passes = {
           {.formula = "a division by the derivative",
            .derivative_of = [](const std::string& a, Number u, Number h) { return 1 / derivative(a, u, h); }}}});
  add({"weights-not-transposed", "A square weight matrix is used as it is where its transpose belongs.",
       "the matrix product that carries delta one layer down", dense_backward, "weights-not-transposed", "498 (10)",
       "497 (9)"},
      {.passes = {{.formula = "W where its transpose belongs", .W_as_it_is = true}}});
  add({"outer-product-transposed", "The gradient of a square weight matrix is transposed.",
       "the order of delta and input in the outer product", dense_backward, "outer-product-transposed", "499 (10)",
       "495 (10)"},
      {.passes = {{.formula = "the outer product of a square layer the wrong way round",
                   .gradient = [](const Grid& delta, const Forward& f, std::size_t l, Grid& dW, Series& db) {
                     right_gradient(delta, f, l, dW, db);
                     for (std::size_t o = 0; dW.rows == dW.cols && o < dW.rows; ++o)
                       for (std::size_t i = 0; i < o; ++i) std::swap(dW(o, i), dW(i, o));
                   }}}});
  add({"bias-gradient-forgotten", "The biases get no gradient.", "db is never written", dense_backward,
       "bias-gradient-forgotten", "493 (10)", "498 (10)"},
      {.passes = {{.formula = "db = 0",
                   .gradient = [](const Grid& delta, const Forward& f, std::size_t l, Grid& dW, Series& db) {
                     right_gradient(delta, f, l, dW, db);
                     std::ranges::fill(db, Number(0));
                   }}}});
  add({"bias-gradient-times-input", "The gradient of a bias is multiplied by an input; its input is 1.",
       "db is computed like a column of dW", dense_backward, "bias-gradient-times-input", "494 (10)", "495 (9)"},
      {.passes = {{.formula = "db = delta times the layer's first input",
                   .gradient = [](const Grid& delta, const Forward& f, std::size_t l, Grid& dW, Series& db) {
                     right_gradient(delta, f, l, dW, db);
                     for (std::size_t o = 0; o < db.size(); ++o) db[o] = dW(o, 0);
                   }}}});
  add({"bias-gradient-times-output", "The gradient of a bias is multiplied by the output of its unit.",
       "db is computed like dW", dense_backward},
      {.passes = {{.formula = "db = delta times the layer's output",
                   .gradient = [](const Grid& delta, const Forward& f, std::size_t l, Grid& dW, Series& db) {
                     right_gradient(delta, f, l, dW, db);
                     for (std::size_t o = 0; o < db.size(); ++o) {
                       db[o] = 0;
                       for (std::size_t r = 0; r < delta.rows; ++r) db[o] += delta(r, o) * f.h[l + 1](r, o);
                     }
                   }}}});
  add({"last-state-for-all",
       "Every step is paired with the layer's input of the last one: the stored input was overwritten.",
       "the forward pass keeps one input, the backward pass needs one per step", what_is_remembered,
       "last-state-for-all", "299 (5)", "280 (5)"},
      {.passes = {{.formula = "every delta times the layer's input of the last sample",
                   .gradient = [](const Grid& delta, const Forward& f, std::size_t l, Grid& dW, Series& db) {
                     accumulate(delta, f.h[l], dW, db, 0, delta.rows - 1);
                   }}}});
  add({"gradient-overwritten", "Only the last sample counts: gradients are assigned where they should be added.",
       "= where += belongs", dense_backward, "gradient-overwritten", "444 (7)", "43 (0)"},
      {.passes = {{.formula = "the gradient of the last sample alone",
                   .gradient = [](const Grid& delta, const Forward& f, std::size_t l, Grid& dW, Series& db) {
                     accumulate(delta, f.h[l], dW, db, delta.rows - 1);
                   }}}});
  add({"sums-for-outputs", "A layer's gradient uses the sums of the layer below, before their activation.",
       "which array the forward pass keeps", what_is_remembered},
      {.passes = {{.formula = "delta times the sums of the layer below, before their activation",
                   .gradient = [](const Grid& delta, const Forward& f, std::size_t l, Grid& dW, Series& db) {
                     accumulate(delta, l > 0 ? f.u[l - 1] : f.h[0], dW, db);
                   }}}});
  add({"hidden-layers-frozen", "Only the last layer has a gradient.",
       "the loop over layers stops early, or delta is cut off", network_backward, "hidden-layers-frozen", "495 (10)",
       "497 (10)"},
      {.passes = {{.formula = "0 in every layer but the last",
                   .gradient = [](const Grid& delta, const Forward& f, std::size_t l, Grid& dW, Series& db) {
                     if (l + 2 == f.h.size()) right_gradient(delta, f, l, dW, db);
                   }}}});
  add({"last-layer-frozen", "The last layer has no gradient.", "the loop over layers starts one too low",
       network_backward},
      {.passes = {{.formula = "0 in the last layer",
                   .gradient = [](const Grid& delta, const Forward& f, std::size_t l, Grid& dW, Series& db) {
                     if (l + 2 < f.h.size()) right_gradient(delta, f, l, dW, db);
                   }}}});
  add({"derivative-at-the-output", "The derivative of the hidden activation is applied at the output, which is linear.",
       "the loop over layers treats the last one like the others", the_bend},
      {.passes = {{.formula = "the hidden activation's derivative applied to what was injected",
                   .at_the_output =
                       [](const std::string& a, const Grid& outputs, Grid& delta) {
                         for (std::size_t i = 0; i < delta.cells.size(); ++i)
                           delta.cells[i] =
                               delta.cells[i] * derivative(a, outputs.cells[i], activate(a, outputs.cells[i]));
                       }},
                  {.formula = "the hidden activation's formula for outputs, applied to what was injected",
                   .at_the_output = [](const std::string& a, const Grid& outputs, Grid& delta) {
                     for (std::size_t i = 0; i < delta.cells.size(); ++i)
                       delta.cells[i] = delta.cells[i] * derivative_of_output(a, outputs.cells[i]);
                   }}}});
  add({"softmax-derivative-at-the-output", "What was injected is multiplied by p (1 - p) before it is carried back.",
       "the last layer applies the derivative of softmax once more", through_the_probs, "output-derivative-twice",
       "496 (10)", "490 (10)"},
      {.passes = {{.formula = "p (1 - p) applied to what was injected",
                   .at_the_output = [](const std::string&, const Grid& outputs, Grid& delta) {
                     for (std::size_t r = 0; r < delta.rows; ++r) {
                       double highest = -HUGE_VAL;
                       for (std::size_t k = 0; k < delta.cols; ++k) highest = std::max(highest, outputs(r, k).value);
                       Number total;
                       for (std::size_t k = 0; k < delta.cols; ++k) total += exp(outputs(r, k) - highest);
                       for (std::size_t k = 0; k < delta.cols; ++k) {
                         const Number p = exp(outputs(r, k) - highest) / total;
                         delta(r, k) = delta(r, k) * p * (1 - p);
                       }
                     }
                   }}}});
  add({"layers-scaled-differently", "Each array is right but for a constant of its own.",
       "a mean in one place and a sum in another, or one sign", network_backward});
  add({"weights-moved-too-early", "The weights of a layer are changed before the layer below is computed.",
       "the update happens inside the backward loop", network_backward});
  add({"weights-start-equal", "All units of a hidden layer are alike and will stay alike.",
       "weights start at 0, or at one number", where_to_start, "weights-start-at-zero", "22 (0)", "22 (0)"});
  add({"input-of-another-layer", "The gradient of a layer is made with the input of the layer below.",
       "the index into the list of stored inputs", what_is_remembered, "input-of-another-layer", "498 (10)",
       "499 (10)"},
      {.passes = {{.formula = "delta times the input of the layer below",
                   .gradient = [](const Grid& delta, const Forward& f, std::size_t l, Grid& dW, Series& db) {
                     const bool alike = l > 0 && f.h[l - 1].cols == f.h[l].cols;
                     accumulate(delta, f.h[alike ? l - 1 : l], dW, db);
                   }}}});
  add({"weights-of-another-layer", "delta is carried down through the weights of the layer below.",
       "the index into the list of weights", network_backward, "weights-of-another-layer", "463 (9)", "497 (10)"},
      {.passes = {{.formula = "the weights of the layer below", .W_of_the_layer_below = true}}});
  add({"derivative-of-another-layer", "The derivative of the activation is taken at the layer below.",
       "the index into the list of stored sums", network_backward, "derivative-of-another-layer", "497 (10)",
       "498 (10)"},
      {.passes = {{.formula = "the derivative at the layer below", .derivative_of_the_layer_below = true}}});
  add({"bias-gradient-summed-over-outputs",
       "The gradient of a bias is summed over the outputs too: one number for all.",
       "a sum over all axes, where axis=0 belongs", dense_backward, "bias-gradient-summed-over-outputs", "497 (10)",
       "496 (10)"},
      {.passes = {{.formula = "db = the sum of delta over samples and outputs",
                   .gradient = [](const Grid& delta, const Forward& f, std::size_t l, Grid& dW, Series& db) {
                     right_gradient(delta, f, l, dW, db);
                     Number total;
                     for (const Number& x : db) total += x;
                     std::ranges::fill(db, total);
                   }}}});
  add({"first-sample-only", "Only the first sample counts.", "an index 0 instead of a sum over the batch",
       dense_backward, "first-sample-only", "322 (5)", "33 (0)"},
      {.passes = {{.formula = "the gradient of the first sample alone",
                   .gradient = [](const Grid& delta, const Forward& f, std::size_t l, Grid& dW, Series& db) {
                     Grid first(1, delta.cols);
                     std::copy_n(delta.cells.begin(), delta.cols, first.cells.begin());
                     accumulate(first, f.h[l], dW, db);
                   }}}});
  add({"running-sum-added", "The running sum of gradients is added at every sample: the first sample counts most.",
       "gradients that are not set to zero inside the loop, and are added to the total each time", network_backward},
      {.passes = {{.formula = "sample t counted T - t times",
                   .gradient = [](const Grid& delta, const Forward& f, std::size_t l, Grid& dW, Series& db) {
                     Grid counted = delta;
                     for (std::size_t r = 0; r < delta.rows; ++r)
                       for (std::size_t o = 0; o < delta.cols; ++o)
                         counted(r, o) = static_cast<double>(delta.rows - r) * delta(r, o);
                     accumulate(counted, f.h[l], dW, db);
                   }}}});
  add({"leaky-derivative-of-relu", "The net is relu, and its derivative that of a leaky relu.",
       "the derivative of the negative side is a number like 0.01, and not 0", bend_backward,
       "leaky-derivative-of-relu", "499 (10)", "498 (10)"},
      {.passes = {{.formula = "0.01 where a unit is off", .derivative_of = leaky<1>},
                  {.formula = "0.1 where a unit is off", .derivative_of = leaky<10>},
                  {.formula = "0.2 where a unit is off", .derivative_of = leaky<20>},
                  {.formula = "0.3 where a unit is off", .derivative_of = leaky<30>}}});
  add({"delta-clipped", "delta is clipped, entry by entry, on its way down.",
       "clip or clamp inside the backward loop; clip the norm of the gradient after it", network_backward,
       "delta-clipped", "496 (10)", "498 (10)"},
      {.passes = {{.formula = "every delta cut to 0.01", .bound = 0.01},
                  {.formula = "every delta cut to 0.1", .bound = 0.1},
                  {.formula = "every delta cut to 0.5", .bound = 0.5},
                  {.formula = "every delta cut to 1", .bound = 1},
                  {.formula = "every delta cut to 5", .bound = 5},
                  {.formula = "every delta cut to 10", .bound = 10}}});
  add({"dropout-mask-forgotten", "The units that dropout switched off get a gradient all the same.",
       "the mask of the forward pass is not used in the backward pass, or drawn again", bend_backward},
      {.passes = {{.formula = "no dropout mask", .mask_forgotten = true}}});
  add({"weight-decay-sign", "The weight decay has the wrong sign: the weights grow.",
       "the sign of lambda W beside the gradient of a loss, or of an objective", network_backward});
}

}  // namespace rl
