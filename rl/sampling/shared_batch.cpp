#include "rl/sampling/shared_batch.hpp"

#include <utility>

namespace rl {
namespace {

void pack(nn::States& states, Parcel& parcel) {
  std::size_t rows = states.rows(), cols = states.cols();
  bool sparse = states.is_sparse();
  parcel(rows)(cols)(sparse);
  if (parcel.is_opened()) states.resize(rows, cols, sparse);
  for (std::size_t c = 0; c < cols; ++c) {
    if (sparse) {
      const auto column = nn::StatesView(states).sparse().column(c);
      std::vector<nn::Entry> entries(column.begin(), column.end());
      parcel(entries);
      if (!parcel.is_opened()) continue;
      states.clear(c);
      for (const nn::Entry& x : entries) states.set(x.row, c, x.value);
    } else {
      for (std::size_t row = 0; row < rows; ++row) parcel(states(row, c));
    }
  }
}

void pack(Batch& batch, Parcel& parcel) {
  std::size_t rows = batch.actions.rows();
  parcel(rows)(batch.rewards)(batch.episodes);
  batch.actions.resize(rows, batch.steps());
  for (nn::Scalar& number : batch.actions.flat()) parcel(number);
  pack(batch.states, parcel);
  pack(batch.final_states, parcel);
}

void append(const Batch& some, Batch& all) {
  const std::size_t steps = all.steps(), episodes = all.episodes.size();
  for (Episode episode : some.episodes) {
    all.final_states.put(all.episodes.size(), some.final_states, all.episodes.size() - episodes);
    episode.first += steps;
    all.episodes.push_back(episode);
  }
  for (std::size_t t = 0; t < some.steps(); ++t) {
    all.states.put(steps + t, some.states, t);
    for (std::size_t d = 0; d < some.actions.rows(); ++d) all.actions(d, steps + t) = some.actions(d, t);
  }
  all.rewards.insert(all.rewards.end(), some.rewards.begin(), some.rewards.end());
}

}  // namespace

Batch shared_batch(Ranks& ranks, Batch mine) {
  std::vector<Batch> batches(ranks.size());
  batches[ranks.rank()] = std::move(mine);
  ranks.exchange(batches.size(), [&](std::size_t rank, Parcel& parcel) { pack(batches[rank], parcel); });
  std::size_t steps = 0, episodes = 0;
  for (const Batch& batch : batches) steps += batch.steps(), episodes += batch.episodes.size();
  Batch all;
  const Batch& last = batches.back();  // has episodes, however few there are
  all.states.resize(last.states.rows(), steps, last.states.is_sparse());
  all.final_states.resize(last.states.rows(), episodes, last.states.is_sparse());
  all.actions.resize(last.actions.rows(), steps);
  for (const Batch& batch : batches) append(batch, all);
  return all;
}

}  // namespace rl
