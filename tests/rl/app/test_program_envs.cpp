/// The programs of the other environments as a user meets them: each solves its environment and leaves a folder that
/// reads back.
#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "nn/io/checksum.hpp"
#include "nn/io/file.hpp"
#include "nn/io/safetensors.hpp"
#include "tests/support.hpp"

namespace test_program_envs {

namespace {

struct Case {
  std::string program, environment, algorithm, distribution;
  std::size_t observations, outputs;
  double threshold;
};
// These take well under a second each; so does run_cartpole, which has a file of its own.
const Case cases[] = {
    {"run_bandit", "Bandit", "REINFORCE", "categorical", 1, 3, 0.95},
    {"run_corridor", "Corridor", "REINFORCE", "categorical", 6, 2, -5.5},
    {"run_acrobot", "Acrobot-v1", "PPO", "categorical", 6, 3, -100},
    {"run_pendulum", "Pendulum-v1", "PPO", "gaussian", 3, 1, -200},
    {"run_mountain_car", "MountainCar-v0", "PPO", "categorical", 2, 3, -110},
    {"run_mountain_car_continuous", "MountainCarContinuous-v0", "PPO", "gaussian", 2, 1, 90},
};

}  // namespace

TEST_CASE("every program solves its environment as shipped and writes a run folder that --evaluate reads back") {
  const tests::TemporaryFolder folder;
  for (const Case& one : cases) {
    CAPTURE(one.program);
    const std::string output = (folder.path() / one.program).string(), program = tests::program(one.program);
    const auto ran = tests::run(program + " --quiet --output " + output);
    REQUIRE(ran.status == 0);
    CHECK(ran.errors == "");
    const std::size_t last = ran.output.rfind('\n', ran.output.size() - 2) + 1;
    CHECK(ran.output.substr(last).starts_with("solved " + one.environment + " after "));
    const auto summary = nlohmann::json::parse(nn::read_file(output + "/summary.json"));
    CHECK(summary["environment"] == one.environment);
    CHECK(summary["algorithm"] == one.algorithm);
    CHECK(summary["solved"] == true);
    CHECK(summary["evaluation"]["mean_return"] >= one.threshold);
    auto policy = nn::load_safetensors(output + "/policy.safetensors");
    CHECK(policy.metadata["environment"] == one.environment);
    CHECK(policy.metadata["distribution"] == one.distribution);
    CHECK(policy.tensors.front().shape.at(1) == one.observations);
    const bool gaussian = one.distribution == "gaussian";
    CHECK((policy.tensors.back().name == "log_sigma") == gaussian);
    CHECK(policy.tensors[policy.tensors.size() - (gaussian ? 2 : 1)].shape.at(0) == one.outputs);
    CHECK(tests::run(program + " --episodes 3 --evaluate " + output).status == 0);
  }
}

TEST_CASE("a learned sigma is trained, saved as log_sigma, and read back by --evaluate") {
  const tests::TemporaryFolder folder;
  const std::string output = (folder.path() / "run").string(), path = output + "/policy.safetensors";
  const std::string pendulum = tests::program("run_pendulum") + " --quiet";
  REQUIRE(tests::run(pendulum + " --total-timesteps 5000 --episodes 1 --output " + output).status == 0);
  auto policy = nn::load_safetensors(path);
  REQUIRE(policy.tensors.back().name == "log_sigma");
  const float trained = policy.tensors.back().data.at(0);
  CHECK(std::abs(trained) > 0.001f);  // it starts at 0
  policy.tensors[0].data[0] += 1;
  nn::save_safetensors(path, policy);
  const auto changed = tests::run(pendulum + " --episodes 1 --evaluate " + output);
  CHECK(changed.status == 1);
  CHECK(changed.errors.starts_with("run_pendulum: " + path + ": expected the checksum "));
  CHECK(std::ranges::count(changed.errors, '\n') == 1);
  policy.tensors[0].data[0] -= 1;
  CHECK(policy.metadata.erase(nn::checksum_key) == 1);  // the numbers will be others
  const auto returns = [&](float log_sigma, const std::string& mode) {
    policy.tensors.back().data = {log_sigma};
    nn::save_safetensors(path, policy);
    const std::string text = tests::run(pendulum + " --episodes 20 " + mode + " --evaluate " + output).output;
    return text.substr(text.find("mean return"), text.find('\n') - text.find("mean return"));
  };
  const std::string mean_torque = returns(trained, "--greedy");
  CHECK(returns(trained, "") != mean_torque);
  CHECK(returns(-20, "") == mean_torque);  // hardly any noise is none
  CHECK(returns(2, "") != returns(trained, ""));

  policy.tensors.pop_back();
  nn::save_safetensors(path, policy);
  const auto without = tests::run(pendulum + " --evaluate " + output);
  CHECK(without.status == 1);
  CHECK(without.errors == "run_pendulum: " + path + ": expected a tensor log_sigma with 1 finite numbers\n");
}

TEST_CASE("every algorithm and baseline trains from the command line, and the same seed gives the same weights") {
  const tests::TemporaryFolder folder;
  const auto weights = [&](const std::string& arguments) {
    const std::string output = (folder.path() / "run").string();
    REQUIRE(tests::run(tests::program("run_corridor") + " --quiet --total-timesteps 300 --episodes 1 --output " +
                       output + " " + arguments)
                .status == 0);
    return nn::read_file(output + "/policy.safetensors");
  };
  std::vector<std::string> all;
  for (const char* arguments :
       {"--baseline none", "--baseline running-mean", "--baseline leave-one-out", "--baseline value", "--returns total",
        "--entropy-coefficient 1", "--algorithm actor-critic", "--algorithm actor-critic --gae-lambda 0.5",
        "--algorithm ppo", "--algorithm ppo --clip 0.01"}) {
    all.push_back(weights(arguments));
    CHECK(all.back() == weights(std::string(arguments) + " --num-envs 3"));
  }
  // leave-one-out is the default; the others differ from one another.
  CHECK(all[2] == weights(""));
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t k = i + 1; k < all.size(); ++k) CHECK_MESSAGE(all[i] != all[k], i << " and " << k);
}

}  // namespace test_program_envs
