/// What can go wrong around a run: one clear line, the right status, and the last good state stays.
#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "nn/checkpoint.hpp"
#include "nn/io/file.hpp"
#include "rl/app/state.hpp"
#include "tests/support.hpp"

namespace test_faults {

namespace {

const std::string cartpole = tests::program("run_cartpole");
const std::string endless = cartpole + " --quiet --learning-rate 0.0001 --total-timesteps 1000000000 --save-every 0 ";

nn::SafeTensors load(const std::string& folder) {
  return nn::load_safetensors(folder + "/state.safetensors", nn::Dtypes::f32_and_f64);
}

struct Folder : tests::TemporaryFolder {
  std::string run = (path() / "run").string();
};

/// Calls check(damaged bytes, where) with every truncation, and with every byte of the header damaged in three ways.
template <class Check>
void damage(const std::string& bytes, Check check) {
  for (std::size_t length = 0; length < bytes.size(); ++length) check(bytes.substr(0, length), true);
  std::uint64_t header = 0;
  std::memcpy(&header, bytes.data(), 8);
  for (std::size_t i = 0; i < 8 + header; ++i)
    for (const int flip : {1 << (i % 8), 0x80, 0xff}) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ flip);
      check(damaged, false);
    }
}

}  // namespace

TEST_CASE(
    "every truncation and every damaged header byte of a checkpoint is refused in one line, or changes no number") {
  const Folder folder;
  REQUIRE(
      tests::run(cartpole + " --quiet --total-timesteps 400 --episodes 3 --hidden 2 --output " + folder.run).status ==
      0);
  const std::string policy = nn::read_file(folder.run + "/policy.safetensors");
  const auto same = [](const auto& a, const auto& b) {
    return std::ranges::equal(a, b,
                              [](const auto& x, const auto& y) { return x.shape == y.shape && x.data == y.data; });
  };
  std::size_t refused = 0, harmless = 0, bad = 0;
  const auto count = [&](auto read, bool must_refuse) {
    try {
      if (!read() || must_refuse) ++bad;
      ++harmless;
    } catch (const std::runtime_error& error) {
      ++refused;
      const std::string_view message = error.what();
      if (!message.starts_with("p: ") || message.find('\n') != std::string_view::npos) ++bad;
    }
  };
  const auto good_policy = nn::parse_safetensors(policy, "p");
  damage(policy, [&](const std::string& bytes, bool truncated) {
    count([&] { return same(nn::parse_safetensors(bytes, "p").tensors, good_policy.tensors); }, truncated);
  });
  CHECK(bad == 0);
  CHECK(refused > policy.size());
  MESSAGE("policy: " << refused << " refused, " << harmless << " only renamed something");

  nn::write_file(folder.run + "/policy.safetensors", policy.substr(0, policy.size() / 2));
  const auto ran = tests::run(cartpole + " --evaluate " + folder.run);
  CHECK(ran.status == 1);
  CHECK(ran.errors.starts_with("run_cartpole: " + folder.run + "/policy.safetensors: "));
  CHECK(std::ranges::count(ran.errors, '\n') == 1);
}

TEST_CASE("every truncation and every damaged byte of a state is refused in one line with the file's name") {
  const Folder folder;
  const std::string command = cartpole + " --quiet --total-timesteps 60 --episodes 1 --hidden none ", path = "p";
  REQUIRE(tests::run(command + "--baseline none --output " + folder.run).status == 0);
  const std::string bytes = nn::read_file(folder.run + "/state.safetensors");
  REQUIRE(!rl::result_of_state(rl::parse_state(bytes, path), path).curve.empty());
  std::size_t refused = 0;
  const auto count = [&](const std::string& damaged) {
    try {
      rl::parse_state(damaged, path);
    } catch (const std::runtime_error& error) {
      const std::string_view message = error.what();
      refused += message.starts_with("p: expected ") && message.find('\n') == std::string_view::npos;
    }
  };
  for (std::size_t length = 0; length < bytes.size(); ++length) count(bytes.substr(0, length));
  for (std::size_t i = 0; i < bytes.size(); ++i)
    for (const int flip : {1 << (i % 8), 0x80, 0xff}) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ flip);
      count(damaged);
    }
  CHECK(refused == 4 * bytes.size());
  MESSAGE("state: " << refused << " refused");
  for (const char* text : {"option.baseline", "option.", "0.04"}) {  // names and values of the run's options
    std::string damaged = bytes;
    damaged[damaged.find(text)] ^= 1;
    nn::write_file(folder.run + "/state.safetensors", damaged);
    const auto ran = tests::run(cartpole + " --resume " + folder.run);
    CHECK(ran.status == 1);
    CHECK(ran.errors.starts_with("run_cartpole: " + folder.run + "/state.safetensors: expected the checksum "));
    CHECK(ran.errors.ends_with(": the file is damaged\n"));
  }
}

TEST_CASE("a disk that fills up in mid-run ends it in one line; the last state is whole and can be gone on from") {
  const Folder folder;
  const auto ran = tests::run("ulimit -f 40; " + endless + "--output " + folder.run);  // 20 KiB a file
  CHECK(ran.status == 1);
  CHECK(ran.errors == "run_cartpole: " + folder.run + "/state.safetensors: cannot write: File too large\n");
  CHECK(std::distance(std::filesystem::directory_iterator(folder.run), {}) == 4);  // nothing half-written lies around
  const auto before = rl::result_of_state(load(folder.run), "p").curve.size();
  CHECK(before > 10);
  CHECK(tests::run(cartpole + " --quiet --total-timesteps 20000 --resume " + folder.run).status == 0);
  CHECK(rl::result_of_state(load(folder.run), "p").curve.size() > before);
}

TEST_CASE("a folder that goes away in mid-run ends it in one line, and what was saved moves with it") {
  const Folder folder;
  const auto ran = tests::run("(for i in $(seq 1000); do [ -f " + folder.run +
                              "/state.safetensors ] && break; sleep 0.02; done; mv " + folder.run + " " + folder.run +
                              "-gone) & " + endless + "--output " + folder.run + "; status=$?; wait; exit $status");
  CHECK(ran.status == 1);
  CHECK(ran.errors.starts_with("run_cartpole: " + folder.run + "/"));  // whichever file was next
  CHECK(ran.errors.ends_with(": cannot write: No such file or directory\n"));
  CHECK(std::ranges::count(ran.errors, '\n') == 1);
  CHECK(!rl::result_of_state(load(folder.run + "-gone"), "p").curve.empty());
}

TEST_CASE("a folder that may not be written is refused before the training, in one line") {
  const Folder folder;
  std::filesystem::create_directory(folder.run);
  std::filesystem::permissions(folder.run, std::filesystem::perms(0555));
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
  std::string as_nobody = "";
  if (::geteuid() == 0) as_nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups ";  // root may write anywhere
  if (tests::run(as_nobody + cartpole + " --version").status != 0) {
    MESSAGE("skipped: an ordinary user cannot run the program here");
    return;
  }
  const auto ran = tests::run(as_nobody + endless + "--output " + folder.run);
  CHECK(ran.status == 1);
  CHECK(ran.errors == "run_cartpole: " + folder.run + "/.writable: cannot write: Permission denied\n");
}

TEST_CASE("a run that diverges keeps the last good state, and says again what is wrong when it is resumed") {
  const Folder folder;
  for (const char* options : {"--learning-rate 1e30 --hidden 32,32 --activation relu",
                              "--algorithm ppo --critic-learning-rate 1e30 --hidden 8,8"}) {
    std::filesystem::remove_all(folder.run);
    const auto ran =
        tests::run(cartpole + " --quiet --total-timesteps 5000 --save-every 0 " + options + " --output " + folder.run);
    CHECK(ran.status == 1);
    REQUIRE_MESSAGE(ran.errors.starts_with("run_cartpole: update "), ran.errors);
    const bool critic = std::string_view(options).find("ppo") != std::string_view::npos;
    CHECK(ran.errors.ends_with(critic ? "; try a smaller --learning-rate or --critic-learning-rate\n"
                                      : "; try a smaller --learning-rate\n"));
    const int update = std::stoi(ran.errors.substr(std::string("run_cartpole: update ").size()));
    if (update == 1) {
      CHECK(std::filesystem::is_empty(folder.run));
      continue;
    }
    CHECK(rl::result_of_state(load(folder.run), "p").curve.size() + 1 == static_cast<std::size_t>(update));
    const auto again = tests::run(cartpole + " --quiet --resume " + folder.run);
    CHECK(again.status == 1);
    CHECK(again.errors == ran.errors);
  }
}

}  // namespace test_faults
