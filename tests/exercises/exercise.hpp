#pragma once
/// What an exercise needs: a vector, a matrix, and the blank that you replace.

#include <algorithm>
#include <cmath>
#include <vector>

#include "nn/arithmetic/matrix.hpp"

using Vector = std::vector<double>;
using nn::Matrix;  // double here; W(o, i), W.rows(), W.cols(), Matrix(rows, cols) is full of zeros

struct Untouched {};  // thrown by a blank: so an exercise is open exactly as long as its blank is there
struct Blank {
  template <class T>
  operator T() const {
    throw Untouched{};
  }
};

/// Stands where your code goes: as a line of its own, or as the number or letter that you are asked for.
inline Blank blank() {
  throw Untouched{};
}
