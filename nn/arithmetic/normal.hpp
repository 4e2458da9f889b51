#pragma once
/// A normal random number from a uniform one, as plain arithmetic: the same bits on every machine.

#include <cmath>

#include "nn/arithmetic/elementary.hpp"

namespace nn {

namespace detail {

/// Of 0.5 + q in the middle, |q| <= 0.425.
inline Scalar quantile_in_the_middle(Scalar q) {
  const Scalar r = Scalar(0.180625) - q * q;
  if constexpr (is_double)
    return q *
           polynomial(r, 3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
                      45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727) /
           polynomial(r, 1., 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077, 21213.794301586595867,
                      39307.895800092710610, 28729.085735721942674, 5226.4952788528545610);
  else
    return q * polynomial(r, 3.3871327179, 50.434271938, 159.29113202, 59.109374720) /
           polynomial(r, 1., 17.895169469, 78.757757664, 67.187563600);
}

/// Of the tails, where r = sqrt(-log p) - 1.6 for sqrt(-log p) up to 5.
inline Scalar quantile_in_the_tail(Scalar r) {
  if constexpr (is_double)
    return polynomial(r, 1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504,
                      1.27045825245236838258, 0.241780725177450611770, 0.0227238449892691845833,
                      7.74545014278341407640e-4) /
           polynomial(r, 1., 2.05319162663775882187, 1.67638483018380384940, 0.689767334985100004550,
                      0.148103976427480074590, 0.0151986665636164571966, 5.47593808499534494600e-4,
                      1.05075007164441684324e-9);
  else
    return polynomial(r, 1.4234372777, 2.7568153900, 1.3067284816, 0.17023821103) /
           polynomial(r, 1., 0.73700164250, 0.12021132975);
}

/// And where r = sqrt(-log p) - 5 beyond.
inline Scalar quantile_far_out(Scalar r) {
  if constexpr (is_double)
    return polynomial(r, 6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580,
                      0.296560571828504891230, 0.0265321895265761230930, 1.24266094738807843860e-3,
                      2.71155556874348757815e-5, 2.01033439929228813265e-7) /
           polynomial(r, 1., 0.599832206555887937690, 0.136929880922735805310, 0.0148753612908506148525,
                      7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
                      2.04426310338993978564e-15);
  else
    return polynomial(r, 6.6579051150, 3.0812263860, 0.42868294337, 0.017337203997) /
           polynomial(r, 1., 0.24197894225, 0.012258202635);
}

}  // namespace detail

/// The number x below which a standard normal one falls with probability u + 2^-54, for u in [0, 1) a multiple of
/// 2^-53, as Random::uniform() gives it: u stands for the interval [u, u + 2^-53), and this is its middle. So x is
/// finite for every u, u = 0 gives -8.29, and 1 - 2^-53 - u gives -x exactly. Within 6 units in the last place.
///
/// The coefficients are those of M. J. Wichura, "Algorithm AS 241: The percentage points of the normal distribution",
/// Applied Statistics 37 (1988), 477-484: PPND16 in double, PPND7 in float. Each is a quotient of polynomials: in
/// (p - 1/2)^2 in the middle, in sqrt(-log p) in the tails.
inline Scalar normal_quantile(double u) {
  const double from_middle = (u - 0.5) + 0x1p-54;  // exact, and so is the distance to the nearer end
  if (from_middle >= -0.425 && from_middle <= 0.425)
    return detail::quantile_in_the_middle(static_cast<Scalar>(from_middle));
  const double tail = 0.5 - (from_middle < 0 ? -from_middle : from_middle);
  const Scalar r = std::sqrt(-log(static_cast<Scalar>(tail)));
  const Scalar x =
      r <= Scalar(5) ? detail::quantile_in_the_tail(r - Scalar(1.6)) : detail::quantile_far_out(r - Scalar(5));
  return from_middle < 0 ? -x : x;
}

}  // namespace nn
