/// Threads that share out tasks.
#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "rl/sampling/workers.hpp"

namespace test_workers {

TEST_CASE("every task runs once on some worker, and of the tasks that throw the first one's exception arrives") {
  constexpr std::size_t tasks = 40;
  for (const std::size_t threads : {1u, 2u, 4u}) {
    CAPTURE(threads);
    rl::Workers workers(threads);
    CHECK(workers.size() == threads);
    for (const std::vector<std::size_t>& wrong :
         {std::vector<std::size_t>{}, {0}, {7}, {31, 12, 25}, {tasks - 1}, {}}) {  // whoever threw can work again
      std::vector<int> times(tasks), by(tasks, -1);
      std::string said = "nothing";
      try {
        workers.run(tasks, [&](std::size_t worker, std::size_t task) {
          ++times[task], by[task] = static_cast<int>(worker);
          if (std::ranges::count(wrong, task)) throw std::runtime_error(std::to_string(task));
        });
      } catch (const std::runtime_error& error) {
        said = error.what();
      }
      CHECK(said == (wrong.empty() ? "nothing" : std::to_string(std::ranges::min(wrong))));
      CHECK(std::ranges::count(times, 1) == tasks);
      CHECK(std::ranges::all_of(by, [&](int worker) { return worker >= 0 && worker < int(threads); }));
    }
    workers.run(0, [](std::size_t, std::size_t) { FAIL("there is no task"); });
  }
}

}  // namespace test_workers
