/// Forward and backward with OpenBLAS: sgemm over the batch, one row per feature; sgemv and sger for a single state.
/// OpenBLAS has no tanh. Compiled twice: as people do, with std::tanh, and with -ffast-math, which lets the compiler
/// take the C library's vector tanh.

#if __has_include(<cblas.h>)
#include <cblas.h>
#else
#include <openblas/cblas.h>
#endif

#include <algorithm>
#include <cmath>

#include "tests/bench/peers/peer.hpp"

namespace peers {
namespace {

class OpenBlasStep : public Step {
 public:
  explicit OpenBlasStep(const Data& data)
      : d(data),
        I(d.inputs),
        N(d.hidden),
        O(d.outputs),
        B(d.batch),
        H(size(N, B)),
        Y(size(O, B)),
        dH(size(N, B)),
        dW1(size(N, I)),
        dW2(size(O, N)),
        db1(size(N, 1)),
        db2(size(O, 1)),
        ones(size(B, 1), 1.f) {
    openblas_set_num_threads(1);
  }

  void run() override {
    spread(d.b1, H, N);
    product(N, B, I, d.W1, false, d.X, false, H);  // H = W1 X + b1
    activate();
    spread(d.b2, Y, O);
    product(O, B, N, d.W2, false, H, false, Y);   // Y = W2 H + b2
    product(O, N, B, d.dY, false, H, true, dW2);  // dW2 += dY Hᵀ
    cblas_sgemv(CblasRowMajor, CblasNoTrans, O, B, 1, d.dY.data(), B, ones.data(), 1, 1, db2.data(), 1);
    std::fill(dH.begin(), dH.end(), 0.f);
    product(N, B, O, d.W2, true, d.dY, false, dH);  // dH = W2ᵀ dY
    differentiate();
    product(N, I, B, dH, false, d.X, true, dW1);  // dW1 += dH Xᵀ
    cblas_sgemv(CblasRowMajor, CblasNoTrans, N, B, 1, dH.data(), B, ones.data(), 1, 1, db1.data(), 1);
  }

  std::vector<float> gradients() const override {
    std::vector<float> all;
    for (const auto* part : {&dW1, &db1, &dW2, &db2}) all.insert(all.end(), part->begin(), part->end());
    return all;
  }

 private:
  static std::size_t size(int rows, int cols) {
    return static_cast<std::size_t>(rows) * static_cast<std::size_t>(cols);
  }

  /// C (m x n) += A (m x k) B (k x n), each possibly stored transposed.
  static void product(int m, int n, int k, const std::vector<float>& A, bool At, const std::vector<float>& B, bool Bt,
                      std::vector<float>& C) {
    if (n == 1)
      cblas_sgemv(CblasRowMajor, At ? CblasTrans : CblasNoTrans, At ? k : m, At ? m : k, 1, A.data(), At ? m : k,
                  B.data(), 1, 1, C.data(), 1);
    else if (k == 1)
      cblas_sger(CblasRowMajor, m, n, 1, A.data(), 1, B.data(), 1, C.data(), n);
    else
      cblas_sgemm(CblasRowMajor, At ? CblasTrans : CblasNoTrans, Bt ? CblasTrans : CblasNoTrans, m, n, k, 1, A.data(),
                  At ? m : k, B.data(), Bt ? k : n, 1, C.data(), n);
  }
  void spread(const std::vector<float>& b, std::vector<float>& Z, int rows) const {
    for (int r = 0; r < rows; ++r) std::fill_n(Z.begin() + r * B, B, b[static_cast<std::size_t>(r)]);
  }
  void activate() {
    float* h = H.data();
    const std::size_t count = H.size();
    if (d.tanh)
      for (std::size_t i = 0; i < count; ++i) h[i] = std::tanh(h[i]);
    else
      for (std::size_t i = 0; i < count; ++i) h[i] = h[i] > 0 ? h[i] : 0.f;
  }
  void differentiate() {
    const float* h = H.data();
    float* g = dH.data();
    const std::size_t count = H.size();
    if (d.tanh)
      for (std::size_t i = 0; i < count; ++i) g[i] *= 1.f - h[i] * h[i];
    else
      for (std::size_t i = 0; i < count; ++i) g[i] = h[i] > 0 ? g[i] : 0.f;
  }

  Data d;
  int I, N, O, B;
  std::vector<float> H, Y, dH, dW1, dW2, db1, db2, ones;
};

#ifdef __FAST_MATH__
const bool added = add_peer<OpenBlasStep>("OpenBLAS");
#else
const bool added = add_peer<OpenBlasStep>("OpenBLAS std::tanh");
#endif

}  // namespace
}  // namespace peers
