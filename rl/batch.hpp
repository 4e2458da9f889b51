#pragma once
/// What an update learns from: whole episodes, one after another. Column t of `states` is the state of step t.

#include <algorithm>
#include <cstddef>
#include <span>
#include <type_traits>
#include <vector>

#include "nn/matrix.hpp"

namespace rl {

/// One action per column: whole numbers, or columns of real ones (dimensions x steps).
template <class Action>
using Actions = std::conditional_t<std::is_same_v<Action, int>, std::vector<int>, nn::Matrix>;

inline void resize_actions(std::vector<int>& actions, std::size_t, std::size_t steps) {
  actions.resize(steps);
}
inline void resize_actions(nn::Matrix& actions, std::size_t dimensions, std::size_t steps) {
  actions.resize(dimensions, steps);
}

/// The actions first .. first + count - 1.
inline std::span<int> columns(std::span<int> actions, std::size_t first, std::size_t count) {
  return actions.subspan(first, count);
}
inline std::span<const int> columns(std::span<const int> actions, std::size_t first, std::size_t count) {
  return actions.subspan(first, count);
}
inline std::span<int> columns(std::vector<int>& actions, std::size_t first, std::size_t count) {
  return std::span(actions).subspan(first, count);
}
template <class T>
nn::BasicMatrixView<T> columns(nn::BasicMatrixView<T> actions, std::size_t first, std::size_t count) {
  return actions.columns(first, count);
}
inline nn::MatrixView columns(nn::Matrix& actions, std::size_t first, std::size_t count) {
  return actions.view().columns(first, count);
}

inline std::span<const int> view(const std::vector<int>& actions) {
  return actions;
}
inline nn::ConstMatrixView view(const nn::Matrix& actions) {
  return actions.view();
}

/// All of them in one row, as an environment takes them: dimension by dimension.
inline std::span<const int> flat(const std::vector<int>& actions) {
  return actions;
}
inline std::span<const nn::Scalar> flat(const nn::Matrix& actions) {
  return actions.flat();
}

/// to(., to_column) = from(., from_column)
inline void copy_action(const std::vector<int>& from, std::size_t from_column, std::vector<int>& to,
                        std::size_t to_column) {
  to[to_column] = from[from_column];
}
inline void copy_action(const nn::Matrix& from, std::size_t from_column, nn::Matrix& to, std::size_t to_column) {
  for (std::size_t d = 0; d < to.rows(); ++d) to(d, to_column) = from(d, from_column);
}

/// The first `count` actions to the columns first .. first + count - 1.
inline void copy_actions(const std::vector<int>& from, std::vector<int>& to, std::size_t first, std::size_t count) {
  std::copy_n(from.begin(), count, to.begin() + static_cast<std::ptrdiff_t>(first));
}
inline void copy_actions(const nn::Matrix& from, nn::Matrix& to, std::size_t first, std::size_t count) {
  for (std::size_t d = 0; d < to.rows(); ++d) std::copy_n(from.row(d).data(), count, to.row(d).data() + first);
}

/// to(., t) = from(., order[t])
inline void copy_in_order(const std::vector<int>& from, std::vector<int>& to, std::span<const std::size_t> order) {
  to.resize(order.size());
  for (std::size_t t = 0; t < order.size(); ++t) to[t] = from[order[t]];
}
inline void copy_in_order(const nn::Matrix& from, nn::Matrix& to, std::span<const std::size_t> order) {
  to.resize(from.rows(), order.size());
  for (std::size_t d = 0; d < to.rows(); ++d)
    for (std::size_t t = 0; t < order.size(); ++t) to(d, t) = from(d, order[t]);
}

/// The steps first .. first + length - 1 of a batch.
struct Episode {
  std::size_t first = 0, length = 0;
  bool terminated = false, truncated = false;
};

template <class Action>
struct Batch {
  nn::Matrix states;        // features x steps
  nn::Matrix final_states;  // features x episodes: where the last step of each led to
  Actions<Action> actions;
  nn::Vector rewards;
  std::vector<Episode> episodes;
  std::size_t steps() const { return rewards.size(); }
};

}  // namespace rl
