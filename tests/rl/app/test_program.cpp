/// The programs as a user meets them: options, files, exit statuses, messages.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "nn/io/checksum.hpp"
#include "nn/io/file.hpp"
#include "nn/io/safetensors.hpp"
#include "rl/app/run_folder.hpp"
#include "tests/support.hpp"

namespace test_program {

namespace {

const std::string cartpole = tests::program("run_cartpole");

/// A line that a user may read: one line, nothing on stdout, status 2.
void check_usage(const std::string& arguments, const std::string& message) {
  const auto ran = tests::run(cartpole + " " + arguments);
  CHECK(ran.status == 2);
  CHECK(ran.output == "");
  CHECK(ran.errors == "run_cartpole: " + message + " (see --help)\n");
}

std::string last_line(const std::string& text) {
  std::istringstream lines(text);
  std::string line, last;
  while (std::getline(lines, line)) last = line;
  return last;
}

}  // namespace

TEST_CASE("every wrong option is one line that says who, what was expected and what came, with status 2") {
  check_usage("--lerning-rate 1", "unknown option --lerning-rate, the nearest is --learning-rate");
  check_usage("--sed=3", "unknown option --sed=3, the nearest is --seed");
  check_usage("--zzzzzzzz x", "unknown option --zzzzzzzz");  // nothing is near
  check_usage("--seed 18446744073709551615 --seeds 2",
              "--seeds: expected seeds up to 2^64-1, got 2 from 18446744073709551615 on");
  check_usage("--seeds 0", "--seeds: expected a whole number from 1 to 1000000, got '0'");
  check_usage("hello", "expected options only, got 'hello'");
  check_usage("--seed", "--seed: expected a value, got none");
  check_usage("--seed abc", "--seed: expected a whole number from 0 to 2^64-1, got 'abc'");
  check_usage("--seed -1", "--seed: expected a whole number from 0 to 2^64-1, got '-1'");
  check_usage("--seed 18446744073709551616",
              "--seed: expected a whole number from 0 to 2^64-1, got '18446744073709551616'");
  check_usage("--gamma 1.5", "--gamma: expected a number from 0 to 1, got '1.5'");
  check_usage("--gamma nan", "--gamma: expected a number from 0 to 1, got 'nan'");
  check_usage("--learning-rate 0", "--learning-rate: expected a number from 1e-30 to 1e30, got '0'");
  check_usage("--learning-rate 2x", "--learning-rate: expected a number from 1e-30 to 1e30, got '2x'");
  check_usage("--optimizer momentum", "--optimizer: expected adam or sgd, got 'momentum'");
  check_usage("--total-timesteps 0", "--total-timesteps: expected a whole number from 1 to 1000000000000, got '0'");
  check_usage("--hidden 32,,8", "--hidden: expected widths from 1 to 65536, like 32 or 32,32, or none, got '32,,8'");
  check_usage("--hidden 0", "--hidden: expected widths from 1 to 65536, like 32 or 32,32, or none, got '0'");
  check_usage("--activation sine", "--activation: expected tanh or relu, got 'sine'");
  check_usage("--num-envs 0", "--num-envs: expected a whole number from 1 to 65536, got '0'");
  check_usage("--episodes 1.5", "--episodes: expected a whole number from 1 to 10000000, got '1.5'");
  check_usage("--output ''", "--output: expected a value, got none");
  check_usage("--output=", "--output: expected a value, got none");
  check_usage("--output --quiet", "--output: expected a value, got '--quiet'");
  check_usage("--learning-rate -q", "--learning-rate: expected a value, got '-q'");
  check_usage("--greedy=maybe", "--greedy: expected true or false, got 'maybe'");
  const std::string critic = "expected --algorithm actor-critic or ppo, or --baseline value, with it, got ";
  check_usage("--clip 0.1", "--clip: expected --algorithm ppo with it, got reinforce");
  check_usage("--algorithm actor-critic --epochs=2", "--epochs: expected --algorithm ppo with it, got actor-critic");
  check_usage("--gae-lambda 1 --baseline value",
              "--gae-lambda: expected --algorithm actor-critic or ppo with it, got reinforce");
  check_usage("--critic-learning-rate 1",
              "--critic-learning-rate: " + critic + "reinforce with --baseline leave-one-out");
  check_usage("--algorithm ppo --critic-steps 1",
              "--critic-steps: expected --algorithm actor-critic or --baseline value with it, got ppo");
  check_usage("--returns total --algorithm ppo", "--returns: expected --algorithm reinforce with it, got ppo");
  check_usage("--evaluate x --seeds 2", "--seeds: expected a training, got --evaluate");
  check_usage("--evaluate x --gamma 1", "--gamma: expected a training, got --evaluate");
  check_usage("--evaluate x --watch --episodes 5", "--episodes: expected an evaluation that is counted, got --watch");
  check_usage("--output-svg x", "--output-svg: expected --watch with it, got none");
  check_usage("--seeds 2 --watch", "--watch: expected one run to watch, got --seeds");
  check_usage("--seeds 2 --resume x", "--resume: expected one run to go on with, got --seeds");
  check_usage("--save-every -1", "--save-every: expected a number from 0 to 1e9, got '-1'");
}

TEST_CASE("every option that some algorithm reads is taken with it; a value may begin with a - behind =") {
  const tests::TemporaryFolder folder;
  const std::string in_folder = "cd " + folder.path().string() + "; exec " +
                                std::filesystem::absolute(cartpole).string() + " --total-timesteps 100 --episodes 1 ";
  for (const char* options :
       {"--output=--quiet", "--output run --baseline value --critic-steps 2 --critic-learning-rate 0.1 --threads 1",
        "--output run --algorithm ppo --clip 1 --epochs 1 --minibatch-size 9 --critic-learning-rate 1 --gae-lambda "
        "0"}) {
    const auto ran = tests::run(in_folder + options);
    CHECK_MESSAGE(ran.status == 0, ran.errors);
  }
  CHECK(std::filesystem::exists(folder.path() / "--quiet" / "summary.json"));
}

TEST_CASE("--help names every option with its default and unit, --version the version; both end with status 0") {
  const auto help = tests::run(cartpole + " --help");
  CHECK(help.status == 0);
  CHECK(help.errors == "");
  for (const char* option : {"--seed N [0]", "--seeds N", "--total-timesteps STEPS [500000]", "--optimizer NAME [adam]",
                             "--learning-rate X [0.04]", "--gamma X [1]", "--hidden W,W,... [32]",
                             "--activation NAME [tanh]", "--num-envs N [8]", "--episodes N [100]", "--greedy",
                             "--output DIR [build/runs/cartpole]", "--quiet", "--evaluate DIR", "--version", "--help"})
    CHECK_MESSAGE(help.output.find(option) != std::string::npos, option);
  const auto version = tests::run(cartpole + " --version");
  CHECK(version.status == 0);
  CHECK(version.output == "run_cartpole (onehot 0.1.0)\n");
}

TEST_CASE("every --help has at most 80 columns, and breaks its lines between words") {
  for (const char* name :
       {"run_cartpole", "run_mountain_car_continuous", "run_question", "diagnose", "plot", "oracle"}) {
    std::istringstream lines(tests::run(tests::program(name) + " --help").output);
    std::size_t widest = 0;
    for (std::string line; std::getline(lines, line);) widest = std::max(widest, line.size());
    CHECK_MESSAGE(widest > 50, name);
    CHECK_MESSAGE(widest <= 80, name);
  }
  const auto help = tests::run(cartpole + " --help").output;
  CHECK(help.find("  --clip X [0.2]                      PPO: how far a probability ratio may leave\n"
                  "                                      1\n") != std::string::npos);
  CHECK(help.find("--critic-learning-rate X [0.01]") != std::string::npos);
}

TEST_CASE("run_question has --help and --version, and refuses everything else") {
  const std::string question = tests::program("run_question");
  CHECK(tests::run(question + " --help").output.starts_with("Prints every number of docs/00-the-question.md.\n"));
  CHECK(tests::run(question + " --version").output == "run_question (onehot 0.1.0)\n");
  const auto wrong = tests::run(question + " --vrsion");
  CHECK(wrong.status == 2);
  CHECK(wrong.errors == "run_question: unknown option --vrsion, the nearest is --version (see --help)\n");
}

TEST_CASE("on a terminal the progress line is redrawn in place and gone at the end; a dumb terminal gets plain lines") {
  if (tests::run("script -qec 'test -t 2' /dev/null < /dev/null").status != 0) {
    MESSAGE("no terminal can be made here");
    return;
  }
  const tests::TemporaryFolder folder;
  const auto on_terminal = [&](const std::string& term, const std::string& columns = "80") {
    const std::string command =
        "stty cols " + columns + "; " + cartpole + " --seed 4 --output " + folder.path().string();
    return tests::run("TERM=" + term + " script -qec '" + command + "/run' /dev/null < /dev/null").output;
  };
  const std::string redrawn = on_terminal("xterm");
  const std::size_t line = redrawn.find("\r\x1b[Kupdate ");
  REQUIRE(line != std::string::npos);
  CHECK(redrawn.find("\r\x1b[Ktrained for ", line) != std::string::npos);
  for (const char* columns : {"100", "35"}) {
    std::istringstream lines(on_terminal("xterm", columns));
    std::size_t widest = 0;
    for (std::string text; std::getline(lines, text);)
      if (text.find("│") != std::string::npos) widest = std::max(widest, tests::characters(text) - 1);  // "\r"
    CHECK(widest == (columns[0] == '1' ? 70 : 35));
  }
  const std::string plain = on_terminal("dumb");
  CHECK(plain.find("update    1 ") != std::string::npos);
  CHECK(plain.find('\x1b') == std::string::npos);
}

TEST_CASE("a run solves CartPole and writes its folder: summary, curve and weights that open elsewhere") {
  const tests::TemporaryFolder folder;
  const std::string output = (folder.path() / "deep" / "a \"quoted\" \\ name").string();
  const auto ran = tests::run(cartpole + " --seed 3 --output '" + output + "'");
  REQUIRE(ran.status == 0);
  CHECK(last_line(ran.output).starts_with("solved CartPole-v1 after "));
  CHECK(ran.errors.find("update    1 ") == 0);  // in a pipe, progress is plain lines
  CHECK(ran.errors.find('\r') == std::string::npos);

  const auto summary = nlohmann::json::parse(nn::read_file(output + "/summary.json"));
  CHECK(summary["environment"] == "CartPole-v1");
  CHECK(summary["algorithm"] == "REINFORCE");
  CHECK(summary["seed"] == 3);
  CHECK(summary["solved"] == true);
  CHECK(summary["solved_at_timesteps"] == summary["timesteps"]);
  CHECK(summary["solved_at_episodes"] == summary["episodes"]);
  CHECK(summary["evaluation"]["episodes"] == 100);
  CHECK(summary["evaluation"]["mode"] == "sampled");
  CHECK(summary["evaluation"]["mean_return"] >= 475);
  CHECK(summary["options"]["learning-rate"] == 0.04);
  CHECK(summary["options"]["output"] == output);
  for (const char* key : {"wall_seconds", "timesteps_per_second"}) CHECK(summary[key].is_number());
  for (const char* key : {"std_return", "min_return"}) CHECK(summary["evaluation"][key].is_number());

  std::istringstream curve(nn::read_file(output + "/learning_curve.csv"));
  std::string line, last;
  std::getline(curve, line);
  CHECK(line == "update,timesteps,episodes,mean_return,entropy,gradient_norm,wall_seconds");
  std::size_t rows = 0;
  while (std::getline(curve, line)) {
    ++rows;
    last = line;
    CHECK(std::ranges::count(line, ',') == 6);
  }
  CHECK(rows == summary["episodes"].get<std::size_t>() / 8);
  std::istringstream monitor(nn::read_file(output + "/monitor.csv"));
  std::getline(monitor, line);
  CHECK(nlohmann::json::parse(line.substr(1))["env_id"] == "CartPole-v1");
  std::getline(monitor, line);
  CHECK(line == "r,l,t");
  std::size_t episodes = 0, timesteps = 0;
  for (; std::getline(monitor, line); ++episodes) {
    const auto numbers = nlohmann::json::parse("[" + line + "]");
    CHECK(numbers[0] == numbers[1]);  // in CartPole every step pays 1
    timesteps += numbers[1].get<std::size_t>();
  }
  CHECK(episodes == summary["episodes"]);
  CHECK(timesteps == summary["timesteps"]);
  CHECK(last.starts_with(std::to_string(rows) + "," + std::to_string(summary["timesteps"].get<std::size_t>()) + ","));

  const auto policy = nn::load_safetensors(output + "/policy.safetensors");
  CHECK(policy.metadata == std::map<std::string, std::string>{{"environment", "CartPole-v1"},
                                                              {"activation", "tanh"},
                                                              {"distribution", "categorical"},
                                                              {"seed", "3"},
                                                              {"version", "0.1.0"},
                                                              {"checksum", nn::checksum_of(policy)}});
  REQUIRE(policy.tensors.size() == 4);
  CHECK(policy.tensors[0].shape == std::vector<std::size_t>{32, 4});
  CHECK(policy.tensors[3].shape == std::vector<std::size_t>{2});

  const auto again = tests::run(cartpole + " --evaluate '" + output + "' --episodes 50 --greedy");
  CHECK(again.status == 0);
  CHECK(again.output.starts_with("evaluation: 50 fresh episodes, greedy actions: mean return "));
}

TEST_CASE(
    "the same seed writes the same weights, byte for byte, for any number of environments; another seed does not") {
  const tests::TemporaryFolder folder;
  const auto weights = [&](const std::string& arguments) {
    const std::string output = (folder.path() / "run").string();
    const auto ran = tests::run(cartpole + " --quiet --total-timesteps 3000 --output " + output + " " + arguments);
    CHECK(ran.status == 0);
    CHECK(ran.errors == "");
    return nn::read_file(output + "/policy.safetensors");
  };
  const std::string first = weights("--seed 5");
  CHECK(first == weights("--seed 5"));
  CHECK(first == weights("--seed 5 --num-envs 1"));
  CHECK(first == weights("--seed 5 --num-envs 23"));
  CHECK(first != weights("--seed 6"));
}

TEST_CASE("a run that is not solved says so and ends with status 0") {
  const tests::TemporaryFolder folder;
  const std::string output = (folder.path() / "run").string();
  const auto ran =
      tests::run(cartpole + " --quiet --total-timesteps 500 --episodes 7 --hidden none --output " + output);
  CHECK(ran.status == 0);
  CHECK(last_line(ran.output).starts_with("not solved: CartPole-v1 in "));
  const auto summary = nlohmann::json::parse(nn::read_file(output + "/summary.json"));
  CHECK(summary["solved"] == false);
  CHECK(summary["solved_at_timesteps"].is_null());
  CHECK(summary["evaluation"]["episodes"] == 7);
}

TEST_CASE("--seeds trains a row of seeds and writes seeds.csv") {
  const tests::TemporaryFolder folder;
  const std::string output = (folder.path() / "run").string();
  const auto ran = tests::run(cartpole + " --quiet --seed 10 --seeds 3 --output " + output);
  REQUIRE(ran.status == 0);
  CHECK(last_line(ran.output) == "solved CartPole-v1: 3 of 3 seeds reached a mean return of 475");
  std::istringstream table(nn::read_file(output + "/seeds.csv"));
  std::string line;
  std::getline(table, line);
  CHECK(line ==
        "seed,solved,solved_at_timesteps,solved_at_episodes,timesteps,wall_seconds,cpu_seconds,evaluation_mean_return");
  for (const char* seed : {"10,1,", "11,1,", "12,1,"}) {
    std::getline(table, line);
    CHECK(line.starts_with(seed));
    CHECK(std::ranges::count(line, ',') == 7);
  }
}

TEST_CASE("a seed that overflows is named and takes no other with it; a sweep that is killed keeps what was done") {
  const tests::TemporaryFolder folder;
  const std::string run = (folder.path() / "run").string(), command = cartpole + " --quiet --output " + run + " ";
  const auto seeds = [&] {
    std::string first;
    std::istringstream table(nn::read_file(run + "/seeds.csv"));
    for (std::string line; std::getline(table, line);) first += line.substr(0, line.find(',')) + " ";
    return first;
  };
  const auto ran =
      tests::run(command + "--seeds 4 --learning-rate 1e30 --hidden 32,32 --activation relu --total-timesteps 200");
  CHECK(ran.status == 1);
  CHECK(ran.output.find("0 of 4 seeds reached a mean return of 475") != std::string::npos);
  CHECK(seeds() == "seed 0 1 ");
  CHECK(std::filesystem::exists(run + "/learning_curves.csv"));
  CHECK(ran.errors.starts_with("run_cartpole: seed 2: update 2: the numbers overflowed "));
  CHECK(ran.errors.find("\nrun_cartpole: seed 3: ") != std::string::npos);
  CHECK(std::ranges::count(ran.errors, '\n') == 2);

  std::filesystem::remove(run + "/seeds.csv");
  const auto killed =
      tests::run(command + "--save-every 0 --seeds 100000 --threads 2 --total-timesteps 300 " +
                 "--episodes 1 & until [ \"$(grep -c '^[01],' " + run +
                 "/seeds.csv 2> /dev/null)\" = 2 ]; do sleep 0.05; done; kill -KILL $!; wait $!; exit $?");
  CHECK(killed.status == 137);
  CHECK(seeds().find("seed 0 1 ") == 0);
}

TEST_CASE("where the system refuses a thread, the work goes on with fewer, or ends in one line") {
  const tests::TemporaryFolder folder;
  const std::string few = "ulimit -v 3000000; " + cartpole + " --quiet --output " + (folder.path() / "run").string();
  if (tests::run(few + " --version").status != 0) return;  // a sanitizer wants more memory than that
  const auto ran = tests::run(few + " --threads 1024 --seeds 1024 --total-timesteps 1 --episodes 1");
  CHECK_MESSAGE((ran.status == 0 || ran.status == 1), ran.errors);
  CHECK(std::ranges::count(ran.errors, '\n') <= 1);
  CHECK(tests::run(few + " --threads 1024 --total-timesteps 100 --episodes 1").status == 0);
}

TEST_CASE("two runs do not share a folder: the second one is refused, the first one goes on until it is stopped") {
  const tests::TemporaryFolder folder;
  const std::string run = (folder.path() / "run").string();
  const std::string train = cartpole + " --quiet --learning-rate 1e-9 --output " + run + " --total-timesteps ";
  const auto ran = tests::run(train + "1000000000 & sleep 0.3; " + train + "1; kill $!; wait $!; exit $?");
  CHECK(ran.status == 143);
  CHECK(ran.errors.starts_with("run_cartpole: " + run +
                               ": another run is at work in this folder\nrun_cartpole: stopping; once more"));
  CHECK(tests::run(train + "1 --episodes 1").status == 0);
}

TEST_CASE("a run waits a moment for a folder that is just let go, and removes what a killed one left half written") {
  const tests::TemporaryFolder folder;
  const auto file = [&](const char* name) { return folder.path() / name; };
  for (const char* name : {"policy.safetensors.0123456789abcdef.partial", "mine.partial"})
    nn::write_file(file(name), "");
  const int held = ::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY);
  REQUIRE(::flock(held, LOCK_EX) == 0);
  std::thread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    ::close(held);
  });
  CHECK_NOTHROW(rl::RunFolder(folder.path()));
  other.join();
  CHECK_FALSE(std::filesystem::exists(file("policy.safetensors.0123456789abcdef.partial")));
  CHECK(std::filesystem::exists(file("mine.partial")));
}

TEST_CASE("a folder whose name is not UTF-8 leaves a summary that is JSON") {
  const tests::TemporaryFolder folder;
  const std::string output = (folder.path() / "a\xff\"b").string();
  REQUIRE(tests::run(cartpole + " --quiet --total-timesteps 1 --episodes 1 --output '" + output + "'").status == 0);
  const auto summary = nlohmann::json::parse(nn::read_file(output + "/summary.json"));
  CHECK(summary["options"]["output"].get<std::string>().ends_with("a\xef\xbf\xbd\"b"));
}

TEST_CASE("an evaluation ends at the signal, within a moment") {
  const tests::TemporaryFolder folder;
  const std::string run = (folder.path() / "run").string();
  REQUIRE(tests::run(cartpole + " --quiet --output " + run).status == 0);
  const std::string stopped = "timeout --foreground --preserve-status -s INT 0.5 " + cartpole + " --quiet ";
  for (const std::string& command :
       {"--evaluate " + run, "--total-timesteps 500 --save-every 1e9 --output " + run + "-2"}) {
    const auto start = std::chrono::steady_clock::now();
    const auto ran = tests::run(stopped + command + " --episodes 10000000");
    CHECK(ran.status == 130);
    CHECK(ran.errors.starts_with("run_cartpole: stopping; once more to stop at once\n"));
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(60));  // all of them would take hours
  }
  CHECK(std::filesystem::exists(run + "-2/state.safetensors"));
  const auto killed =
      tests::run("timeout -s KILL 0.5 " + cartpole + " --quiet --total-timesteps 500 --save-every 1e9 " +
                 "--episodes 10000000 --output " + run + "-3; exit $?");
  CHECK(killed.status == 137);
  CHECK(std::filesystem::exists(run + "-3/state.safetensors"));  // saved before the evaluation
}

TEST_CASE("a return is printed with the digits that it has") {
  const tests::TemporaryFolder folder;
  const std::string run = (folder.path() / "run").string();
  REQUIRE(tests::run(tests::program("run_bandit") + " --quiet --total-timesteps 8 --output " + run).status == 0);
  const auto ran = tests::run(tests::program("run_bandit") + " --episodes 50 --evaluate " + run);
  CHECK(ran.output.find(", lowest -0.50\n") != std::string::npos);
}

TEST_CASE("an evaluation says why its mean is another one than the training's, and why a good one does not count") {
  const tests::TemporaryFolder folder;
  const std::string run = (folder.path() / "run").string(), program = tests::program("run_bandit") + " ";
  REQUIRE(tests::run(program + "--quiet --output " + run).status == 0);
  const auto says = [&](const std::string& options) {
    std::istringstream lines(tests::run(program + options + " --evaluate " + run).output);
    std::vector<std::string> said;
    for (std::string line; std::getline(lines, line);) said.push_back(line);
    return said;
  };
  const std::string rule =
      "Bandit is solved when at least 100 episodes with sampled actions reach a mean return of 0.95";
  const auto sampled = says("");
  REQUIRE(sampled.size() == 3);
  CHECK(sampled[1].starts_with(
      "a run is called solved by 100 other episodes: chance moves a mean of 100 by about ± 0.0"));
  CHECK(sampled[2] == "solved Bandit");
  const auto greedy = says("--greedy --episodes 1000");
  CHECK(greedy[0].find("mean return 1.0 ") != std::string::npos);
  CHECK(greedy[1] ==
        "greedy actions are another policy, with another mean; whether a run is solved, 100 episodes with "
        "sampled ones say");
  CHECK(greedy.size() == 2);  // and not that it is not solved
  CHECK(says("--episodes 50").back() == "not solved: 50 episodes are too few; " + rule);
  REQUIRE(tests::run(program + "--quiet --total-timesteps 8 --output " + run).status == 0);
  CHECK(says("").back() == "not solved: " + rule);
}

TEST_CASE("a training that would replace a solved run of other options keeps it, and says so first; no other does") {
  const tests::TemporaryFolder folder;
  const std::string run = (folder.path() / "run").string(), train = tests::program("run_bandit") + " --output " + run;
  const auto policy = [&](const std::string& at) { return nn::read_file(at + "/policy.safetensors"); };
  int kept = 0;
  const auto keeps = [&](const std::string& options) {
    const std::string place = run + "/solved-" + std::to_string(kept + 1);
    const std::string before = std::filesystem::exists(run) ? policy(run) : "";
    const std::string said = tests::run(train + options).errors;
    const bool moved = std::filesystem::exists(place);
    CHECK(said.starts_with("run_bandit: " + run + " holds a solved run with other options; it is kept in " + place +
                           "\nupdate") == (moved && !options.ends_with("--quiet")));
    if (!moved) return false;
    ++kept;
    for (const char* file : {"state.safetensors", "learning_curve.csv", "monitor.csv", "summary.json"})
      CHECK(std::filesystem::exists(place + "/" + file));
    return policy(place) == before && policy(run) != before;
  };
  CHECK_FALSE(keeps(""));
  CHECK_FALSE(keeps(""));
  CHECK_FALSE(keeps(" --num-envs 3 --episodes 5 --greedy"));
  CHECK(keeps(" --total-timesteps 8"));
  CHECK_FALSE(keeps(""));  // that one was not solved
  CHECK(keeps(" --learning-rate 0.2"));
  CHECK(keeps(" --seed 3 --quiet"));
  CHECK(tests::run(tests::program("run_bandit") + " --evaluate " + run + "/solved-1").status == 0);
  const std::string other = (folder.path() / "other").string(), solved = policy(run);  // --resume into another's folder
  REQUIRE(tests::run(tests::program("run_bandit") + " --quiet --seed 4 --output " + other).status == 0);
  REQUIRE(tests::run(train + " --quiet --resume " + other).status == 0);
  CHECK(policy(run + "/solved-4") == solved);
}

TEST_CASE("a solved run stays where it is until there is something to put in its place") {
  const tests::TemporaryFolder folder;
  const std::string run = (folder.path() / "run").string(), train = cartpole + " --quiet --output " + run;
  REQUIRE(tests::run(train).status == 0);
  const std::string summary = nn::read_file(run + "/summary.json");
  const auto stopped = tests::run(train + " --seed 3 --hidden 4096 --episodes-per-update 10000 --threads 1 & p=$!; " +
                                  "sleep 0.1; kill $p; sleep 0.1; kill $p; wait $p");
  CHECK(stopped.status == 143);
  CHECK(nn::read_file(run + "/summary.json") == summary);
  CHECK_FALSE(std::filesystem::exists(run + "/solved-1"));
}

TEST_CASE("output that cannot be written is one line and status 1, not success and not a crash") {
  const tests::TemporaryFolder folder;
  const std::string output = (folder.path() / "run").string();
  for (const std::string& command : {cartpole + " --quiet --total-timesteps 100 --episodes 1 --output " + output,
                                     cartpole + " --help", cartpole + " --version", tests::program("run_question")}) {
    const auto ran = tests::run("(" + command + ") > /dev/full");
    CHECK(ran.status == 1);
    CHECK(ran.errors.ends_with(": cannot write to the standard output: No space left on device\n"));
    CHECK(std::ranges::count(ran.errors, '\n') == 1);
  }
}

TEST_CASE("what cannot be said on stderr ends nothing: a training is done as ever, a failure keeps its status") {
  const tests::TemporaryFolder folder;
  const std::string run = (folder.path() / "run").string();
  const std::string train = cartpole + " --total-timesteps 800 --episodes 5 --output " + run;
  const std::string last = last_line(tests::run(train).output), policy = nn::read_file(run + "/policy.safetensors");
  for (const char* errors : {" 2> /dev/full", " 2>&-", " 2> >(true)", " <&- 2>&-"}) {
    std::filesystem::remove_all(run);
    const auto ran = tests::run("bash -c '" + train + errors + "'");
    CHECK_MESSAGE(ran.status == 0, errors);
    CHECK(last_line(ran.output) == last);
    CHECK(nn::read_file(run + "/policy.safetensors") == policy);
    CHECK(tests::run("bash -c '" + cartpole + " --sed 1" + errors + "'").status == 2);
    CHECK(tests::run("bash -c '" + tests::program("diagnose") + " /nofile" + errors + "'").status == 1);
  }
  CHECK(tests::run(train + " >&-").errors.ends_with("cannot write to the standard output: Bad file descriptor\n"));
  const auto unread = tests::run("bash -c '" + train + " | true; exit ${PIPESTATUS[0]}'");
  CHECK(unread.status == 141);  // as of any program whose reader has gone
  CHECK(unread.errors.find("cannot") == std::string::npos);
}

TEST_CASE("a disk that fills up leaves the old run folder as it was") {
  const tests::TemporaryFolder folder;
  const std::string output = (folder.path() / "run").string();
  const std::string command = cartpole + " --quiet --total-timesteps 500 --output " + output;
  REQUIRE(tests::run(command).status == 0);
  const std::string summary = nn::read_file(output + "/summary.json"),
                    policy = nn::read_file(output + "/policy.safetensors");
  const auto ran = tests::run("ulimit -f 1; " + command + " --seed 1 --hidden 200");  // at most 512 bytes a file
  CHECK(ran.status == 1);
  CHECK(ran.errors == "run_cartpole: " + output + "/policy.safetensors: cannot write: File too large\n");
  CHECK(nn::read_file(output + "/summary.json") == summary);
  CHECK(nn::read_file(output + "/policy.safetensors") == policy);
  CHECK(std::distance(std::filesystem::directory_iterator(output), {}) == 5);
}

TEST_CASE("a folder that cannot be written, or read, is one line with its path and status 1") {
  const tests::TemporaryFolder folder;
  nn::write_file(folder.path() / "file", "");
  const std::string blocked = (folder.path() / "file" / "run").string();
  const auto ran = tests::run(cartpole + " --output " + blocked);
  CHECK(ran.status == 1);
  CHECK(ran.output == "");
  CHECK(ran.errors == "run_cartpole: " + blocked + ": cannot make the folder: Not a directory\n");

  const auto none = tests::run(cartpole + " --evaluate " + folder.path().string());
  CHECK(none.status == 1);
  CHECK(none.errors == "run_cartpole: " + (folder.path() / "policy.safetensors").string() +
                           ": cannot read: no such file; make run-cartpole trains and writes one\n");
}

TEST_CASE("a policy of another environment, or another shape, is refused with its path") {
  const tests::TemporaryFolder folder;
  const auto path = folder.path() / "policy.safetensors";
  const auto errors = [&](const nn::SafeTensors& content) {
    nn::save_safetensors(path, content);
    const auto ran = tests::run(cartpole + " --evaluate " + folder.path().string());
    CHECK(ran.status == 1);
    return ran.errors;
  };
  CHECK(errors({{{"environment", "Acrobot-v1"}}, {}}) ==
        "run_cartpole: " + path.string() + ": expected a policy for CartPole-v1, got Acrobot-v1\n");
  CHECK(
      errors({{{"environment", "CartPole-v1"}, {"activation", "tanh"}}, {{"0.weight", {2, 3}, {1, 2, 3, 4, 5, 6}}}}) ==
      "run_cartpole: " + path.string() + ": tensor 0.weight: expected 2 x 4, got 2 x 3\n");
  CHECK(errors({{{"environment", "CartPole-v1"}, {"distribution", "gaussian"}}, {}}) ==
        "run_cartpole: " + path.string() + ": expected a categorical policy, got gaussian\n");
  CHECK(errors({{{"environment", "\x1b[2JCart\x7f\xc2\x9b"}}, {}}) ==
        "run_cartpole: " + path.string() + ": expected a policy for CartPole-v1, got ?[2JCart??\n");
  CHECK(errors({{{"environment", "CartPole-v1"}}, {{"0.weight", {2, 4}, std::vector<float>(8)}}}) ==
        "run_cartpole: " + path.string() + ": activation: expected identity, relu, tanh or sigmoid, got none\n");
}

TEST_CASE("a run that diverges names the update and what to try, with status 1, and writes nothing") {
  const tests::TemporaryFolder folder;
  const std::string output = (folder.path() / "run").string();
  const auto ran =
      tests::run(cartpole + " --quiet --learning-rate 1e30 --hidden 32,32 --activation relu --output " + output);
  CHECK(ran.status == 1);
  CHECK(ran.errors.starts_with("run_cartpole: update "));
  CHECK(ran.errors.ends_with("try a smaller --learning-rate\n"));
  CHECK(std::ranges::count(ran.errors, '\n') == 1);
  CHECK(std::filesystem::is_empty(output));
}

}  // namespace test_program
