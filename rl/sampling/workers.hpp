#pragma once
/// Threads that wait for work, so that an update does not start them anew. Where there are none, a browser, another
/// source stands behind this header: docs/playground/one_worker.cpp.

#include <cstddef>
#include <memory>

namespace rl {

class Workers {
 public:
  /// The calling thread is one of `count`, the others are started here; fewer when the system gives no more.
  explicit Workers(std::size_t count);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  std::size_t size() const;

  /// Calls job(worker, task) once for each task below `tasks` and returns when all are done; no two tasks of one worker
  /// at a time. Which worker takes which task is chance, so a result must not depend on it. When tasks throw, the
  /// exception of the first of them is thrown here.
  template <class Job>
  void run(std::size_t tasks, Job job) {
    run(
        tasks, [](void* of, std::size_t worker, std::size_t task) { (*static_cast<Job*>(of))(worker, task); }, &job);
  }

 private:
  using Call = void (*)(void*, std::size_t, std::size_t);
  void run(std::size_t tasks, Call call, void* job);

  class Threads;
  std::unique_ptr<Threads> threads_;
};

}  // namespace rl
