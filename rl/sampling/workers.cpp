#include "rl/sampling/workers.hpp"

#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace rl {

class Workers::Threads {
 public:
  explicit Threads(std::size_t count);
  ~Threads();
  std::size_t size() const { return threads_.size() + 1; }
  void run(std::size_t tasks, Call call, void* job);

 private:
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

Workers::Threads::Threads(std::size_t count) {
  threads_.reserve(count);
  for (std::size_t worker = 1; worker < count; ++worker) try {
      threads_.emplace_back([this, worker] { wait_and_work(worker); });
    } catch (const std::system_error&) {  // the system gives no more of them
      return;
    }
}

Workers::Threads::~Threads() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  start_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Workers::Threads::run(std::size_t tasks, Call call, void* job) {
  call_ = call, job_ = job, tasks_ = tasks, next_ = 0, error_ = nullptr;
  if (tasks > 1 && !threads_.empty()) {  // the lock shows the lines above to the others
    const std::lock_guard lock(mutex_);
    ++round_;
    busy_ = threads_.size();
    start_.notify_all();
  }
  work(0);
  std::unique_lock lock(mutex_);
  done_.wait(lock, [&] { return busy_ == 0; });
  if (error_) std::rethrow_exception(error_);
}

void Workers::Threads::work(std::size_t worker) {
  for (std::size_t task = next_++; task < tasks_; task = next_++) try {
      call_(job_, worker, task);
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!error_ || task < error_task_) error_ = std::current_exception(), error_task_ = task;
    }
}

void Workers::Threads::wait_and_work(std::size_t worker) {
  for (std::size_t seen = 0;;) {
    {
      std::unique_lock lock(mutex_);
      start_.wait(lock, [&] { return stop_ || round_ != seen; });
      if (stop_) return;
      seen = round_;
    }
    work(worker);
    const std::lock_guard lock(mutex_);
    if (--busy_ == 0) done_.notify_one();
  }
}

Workers::Workers(std::size_t count) : threads_(std::make_unique<Threads>(count)) {}
Workers::~Workers() = default;
std::size_t Workers::size() const {
  return threads_->size();
}
void Workers::run(std::size_t tasks, Call call, void* job) {
  threads_->run(tasks, call, job);
}

}  // namespace rl
