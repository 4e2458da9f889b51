#include "rl/sampling/ranks.hpp"

#include <fmt/core.h>

#include <cstring>
#include <exception>
#include <new>
#include <stdexcept>

namespace rl {
namespace {

struct AnotherFailed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace

void Parcel::move(void* data, std::size_t size) {
  if (size == 0) return;
  if (filled_) {
    filled_->append(static_cast<const char*>(data), size);
    return;
  }
  if (size > opened_.size()) throw std::runtime_error("Parcel: the ranks do not run the same program");
  std::memcpy(data, opened_.data(), size);
  opened_.remove_prefix(size);
}

Ranks& Ranks::alone() {
  static Ranks one;
  return one;
}

Ranks::Share Ranks::share_of(std::size_t rank, std::size_t count) const {
  const std::size_t first = rank * count / size_;
  return {first, (rank + 1) * count / size_ - first};
}

void Ranks::all_gather(const std::string& mine, std::string& all, std::vector<std::size_t>& sizes) {
  all = mine, sizes = {mine.size()};
}

void Ranks::exchange(std::size_t count, const std::function<void(std::size_t, Parcel&)>& pack) {
  if (size_ > 1) exchange(count, pack, "");
}

/// A signal and a failure travel with what there is to tell, so that no rank waits for one that has left.
void Ranks::exchange(std::size_t count, const std::function<void(std::size_t, Parcel&)>& pack, std::string failure) {
  const auto pack_share = [&](std::size_t rank, Parcel& parcel) {
    const Share share = share_of(rank, count);
    for (std::size_t i = share.first; i < share.first + share.count; ++i) pack(i, parcel);
  };
  mine_.clear();
  Parcel mine(mine_);
  int noted = signal();
  std::vector<char> failed(failure.begin(), failure.end());
  mine(noted)(failed);
  if (failed.empty()) pack_share(rank_, mine);
  all_gather(mine_, all_, sizes_);
  agreed_ = 0;
  std::string_view rest = all_;
  for (std::size_t rank = 0; rank < size_; rest.remove_prefix(sizes_[rank++])) {
    Parcel theirs(rest.substr(0, sizes_[rank]));
    theirs(noted)(failed);
    if (agreed_ == 0) agreed_ = noted;
    if (rank == rank_) continue;
    if (!failed.empty())
      throw AnotherFailed(fmt::format("rank {}: {}", rank, std::string(failed.begin(), failed.end())));
    pack_share(rank, theirs);
  }
}

int Ranks::run(const std::function<int()>& body) {
  if (size_ == 1) return body();
  int status = 0;
  std::string failure;
  std::exception_ptr thrown;
  try {
    status = body();
  } catch (const AnotherFailed&) {
    thrown = std::current_exception();
  } catch (const std::bad_alloc&) {
    failure = "not enough memory", thrown = std::current_exception();
  } catch (const std::exception& error) {
    failure = error.what(), thrown = std::current_exception();
  }
  if (!thrown || !failure.empty()) try {
      exchange(0, {}, failure);
    } catch (const AnotherFailed&) {
      if (!thrown) thrown = std::current_exception();
    }
  if (rank_ > 0) return 0;
  if (thrown) std::rethrow_exception(thrown);
  return status;
}

}  // namespace rl
