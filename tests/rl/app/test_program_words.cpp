/// The program that pretrains and post-trains: its options, its words, and the same bits.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "nn/io/file.hpp"
#include "tests/support.hpp"

namespace test_program_words {

namespace {

const std::string quick = " --pretraining-epochs 1 --episodes 20 ";

std::string words(const std::string& arguments) {
  return tests::program("run_words") + quick + arguments;
}
std::string policy(const std::string& folder) {
  return nn::read_file(folder + "/policy.safetensors");
}
void check_usage(const std::string& arguments, const std::string& message) {
  const auto ran = tests::run(tests::program("run_words") + " " + arguments);
  CHECK(ran.status == 2);
  CHECK(ran.errors == "run_words: " + message + " (see --help)\n");
}

}  // namespace

TEST_CASE("every advantage, length and KL of post-training trains from the command line, and each leads elsewhere") {
  const tests::TemporaryFolder folder;
  const std::string run = (folder.path() / "run").string();
  std::vector<std::string> all;
  for (const char* arguments :
       {"", "--advantage group-mean", "--advantage grpo", "--advantage reinforce", "--length-normalisation own",
        "--length-normalisation batch", "--kl-estimator k1-in-loss", "--kl-estimator k2-in-loss",
        "--kl-estimator k3-in-loss", "--kl 0", "--epochs 3", "--group-size 4", "--reward four-letters",
        "--entropy-coefficient 0.1", "--algorithm reinforce"}) {
    INFO(std::string(arguments));
    REQUIRE(tests::run(words("--quiet --total-timesteps 500 --optimizer sgd --learning-rate 0.5 --output " + run + " " +
                             arguments))
                .status == 0);
    for (const std::string& other : all) CHECK(policy(run) != other);
    all.push_back(policy(run));
  }
}

TEST_CASE("a resumed run in the world of words ends with the same bytes, with its reward, whoever plays beside whom") {
  const tests::TemporaryFolder folder;
  const std::string whole = (folder.path() / "whole").string(), parts = (folder.path() / "parts").string();
  const std::string reward = "--quiet --reward ending --output ";
  REQUIRE(tests::run(words("--total-timesteps 1500 --num-envs 7 " + reward + whole)).status == 0);
  REQUIRE(tests::run(words("--total-timesteps 400 " + reward + parts)).status == 0);
  CHECK(policy(parts) != policy(whole));
  REQUIRE(tests::run(tests::program("run_words") + " --quiet --total-timesteps 1500 --resume " + parts).status == 0);
  CHECK(policy(parts) == policy(whole));
  CHECK(nn::read_file(whole + "/summary.json").find("\"reward\": \"ending\"") != std::string::npos);
  const auto evaluated = tests::run(tests::program("run_words") + " --reward four-letters --evaluate " + whole);
  CHECK(evaluated.status == 0);  // what it writes, by another reward
  const auto watched = tests::run(tests::program("run_words") + " --watch --evaluate " + whole);
  CHECK(watched.status == 0);
  CHECK(watched.output.find("    of ") != std::string::npos);
}

TEST_CASE("the program says what it has learned: bits a letter beside counts, and words before and after") {
  const tests::TemporaryFolder folder;
  const auto ran = tests::run(words("--total-timesteps 400 --output " + (folder.path() / "run").string()));
  CHECK(ran.status == 0);
  for (const char* part :
       {"pretrained on 1190 words of the book: ", "counts of bigrams 3.62, of trigrams 3.21\nbefore: ",
        "KL to the pretrained policy 0.00 nats a word\n", "\nafter: "})
    CHECK(ran.output.find(part) != std::string::npos);
}

TEST_CASE("options that do not go together in the world of words are refused in one line") {
  check_usage("--advantage best", "--advantage: expected rloo, group-mean, grpo or reinforce, got 'best'");
  check_usage("--episodes-per-update 12", "--episodes-per-update: expected whole groups of 8, got 12");
  check_usage("--algorithm reinforce --kl 0.1", "--kl: expected --algorithm post-training with it, got reinforce");
  check_usage("--minibatch-size 8", "--minibatch-size: expected --algorithm ppo with it, got post-training");
  check_usage("--gamma 0.9", "--gamma: expected an algorithm that discounts, got post-training");
  const auto other = tests::run(tests::program("run_cartpole") + " --algorithm post-training");
  CHECK(other.status == 2);
  CHECK(other.errors ==
        "run_cartpole: --algorithm: expected reinforce, actor-critic or ppo, got 'post-training' (see --help)\n");
}

}  // namespace test_program_words
