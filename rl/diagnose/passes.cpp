/// Every known mistake in a backward pass, each as the one line that is changed.  docs/02-backward.md, section 5

#include <algorithm>

#include "rl/diagnose/backward.hpp"

namespace rl {
namespace {

constexpr Pass passes[] = {
    {.name = "hidden-derivative-missing",
     .formula = "no factor of the activation",
     .slope_of = [](const std::string&, Number, Number) { return Number(1); }},
    {.name = "relu-always-open",
     .formula = "relu' = 1 wherever the output is >= 0, which is everywhere",
     .slope_of = [](const std::string& a, Number, Number) { return a == "relu" ? Number(1) : impossible; }},
    {.name = "derivative-at-the-activation",
     .formula = "the derivative taken at the output instead of at the sum",
     .slope_of = [](const std::string& a, Number, Number h) { return slope(a, activate(a, h)); }},
    {.name = "derivative-fed-the-sum",
     .formula = "the formula that wants the output, fed the sum",
     .slope_of = [](const std::string& a, Number u, Number) { return slope(a, u); }},
    {.name = "derivative-of-another-function",
     .formula = "h (1 - h), the derivative of the sigmoid",
     .slope_of = [](const std::string&, Number, Number h) { return h * (1 - h); }},
    {.name = "derivative-of-another-function",
     .formula = "1 - h^2, the derivative of tanh",
     .slope_of = [](const std::string&, Number, Number h) { return 1 - h * h; }},
    {.name = "derivative-of-another-function",
     .formula = "1 where h > 0, the derivative of relu",
     .slope_of = [](const std::string&, Number, Number h) { return slope("relu", h); }},
    {.name = "derivative-twice",
     .formula = "the factor of the activation, squared",
     .slope_of = [](const std::string& a, Number, Number h) { return slope(a, h) * slope(a, h); }},
    {.name = "activation-for-its-derivative",
     .formula = "the output of the activation where its derivative belongs",
     .slope_of = [](const std::string&, Number, Number h) { return h; }},
    {.name = "divided-by-the-derivative",
     .formula = "a division by the derivative",
     .slope_of = [](const std::string& a, Number, Number h) { return 1 / slope(a, h); }},
    {.name = "weights-not-transposed", .formula = "W where its transpose belongs", .W_as_it_is = true},
    {.name = "outer-product-transposed",
     .formula = "the outer product of a square layer the wrong way round",
     .gradient =
         [](const Grid& delta, const Forward& f, std::size_t l, Grid& dW, Series& db) {
           right_gradient(delta, f, l, dW, db);
           for (std::size_t o = 0; dW.rows == dW.cols && o < dW.rows; ++o)
             for (std::size_t i = 0; i < o; ++i) std::swap(dW(o, i), dW(i, o));
         }},
    {.name = "bias-gradient-forgotten",
     .formula = "db = 0",
     .gradient =
         [](const Grid& delta, const Forward& f, std::size_t l, Grid& dW, Series& db) {
           right_gradient(delta, f, l, dW, db);
           std::ranges::fill(db, Number(0));
         }},
    {.name = "bias-gradient-times-input",
     .formula = "db = delta times the layer's first input",
     .gradient =
         [](const Grid& delta, const Forward& f, std::size_t l, Grid& dW, Series& db) {
           right_gradient(delta, f, l, dW, db);
           for (std::size_t o = 0; o < db.size(); ++o) db[o] = dW(o, 0);
         }},
    {.name = "bias-gradient-times-output",
     .formula = "db = delta times the layer's output",
     .gradient =
         [](const Grid& delta, const Forward& f, std::size_t l, Grid& dW, Series& db) {
           right_gradient(delta, f, l, dW, db);
           for (std::size_t o = 0; o < db.size(); ++o) {
             db[o] = 0;
             for (std::size_t r = 0; r < delta.rows; ++r) db[o] += delta(r, o) * f.h[l + 1](r, o);
           }
         }},
    {.name = "last-state-for-all",
     .formula = "every delta times the layer's input of the last sample",
     .gradient = [](const Grid& delta, const Forward& f, std::size_t l, Grid& dW,
                    Series& db) { accumulate(delta, f.h[l], dW, db, 0, delta.rows - 1); }},
    {.name = "gradient-overwritten",
     .formula = "the gradient of the last sample alone",
     .gradient = [](const Grid& delta, const Forward& f, std::size_t l, Grid& dW,
                    Series& db) { accumulate(delta, f.h[l], dW, db, delta.rows - 1); }},
    {.name = "sums-for-outputs",
     .formula = "delta times the sums of the layer below, before their activation",
     .gradient = [](const Grid& delta, const Forward& f, std::size_t l, Grid& dW,
                    Series& db) { accumulate(delta, l > 0 ? f.u[l - 1] : f.h[0], dW, db); }},
    {.name = "hidden-layers-frozen",
     .formula = "0 in every layer but the last",
     .gradient =
         [](const Grid& delta, const Forward& f, std::size_t l, Grid& dW, Series& db) {
           if (l + 2 == f.h.size()) right_gradient(delta, f, l, dW, db);
         }},
    {.name = "last-layer-frozen",
     .formula = "0 in the last layer",
     .gradient =
         [](const Grid& delta, const Forward& f, std::size_t l, Grid& dW, Series& db) {
           if (l + 2 < f.h.size()) right_gradient(delta, f, l, dW, db);
         }},
    {.name = "derivative-at-the-output",
     .formula = "the hidden activation's derivative applied to what was injected",
     .at_the_output =
         [](const std::string& a, const Grid& outputs, Grid& delta) {
           for (std::size_t i = 0; i < delta.cells.size(); ++i)
             delta.cells[i] = delta.cells[i] * slope(a, activate(a, outputs.cells[i]));
         }},
    {.name = "derivative-at-the-output",
     .formula = "the hidden activation's formula for outputs, applied to what was injected",
     .at_the_output =
         [](const std::string& a, const Grid& outputs, Grid& delta) {
           for (std::size_t i = 0; i < delta.cells.size(); ++i)
             delta.cells[i] = delta.cells[i] * slope(a, outputs.cells[i]);
         }},
    {.name = "softmax-derivative-at-the-output",
     .formula = "p (1 - p) applied to what was injected",
     .at_the_output =
         [](const std::string&, const Grid& outputs, Grid& delta) {
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
         }},
};

}  // namespace

std::span<const Pass> wrong_passes() {
  return passes;
}

}  // namespace rl
