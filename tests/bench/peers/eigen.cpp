/// Forward and backward with Eigen: one column per state, column-major, as Eigen likes it.

#include <eigen3/Eigen/Core>

#include "tests/bench/peers/peer.hpp"

namespace peers {
namespace {

using Eigen::MatrixXf, Eigen::VectorXf;
using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

MatrixXf matrix(const std::vector<float>& numbers, int rows, int cols) {
  return Eigen::Map<const RowMajor>(numbers.data(), rows, cols);
}

class EigenStep : public Step {
 public:
  explicit EigenStep(const Data& d)
      : tanh_(d.tanh),
        W1(matrix(d.W1, d.hidden, d.inputs)),
        W2(matrix(d.W2, d.outputs, d.hidden)),
        X(matrix(d.X, d.inputs, d.batch)),
        dY(matrix(d.dY, d.outputs, d.batch)),
        b1(matrix(d.b1, d.hidden, 1)),
        b2(matrix(d.b2, d.outputs, 1)),
        dW1(MatrixXf::Zero(d.hidden, d.inputs)),
        dW2(MatrixXf::Zero(d.outputs, d.hidden)),
        H(d.hidden, d.batch),
        Y(d.outputs, d.batch),
        dH(d.hidden, d.batch),
        db1(VectorXf::Zero(d.hidden)),
        db2(VectorXf::Zero(d.outputs)) {}

  void run() override {
    if (X.cols() == 1) {  // matrix times vector has a kernel of its own, if the types say so
      H.col(0).noalias() = W1 * X.col(0);
      activate();
      Y.col(0).noalias() = W2 * H.col(0);
      Y += b2;
      dW2.noalias() += dY.col(0) * H.col(0).transpose();
      dH.col(0).noalias() = W2.transpose() * dY.col(0);
      differentiate();
      dW1.noalias() += dH.col(0) * X.col(0).transpose();
      db2 += dY.col(0), db1 += dH.col(0);
    } else {
      H.noalias() = W1 * X;
      activate();
      Y.noalias() = W2 * H;
      Y.colwise() += b2;
      dW2.noalias() += dY * H.transpose();
      dH.noalias() = W2.transpose() * dY;
      differentiate();
      dW1.noalias() += dH * X.transpose();
      db2 += dY.rowwise().sum(), db1 += dH.rowwise().sum();
    }
  }

  std::vector<float> gradients() const override {
    std::vector<float> all;
    const auto append = [&](const RowMajor& m) { all.insert(all.end(), m.data(), m.data() + m.size()); };
    append(dW1), append(db1), append(dW2), append(db2);
    return all;
  }

 private:
  void activate() {
    H.colwise() += b1;
    if (tanh_)
      H = H.array().tanh();
    else
      H = H.array().max(0.f);
  }
  void differentiate() {
    if (tanh_)
      dH.array() *= 1.f - H.array().square();
    else
      dH = (H.array() > 0.f).select(dH, 0.f);
  }

  bool tanh_;
  MatrixXf W1, W2, X, dY;
  VectorXf b1, b2;
  MatrixXf dW1, dW2, H, Y, dH;
  VectorXf db1, db2;
};

const bool added = add_peer<EigenStep>("Eigen");

}  // namespace
}  // namespace peers
