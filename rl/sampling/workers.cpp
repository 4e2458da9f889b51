#include "rl/sampling/workers.hpp"

#include <system_error>

namespace rl {

Workers::Workers(std::size_t count) {
  threads_.reserve(count);
  for (std::size_t worker = 1; worker < count; ++worker) try {
      threads_.emplace_back([this, worker] { wait_and_work(worker); });
    } catch (const std::system_error&) {  // the system gives no more of them
      return;
    }
}

Workers::~Workers() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  start_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Workers::run(std::size_t tasks, Call call, void* job) {
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

void Workers::work(std::size_t worker) {
  for (std::size_t task = next_++; task < tasks_; task = next_++) try {
      call_(job_, worker, task);
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!error_ || task < error_task_) error_ = std::current_exception(), error_task_ = task;
    }
}

void Workers::wait_and_work(std::size_t worker) {
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

}  // namespace rl
