/// run_pong as a user meets it: sparse states and two environments change nothing in a run folder, resume and replay.
#include <doctest/doctest.h>

#include "nn/io/file.hpp"
#include "nn/io/safetensors.hpp"
#include "tests/support.hpp"

namespace test_program_pong {

namespace {

struct Run {
  const tests::TemporaryFolder& folder;
  const std::string program = tests::program("run_pong") + " --quiet --hidden 16 --episodes 1 --episodes-per-update 40";
  std::string path(const std::string& name) const { return (folder.path() / name).string(); }
  std::string policy(const std::string& name) const { return nn::read_file(path(name) + "/policy.safetensors"); }
  std::string train(const std::string& name, const std::string& options) const {
    const auto ran = tests::run(program + " --total-timesteps 5000 --output " + path(name) + " " + options);
    REQUIRE(ran.status == 0);
    CHECK(ran.errors == "");
    CHECK(
        ran.output.find("a run is solved when the episodes of an update reach a mean return of 0.4, and then 100 fresh "
                        "ones with sampled actions one of 10, 2 times in a row\n") != std::string::npos);
    return policy(name);
  }
};

}  // namespace

TEST_CASE("a run of Pong has the same bits for any number of games and threads, and is stored in PyTorch's shape") {
  const tests::TemporaryFolder folder;
  const Run run{folder};
  const std::string expected = run.train("a", "--num-envs 40 --threads 1");
  CHECK(run.train("b", "--num-envs 7 --threads 2") == expected);
  CHECK(run.train("c", "--num-envs 7 --threads 2 --seed 1") != expected);
  const auto policy = nn::load_safetensors(run.path("a") + "/policy.safetensors");
  CHECK(policy.metadata.at("environment") == "Pong");
  CHECK(policy.metadata.at("distribution") == "bernoulli");
  CHECK(policy.tensors.at(0).name == "0.weight");
  CHECK(policy.tensors.at(0).shape == std::vector<std::size_t>{16, 6400});
  CHECK(policy.tensors.at(2).shape == std::vector<std::size_t>{1, 16});
}

TEST_CASE("a run of Pong that is resumed ends with the bytes of one that never stopped") {
  const tests::TemporaryFolder folder;
  const Run run{folder};
  const std::string expected = run.train("whole", "--total-timesteps 9000");
  run.train("part", "");
  REQUIRE(
      tests::run(tests::program("run_pong") + " --quiet --total-timesteps 9000 --resume " + run.path("part")).status ==
      0);
  CHECK(run.policy("part") == expected);
}

TEST_CASE("every algorithm takes states without zeros, with the same bits for any number of games") {
  const tests::TemporaryFolder folder;
  const Run run{folder};
  for (const std::string algorithm : {"--baseline value", "--algorithm actor-critic", "--algorithm ppo"}) {
    CAPTURE(algorithm);
    const std::string few = algorithm + " --episodes-per-update 10 --total-timesteps 600 --critic-learning-rate 0.001";
    CHECK(run.train("a", few + " --num-envs 10") == run.train("b", few + " --num-envs 3"));
  }
}

TEST_CASE("a run of Pong is saved every 10 seconds when nothing is typed, since its state is large") {
  const auto help = tests::run(tests::program("run_pong") + " --help");
  const std::size_t at = help.output.find("--save-every");
  REQUIRE(at != std::string::npos);
  CHECK(help.output.substr(at, 200).find("SECONDS [10]") != std::string::npos);
}

TEST_CASE("Pong is replayed as paddles, ball and score, in the terminal and as a moving picture") {
  const tests::TemporaryFolder folder;
  const Run run{folder};
  run.train("a", "");
  const std::string evaluate = tests::program("run_pong") + " --evaluate " + run.path("a") + " --watch";
  const auto shown = tests::run(evaluate);
  REQUIRE(shown.status == 0);
  CHECK(shown.output.find("Pong  step   0 of ") == 0);
  CHECK(shown.output.find("down") != std::string::npos);
  const std::string svg = run.path("game.svg");
  REQUIRE(tests::run(evaluate + " --output-svg " + svg).status == 0);
  const std::string picture = nn::read_file(svg);
  CHECK(picture.find("calcMode=\"discrete\"") !=
        std::string::npos);  // a ball does not glide from the wall to its serve
  CHECK(picture.find("<title>Pong: the last 120 of ") != std::string::npos);
}

}  // namespace test_program_pong
