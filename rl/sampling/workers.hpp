#pragma once
/// Threads that wait for work, so that an update does not start them anew.

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace rl {

class Workers {
 public:
  /// The calling thread is one of `count`, the others are started here; fewer when the system gives no more.
  explicit Workers(std::size_t count);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  std::size_t size() const { return threads_.size() + 1; }

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
  void work(std::size_t worker);
  void wait_and_work(std::size_t worker);

  std::mutex mutex_;
  std::condition_variable start_, done_;
  std::size_t round_ = 0, busy_ = 0;  // guarded by mutex_
  bool stop_ = false;
  Call call_ = nullptr;
  void* job_ = nullptr;
  std::size_t tasks_ = 0;
  std::atomic<std::size_t> next_ = 0;
  std::exception_ptr error_;
  std::size_t error_task_ = 0;
  std::vector<std::thread> threads_;
};

}  // namespace rl
