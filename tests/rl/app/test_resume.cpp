/// A run that is interrupted and resumed ends as one that was not: the same bytes, but for the times.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>

#include "nn/io/file.hpp"
#include "nn/io/safetensors.hpp"
#include "nn/random.hpp"
#include "rl/app/report.hpp"
#include "rl/app/state.hpp"
#include "tests/support.hpp"

namespace test_resume {

namespace {

const std::string cartpole = tests::program("run_cartpole");

/// A table without its last column, which is a time, and without the comment that says when it began.
std::string without_times(const std::string& csv) {
  std::istringstream lines(csv);
  std::string line, rest;
  while (std::getline(lines, line))
    if (!line.starts_with("#")) rest += line.substr(0, line.rfind(',')) + "\n";
  return rest;
}

/// All that a run folder holds, but for the times and where it is.
std::string content_of(const std::filesystem::path& folder) {
  std::string content = nn::read_file(folder / "policy.safetensors");
  for (const char* table : {"learning_curve.csv", "monitor.csv"})
    content += without_times(nn::read_file(folder / table));
  auto summary = nlohmann::json::parse(nn::read_file(folder / "summary.json"));
  for (const char* time : {"wall_seconds", "timesteps_per_second"}) summary.erase(time);
  summary["options"].erase("output");
  auto state = nn::load_safetensors(folder / "state.safetensors", nn::Dtypes::f32_and_f64);
  std::erase_if(state.doubles, [](const auto& tensor) { return tensor.name.ends_with(".seconds"); });
  state.metadata.erase("checksum");  // of the times, too
  return content + summary.dump() + nn::format_safetensors(state);
}

struct Folders : tests::TemporaryFolder {
  std::string whole = (path() / "whole").string(), parts = (path() / "parts").string();
};

}  // namespace

TEST_CASE("a run that goes on where it stopped ends with the same bytes, for every algorithm, optimizer and head") {
  const Folders folders;
  const auto check = [&](const std::string& command, std::size_t timesteps) {
    const auto run = [&](const std::string& arguments, std::size_t until) {
      const auto ran =
          tests::run(command + " --quiet --episodes 5 --total-timesteps " + std::to_string(until) + " " + arguments);
      CHECK_MESSAGE(ran.status == 0, ran.errors);
    };
    run("--output " + folders.whole, timesteps);
    run("--output " + folders.parts, timesteps / 3);
    const std::string half = content_of(folders.parts);
    run("--resume " + folders.parts, timesteps);
    CHECK_MESSAGE(content_of(folders.whole) == content_of(folders.parts), command);
    CHECK(content_of(folders.parts) != half);
  };
  for (const char* options : {"", "--baseline running-mean --seed 18446744073709551615", "--optimizer sgd --threads 1",
                              "--baseline value", "--algorithm actor-critic", "--algorithm ppo --hidden 8,8"})
    check(cartpole + " --learning-rate 0.001 " + options, 2400);
  check(tests::program("run_pendulum") + " --hidden 8 --epochs 2", 4800);
}

TEST_CASE("a training killed at random moments leaves whole files, and resumed it ends with the same bytes") {
  const char* wanted = std::getenv("KILLS");
  const int kills = wanted ? std::atoi(wanted) : 12;
  const Folders folders;
  const std::string command = cartpole + " --quiet --episodes 5 --learning-rate 0.0001 --total-timesteps 30000 ";
  const auto start = std::chrono::steady_clock::now();
  REQUIRE(tests::run(command + "--output " + folders.whole).status == 0);
  const std::chrono::duration<double> whole = std::chrono::steady_clock::now() - start;  // sanitizers take their time
  const std::string expected = content_of(folders.whole);
  const std::filesystem::path parts = folders.parts;
  nn::Random rng(61);
  int killed = 0, resumed = 0, finished = 0;
  for (int tries = 0; killed < kills && tries < 20 * kills; ++tries) {
    const bool resume = std::filesystem::exists(parts / "state.safetensors");
    const double seconds =
        rng.uniform(0.02, 0.8) * whole.count();  // before it starts, while it trains, while it writes
    const auto ran = tests::run("timeout -s KILL " + std::to_string(seconds) + " " + command + "--save-every 0 " +
                                (resume ? "--resume " : "--output ") + folders.parts + "; exit $?");
    if (ran.status == 0) {
      CHECK(content_of(parts) == expected);
      std::filesystem::remove_all(parts);
      ++finished;
      continue;
    }
    REQUIRE_MESSAGE(ran.status == 137, ran.errors);
    ++killed, resumed += resume;
    for (const char* name : {"policy.safetensors", "state.safetensors"})  // the old one or the new one: never half
      if (std::filesystem::exists(parts / name))
        CHECK_NOTHROW(nn::load_safetensors(parts / name, nn::Dtypes::f32_and_f64));
  }
  CHECK(killed == kills);
  CHECK(resumed > kills / 4);
  MESSAGE(killed << " kills, " << resumed << " of them of a resumed run, " << finished << " runs finished in between");
  const bool resume = std::filesystem::exists(parts / "state.safetensors");
  REQUIRE(tests::run(command + (resume ? "--resume " : "--output ") + folders.parts).status == 0);
  CHECK(content_of(parts) == expected);
  for (const auto& entry : std::filesystem::directory_iterator(parts))
    CHECK_MESSAGE(!nn::is_partial(entry.path().filename().string()), "left behind: " << entry.path());
}

TEST_CASE("Ctrl-C once: the update is finished, the state saved, status 130, and the run can go on") {
  const Folders folders;
  const std::string command = cartpole + " --quiet --episodes 5 --learning-rate 1e-9 ";
  const auto ran = tests::run("timeout --foreground --preserve-status -s INT 0.6 " + command +
                              "--save-every 1e9 --total-timesteps 1000000000 --output " + folders.parts);
  CHECK(ran.status == 130);
  CHECK(ran.output == "");
  const std::string answer = "run_cartpole: stopping; once more to stop at once\n";
  CHECK(ran.errors.starts_with(answer + "run_cartpole: interrupted after update "));
  CHECK(ran.errors.ends_with(" timesteps; go on with make run-cartpole ARGS=\"--resume " + folders.parts + "\"\n"));
  CHECK(std::ranges::count(ran.errors, '\n') == 2);
  const auto curve = nn::read_file(folders.parts + "/learning_curve.csv");
  const auto updates = std::ranges::count(curve, '\n') - 1;
  REQUIRE(updates > 0);
  CHECK(ran.errors.find("after update " + std::to_string(updates) + ",") != std::string::npos);
  CHECK(!std::filesystem::exists(folders.parts + "/summary.json"));
  // However far it came: as far, uninterrupted, is the same.
  const std::string enough = " --total-timesteps 1";
  REQUIRE(tests::run(command + "--resume " + folders.parts + enough).status == 0);
  const auto timesteps = nlohmann::json::parse(nn::read_file(folders.parts + "/summary.json"))["timesteps"];
  REQUIRE(tests::run(command + "--output " + folders.whole + " --total-timesteps " + timesteps.dump()).status == 0);
  CHECK(without_times(nn::read_file(folders.whole + "/monitor.csv")) ==
        without_times(nn::read_file(folders.parts + "/monitor.csv")));
  CHECK(nn::read_file(folders.whole + "/policy.safetensors") == nn::read_file(folders.parts + "/policy.safetensors"));
}

TEST_CASE(
    "the make line that goes on quotes what a shell would read, and gives only the option where quotes do not do") {
  CHECK(rl::make_line("run_mountain_car", "--resume", "build/runs/a-b_1.2") ==
        "make run-mountain-car ARGS=\"--resume build/runs/a-b_1.2\"");
  CHECK(rl::make_line("run_cartpole", "--resume", "a b;c") == "make run-cartpole ARGS=\"--resume 'a b;c'\"");
  for (const char* odd : {"a'b", "a\"b", "a$b", "a`b", "a\\b", "a#b", "a\nb"})
    CHECK(rl::make_line("run_cartpole", "--resume", odd) == std::string("--resume ") + odd);
}

TEST_CASE("a run that is done says that there is nothing to do, and loses nothing") {
  const Folders folders;
  const std::string bandit = tests::program("run_bandit") + " --quiet ", nothing = "nothing to do: the run in ";
  for (const auto& [options, why] :
       {std::pair(" --total-timesteps 8", " has used its --total-timesteps; give it more\n"),
        std::pair("", " is solved already\n")}) {
    const auto trained = tests::run(bandit + "--output " + folders.parts + options);
    REQUIRE(trained.status == 0);
    const std::string before = content_of(folders.parts);
    const auto resumed = tests::run(bandit + "--resume " + folders.parts);
    CHECK(resumed.status == 0);
    CHECK(resumed.output == nothing + folders.parts + why + trained.output);
    CHECK(content_of(folders.parts) == before);
  }
  const auto aloud = tests::run(tests::program("run_bandit") + " --resume " + folders.parts);
  CHECK(aloud.output == tests::run(bandit + "--resume " + folders.parts).output);  // no picture of it again
  REQUIRE(tests::run(bandit + "--output " + folders.parts + " --total-timesteps 8").status == 0);
  const auto more = tests::run(bandit + "--resume " + folders.parts + " --total-timesteps 100000");
  CHECK(more.output.find("nothing to do") == std::string::npos);
}

TEST_CASE("the second signal ends a program at once, and the last saved state is intact") {
  const Folders folders;
  REQUIRE(tests::run(cartpole + " --quiet --total-timesteps 500 --output " + folders.parts).status == 0);
  const std::string state = nn::read_file(folders.parts + "/state.safetensors");
  const auto start = std::chrono::steady_clock::now();
  const auto ran = tests::run(cartpole + " --quiet --hidden 4096 --episodes-per-update 10000 --threads 1 --output " +
                              folders.parts + " & p=$!; sleep 0.1; kill $p; sleep 0.1; kill $p; wait $p");
  CHECK(ran.status == 143);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(5));  // that update takes a minute
  CHECK(nn::read_file(folders.parts + "/state.safetensors") == state);
}

TEST_CASE("a run cannot be resumed as another one: each difference is one line") {
  const Folders folders;
  REQUIRE(tests::run(cartpole + " --quiet --total-timesteps 500 --output " + folders.parts).status == 0);
  const auto refuse = [&](const std::string& command, int status, const std::string& message) {
    const auto ran = tests::run(command + " --resume " + folders.parts);
    CHECK(ran.status == status);
    CHECK(ran.errors == message + "\n");
  };
  const std::string path = folders.parts + "/state.safetensors";
  refuse(cartpole + " --gamma 0.9", 2,
         "run_cartpole: --gamma: expected 1, as in the run to resume, got 0.9 (see --help)");
  refuse(cartpole + " --algorithm ppo", 2,
         "run_cartpole: --algorithm: expected reinforce, as in the run to resume, got ppo (see --help)");
  refuse(tests::program("run_acrobot"), 1,
         "run_acrobot: " + path + ": expected environment Acrobot-v1, got CartPole-v1");
  const auto good = rl::parse_state(nn::read_file(path), path);
  const auto damaged = [&](auto change, const std::string& message) {
    auto state = good;
    change(state);
    nn::write_file(path, rl::format_state(state));
    refuse(cartpole, 1, "run_cartpole: " + path + ": " + message);
  };
  const auto tensor = [](nn::SafeTensors& state, const char* name) -> nn::DoubleTensor& {
    return *std::ranges::find(state.doubles, name, &nn::DoubleTensor::name);
  };
  damaged([](auto& s) { s.metadata["scalar"] = "double"; }, "expected scalar float, got double");
  damaged([](auto& s) { s.metadata["option.caseline"] = "1"; },
          "unknown option --caseline=1, the nearest is --baseline (see --help)");
  damaged([](auto& s) { s.metadata["option.gamma"] = "2"; },
          "--gamma: expected a number from 0 to 1, got '2' (see --help)");
  damaged([](auto& s) { s.metadata.erase("format"); }, "expected format onehot state 1, got none");
  damaged([&](auto& s) { s.metadata["option.hidden"] = "16"; }, "tensor policy: expected 114 numbers, got 226");
  damaged([&](auto& s) { tensor(s, "monitor").data[0] = NAN; }, "expected finite numbers in tensor monitor, got nan");
  damaged([&](auto& s) { tensor(s, "run.seconds").data[1] = HUGE_VAL; },
          "expected finite numbers in tensor run.seconds, got inf");
  damaged([&](auto& s) { tensor(s, "curve.seconds").data[0] = NAN; },
          "expected finite numbers in tensor curve.seconds, got nan");
  damaged([&](auto& s) { tensor(s, "policy").data[3] = NAN; }, "tensor policy: expected finite numbers, got nan");
  damaged([&](auto& s) { std::erase_if(s.doubles, [](auto& t) { return t.name == "algorithm"; }); },
          "expected a tensor algorithm, got none");
  damaged([&](auto& s) { s.doubles[1].data.push_back(0), s.doubles[1].shape[0]++; },
          "Optimizer::load_state: expected 454 numbers, got 455");
  damaged([&](auto& s) { tensor(s, "curve").data[0] = 1.5; }, "expected whole numbers in tensor curve, got 1.5");
  damaged([&](auto& s) { tensor(s, "curve").data[0] = 2; }, "expected update 1 in row 0 of tensor curve, got 2");
  damaged([&](auto& s) { tensor(s, "monitor").name = "m"; }, "expected a tensor monitor, got none");
  auto huge = good;  // refused by its sizes: a network of 34 GB is not made for it
  huge.metadata["option.hidden"] = "65536,65536,65536";
  nn::write_file(path, rl::format_state(huge));
  if (tests::run("ulimit -v 3000000; " + cartpole + " --version").status == 0)  // a sanitizer wants more memory
    refuse("ulimit -v 3000000; " + cartpole, 1,
           "run_cartpole: " + path + ": tensor policy: expected 8590524418 numbers, got 226");
  nn::save_safetensors(path, good);
  refuse(cartpole, 1,
         "run_cartpole: " + path +
             ": expected a checksum in the metadata, got none: it is damaged, or no state of this version");
}

}  // namespace test_resume
