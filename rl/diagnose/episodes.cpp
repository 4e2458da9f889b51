/// Which rows belong together: environments side by side, episodes, flags.

#include "rl/diagnose/table.hpp"

namespace rl {
namespace {

/// The flags of the columns terminated and truncated.
std::vector<bool> flags(const Table& table, const char* name) {
  const auto column = table.find(name);
  std::vector<bool> result;
  for (std::size_t t = 0; column && t < table.rows(); ++t) {
    const double f = table.text.columns[*column][t];
    if (f != 0 && f != 1) table.fail(t, name, "0 or 1", f);
    result.push_back(f == 1);
  }
  return result;
}

}  // namespace

/// Puts the rows of each environment together, and within it those of each episode, both in the order in which they
/// come first. Environments that act side by side write one row each in turn.
void group_rows(Table& table, Samples& s) {
  const auto env = table.find("env"), episode = table.find("episode");
  if (!env && !episode) return;
  using Key = std::pair<double, double>;
  std::map<Key, std::vector<std::size_t>> rows;
  std::vector<Key> keys;  // in order of appearance
  std::vector<std::string> apart;
  for (std::size_t t = 0; t < table.rows(); ++t) {
    const Key key{env ? table.text.columns[*env][t] : 0, episode ? table.text.columns[*episode][t] : 0};
    std::vector<std::size_t>& own = rows[key];
    if (own.empty()) keys.push_back(key);
    if (!own.empty() && own.back() + 1 != t) apart.push_back(fmt::format("{}", key.second));
    own.push_back(t);
  }
  if (apart.empty()) return;
  if (env) std::ranges::stable_sort(keys, {}, &Key::first);
  for (const Key& key : keys) s.line.insert(s.line.end(), rows[key].begin(), rows[key].end());
  if (!env) s.scattered = std::move(apart);
  const auto sort = [&](auto& column) {
    auto sorted = column;
    for (std::size_t t = 0; t < sorted.size(); ++t) sorted[t] = column[s.line[t]];
    column = std::move(sorted);
  };
  for (auto& column : table.text.columns) sort(column);
  sort(table.text.lines);
}

/// The column group: samples that share a baseline, as the answers to one question do. One number an episode.
static void find_groups(const Table& table, Samples& s) {
  const auto column = table.find("group");
  if (!column) return;
  std::map<double, std::size_t> numbers;
  for (const Span& e : s.episodes)
    for (std::size_t t = e.first; t < e.first + e.length; ++t) {
      const double own = table.text.columns[*column][t], first = table.text.columns[*column][e.first];
      if (own != first) table.fail(t, "group", fmt::format("one group in all rows of an episode, {}", first), own);
      if (t == e.first) s.group.push_back(numbers.emplace(own, numbers.size()).first->second);
    }
}

/// An episode ends where its number or its environment changes; without a column of numbers, after a step that is
/// terminated or truncated. With a group, and nothing of this, every row is a sample of its own.
void find_episodes(const Table& table, Samples& s) {
  const auto number = table.find("episode"), env = table.find("env");
  s.terminated = flags(table, "terminated"), s.truncated = flags(table, "truncated");
  s.episodes_known = number || !s.terminated.empty() || !s.truncated.empty();
  const bool alone = !s.episodes_known && table.find("group");
  const auto changes = [&](std::optional<std::size_t> c, std::size_t t) {
    return c && table.text.columns[*c][t] != table.text.columns[*c][t + 1];
  };
  const auto ends = [&](const std::vector<bool>& flag, std::size_t t) { return !flag.empty() && flag[t]; };
  for (std::size_t t = 0, first = 0; t < s.steps; ++t) {
    const bool last = alone || t + 1 == s.steps || changes(number, t) || changes(env, t) ||
                      (!number && (ends(s.terminated, t) || ends(s.truncated, t)));
    if (last) s.episodes.push_back({first, t + 1 - first}), first = t + 1;
  }
  s.episodes_known |= alone;
  find_groups(table, s);
}

}  // namespace rl
