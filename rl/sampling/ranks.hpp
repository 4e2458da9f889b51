#pragma once
/// Processes that do one training together, on one machine or on many.                   docs/many-machines.md
///
/// Each rank runs the same program with the same options and draws the same streams. It plays its share of the episodes
/// and hears from the others what came of theirs; then all add up the same numbers in the same order. So their weights
/// are the same bits, and nobody has to send them. The processes themselves are MPI's matter: rl/run/mpi_ranks.cpp.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace rl {

/// Numbers and vectors laid end to end; an opened parcel gives them back to the same calls in the same order.
class Parcel {
 public:
  explicit Parcel(std::string& filled) : filled_(&filled) {}
  explicit Parcel(std::string_view opened) : opened_(opened) {}
  template <class T>
  Parcel& operator()(T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    move(&value, sizeof value);
    return *this;
  }
  template <class T, class Allocator>
  Parcel& operator()(std::vector<T, Allocator>& values) {
    std::uint64_t size = values.size();
    (*this)(size);
    values.resize(static_cast<std::size_t>(size));
    move(values.data(), values.size() * sizeof(T));
    return *this;
  }
  bool is_opened() const { return filled_ == nullptr; }

 private:
  void move(void* data, std::size_t size);
  std::string* filled_ = nullptr;
  std::string_view opened_;  // what is left of it
};

class Ranks {
 public:
  /// One process, which `signal` may ask to stop: its number, or 0.
  explicit Ranks(std::function<int()> signal = {}) : Ranks(std::move(signal), 0, 1) {}
  virtual ~Ranks() = default;
  static Ranks& alone();
  std::size_t rank() const { return rank_; }  // 0 writes and speaks, the others only work
  std::size_t size() const { return size_; }

  struct Share {
    std::size_t first, count;
  };
  /// What this rank does of `count` things: some in a row.
  Share share(std::size_t count) const { return share_of(rank_, count); }
  /// Gives what each rank made of its share to all. `pack` shows thing i to a parcel: its own to one that is filled,
  /// those of others to one that is opened. All ranks call it at the same places. Throws std::runtime_error, with the
  /// rank, when another one has failed.
  void exchange(std::size_t count, const std::function<void(std::size_t, Parcel&)>& pack);

  /// The signal that asked this process to stop, or 0; and the one that any had noted at the last exchange, on which
  /// all agree.
  int signal() const { return signal_ ? signal_() : 0; }
  int agreed_signal() const { return size_ == 1 ? signal() : agreed_; }

  /// Runs a program's body on every rank and returns its exit status, which rank 0 speaks for. Where a body throws, all
  /// of them end, and this throws on rank 0.
  int run(const std::function<int()>& body);

 protected:
  Ranks(std::function<int()> signal, std::size_t rank, std::size_t size)
      : signal_(std::move(signal)), rank_(rank), size_(size) {}
  /// The bytes of all ranks end to end, in the order of the ranks, on each of them; and how many are whose.
  virtual void all_gather(const std::string& mine, std::string& all, std::vector<std::size_t>& sizes);

 private:
  Share share_of(std::size_t rank, std::size_t count) const;
  void exchange(std::size_t count, const std::function<void(std::size_t, Parcel&)>& pack, std::string failure);

  std::function<int()> signal_;
  std::size_t rank_, size_;
  int agreed_ = 0;
  std::string mine_, all_;
  std::vector<std::size_t> sizes_;
};

/// Those that mpirun started, in a program that is linked with rl/run/mpi_ranks.cpp; with rl/run/one_rank.cpp one.
std::unique_ptr<Ranks> all_ranks(std::function<int()> signal);

}  // namespace rl
