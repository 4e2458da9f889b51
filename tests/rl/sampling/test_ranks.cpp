/// Ranks without MPI: threads of this process that exchange through memory.
#include <doctest/doctest.h>

#include <atomic>
#include <barrier>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "rl/sampling/ranks.hpp"
#include "rl/training/experiments.hpp"
#include "rl/training/learner.hpp"
#include "rl/training/train.hpp"

namespace test_ranks {

namespace {

struct Table {
  explicit Table(std::size_t size) : bytes(size), barrier(static_cast<std::ptrdiff_t>(size)) {}
  std::vector<std::string> bytes;
  std::barrier<> barrier;
};

class ThreadRanks final : public rl::Ranks {
 public:
  ThreadRanks(Table& table, std::size_t rank, std::function<int()> signal)
      : Ranks(std::move(signal), rank, table.bytes.size()), table_(table) {}
  std::size_t given = 0;  // bytes, last

 private:
  void all_gather(const std::string& mine, std::string& all, std::vector<std::size_t>& sizes) override {
    table_.bytes[rank()] = mine, given = mine.size();
    table_.barrier.arrive_and_wait();
    all.clear(), sizes.clear();
    for (const std::string& bytes : table_.bytes) all += bytes, sizes.push_back(bytes.size());
    table_.barrier.arrive_and_wait();  // nobody writes before all have read
  }
  Table& table_;
};

/// Runs body(ranks) on each of `size` ranks; the exit status and the line of each.
struct End {
  int status = -1;
  std::string line;
};
template <class Body>
std::vector<End> on_ranks(std::size_t size, Body body, std::function<int(std::size_t)> signal = {}) {
  Table table(size);
  std::vector<End> ends(size);
  std::vector<std::thread> threads;
  for (std::size_t rank = 0; rank < size; ++rank)
    threads.emplace_back([&, rank] {
      ThreadRanks ranks(table, rank, [&, rank] { return signal ? signal(rank) : 0; });
      try {
        ends[rank].status = ranks.run([&] { return body(ranks); });
      } catch (const std::exception& error) {
        ends[rank].line = error.what();
      }
    });
  for (std::thread& thread : threads) thread.join();
  return ends;
}

/// All that a training leaves: the parameters, and its numbers.
struct Trained {
  std::vector<nn::Vector> parameters;
  std::vector<double> numbers;
  bool operator==(const Trained&) const = default;
};
struct Case {
  const char *name, *environment, *algorithm, *baseline;
  std::size_t episodes, group;
};
Trained train(const Case& c, rl::Ranks& ranks) {
  const rl::StandardExperiment standard = rl::standard_experiment(c.environment);
  rl::TrainingSettings settings;
  settings.num_envs = 4, settings.seed = 8, settings.threads = 2;
  settings.algorithm = c.algorithm;
  standard.defaults(settings);
  settings.baseline = c.baseline;
  settings.hidden = {8};
  settings.episodes_per_update = c.episodes;
  settings.group_size = 3;
  settings.minibatch_size = 32;
  settings.pretraining_epochs = 0;
  rl::Experiment experiment = standard.with(settings);
  experiment.baseline_group = c.group;
  rl::Learner learner(settings, experiment, {}, ranks);
  Trained trained;
  for (std::size_t number = 1; number <= 2; ++number) {
    const rl::UpdateReport report = learner.update(number);
    for (const double x : {double(report.timesteps), report.entropy, report.gradient_norm, report.mean_return_to_go})
      trained.numbers.push_back(x);
    for (const rl::EpisodeStatistics& e : report.episodes) trained.numbers.push_back(e.episode_return);
  }
  if (std::string(c.environment) != "Pong")  // whose games take long
    for (const double G : learner.play(7, 1, false)) trained.numbers.push_back(G);
  for (const auto& part : learner.parts())
    trained.parameters.emplace_back(part.parameters.begin(), part.parameters.end());
  return trained;
}

}  // namespace

TEST_CASE("the shares of the ranks are those of one, in order, whatever their number") {
  for (const std::size_t size : {1u, 2u, 3u, 7u})
    for (const std::size_t count : {0u, 1u, 5u, 100u}) {
      std::vector<std::size_t> first(size), end(size);
      on_ranks(size, [&](rl::Ranks& ranks) {
        first[ranks.rank()] = ranks.share(count).first;
        end[ranks.rank()] = ranks.share(count).first + ranks.share(count).count;
        return 0;
      });
      CHECK(first.front() == 0);
      CHECK(end.back() == count);
      for (std::size_t rank = 1; rank < size; ++rank) CHECK(first[rank] == end[rank - 1]);
      for (std::size_t rank = 0; rank < size; ++rank) CHECK(end[rank] - first[rank] <= count / size + 1);
    }
}

TEST_CASE("after an exchange every rank knows what each made of its share") {
  const auto ends = on_ranks(3, [](rl::Ranks& ranks) {
    std::vector<std::vector<int>> things(5);
    const auto [first, count] = ranks.share(5);
    for (std::size_t i = first; i < first + count; ++i) things[i].assign(i + 1, int(10 * i));
    ranks.exchange(5, [&](std::size_t i, rl::Parcel& parcel) { parcel(things[i]); });
    int right = 0;
    for (std::size_t i = 0; i < 5; ++i) right += things[i] == std::vector<int>(i + 1, int(10 * i));
    if (right != 5) throw std::runtime_error("not the same");
    return 7;
  });
  CHECK(ends[0].line == "");
  CHECK(ends[0].status == 7);
  CHECK(ends[1].status == 0);  // rank 0 speaks for all
}

TEST_CASE("a training is the same on any number of ranks, bit for bit: every algorithm, dense and sparse") {
  for (const Case& c : {Case{"reinforce", "CartPole-v1", "reinforce", "leave-one-out", 18, 4},
                        Case{"its own sigma", "MountainCarContinuous-v0", "reinforce", "none", 6, 2},
                        Case{"one group", "CartPole-v1", "reinforce", "running-mean", 3, 32},
                        Case{"value baseline", "CartPole-v1", "reinforce", "value", 7, 32},
                        Case{"actor-critic", "Pendulum-v1", "actor-critic", "none", 4, 32},
                        Case{"ppo", "CartPole-v1", "ppo", "none", 7, 32},
                        Case{"post-training", "Words", "post-training", "none", 12, 32},
                        Case{"pong", "Pong", "reinforce", "leave-one-out", 4, 2},
                        Case{"a critic of pong", "Pong", "actor-critic", "none", 3, 2}}) {
    CAPTURE(c.name);
    const Trained alone = train(c, rl::Ranks::alone());
    for (const std::size_t size : {2u, 5u}) {  // 5: some have nothing to play
      if (size == 2 && c.group == 32) continue;
      CAPTURE(size);
      std::vector<Trained> trained(size);
      const auto ends = on_ranks(size, [&](rl::Ranks& ranks) {
        trained[ranks.rank()] = train(c, ranks);
        return 0;
      });
      CHECK(ends[0].line == "");
      for (const Trained& there : trained) CHECK(there == alone);
    }
  }
}

TEST_CASE("what a group of n episodes tells of P parameters is 60 bytes, a number each, and 16 bytes an episode") {
  const rl::StandardExperiment standard = rl::standard_experiment("CartPole-v1");
  rl::TrainingSettings settings;
  standard.defaults(settings);
  settings.episodes_per_update = 64;  // two groups
  std::size_t parameters = 0, bytes = 0;
  on_ranks(2, [&](ThreadRanks& ranks) {
    rl::Learner learner(settings, standard.with(settings), {}, ranks);
    learner.update(1);
    if (ranks.rank() == 0) parameters = learner.parts()[0].parameters.size(), bytes = ranks.given;
    return 0;
  });
  CHECK(parameters == 4 * 32 + 32 + 32 * 2 + 2);
  CHECK(bytes == 60 + sizeof(nn::Scalar) * parameters + 16 * 32);  // in float 1,476
}

TEST_CASE("a signal to one rank stops all of them after the same update") {
  for (const std::size_t who : {0u, 2u}) {
    std::vector<std::size_t> updates(3);
    std::vector<int> signals(3);
    std::vector<std::atomic<int>> noted(3);
    on_ranks(
        3,
        [&](rl::Ranks& ranks) {
          const std::size_t rank = ranks.rank();
          while (ranks.agreed_signal() == 0 && updates[rank] < 100) {
            ++updates[rank];
            if (rank == who && updates[rank] == 4) noted[who] = 15;
            ranks.exchange(3, [](std::size_t, rl::Parcel&) {});
          }
          signals[rank] = ranks.agreed_signal();
          return 0;
        },
        [&](std::size_t rank) { return noted[rank].load(); });
    CHECK(updates == std::vector<std::size_t>{4, 4, 4});
    CHECK(signals == std::vector<int>{15, 15, 15});
  }
}

TEST_CASE("where one rank fails all of them end, and rank 0 has the line") {
  for (const std::size_t size : {2u, 4u})
    for (std::size_t who = 0; who < size; ++who)
      for (const int at : {0, 1, 3}) {  // before the first exchange, between two, after the last
        const auto ends = on_ranks(size, [&](rl::Ranks& ranks) {
          for (int step = 0; step < 4; ++step) {
            if (ranks.rank() == who && step == at) throw std::runtime_error("no more");
            if (step < 3) ranks.exchange(size, [](std::size_t, rl::Parcel&) {});
          }
          return 0;
        });
        CHECK(ends[0].line == (who == 0 ? "no more" : "rank " + std::to_string(who) + ": no more"));
        for (std::size_t rank = 1; rank < size; ++rank) CHECK(ends[rank].status == 0);
      }
  const auto all = on_ranks(3, [](rl::Ranks&) -> int { throw std::invalid_argument("all of us"); });
  CHECK(all[0].line == "all of us");
}

TEST_CASE("ranks that do not run the same program are told so") {
  const auto ends = on_ranks(2, [](rl::Ranks& ranks) {
    int one = 1;
    double other = 2;
    ranks.exchange(2, [&](std::size_t, rl::Parcel& parcel) { ranks.rank() == 0 ? parcel(one) : parcel(one)(other); });
    return 0;
  });
  CHECK(ends[0].line.find("do not run the same program") != std::string::npos);
}

}  // namespace test_ranks
