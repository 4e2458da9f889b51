/// Tables of numbers, and the pictures that gnuplot makes of them.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <thread>

#include "nn/io/file.hpp"
#include "rl/app/csv.hpp"
#include "rl/app/gnuplot.hpp"
#include "rl/app/option_text.hpp"
#include "rl/app/plot.hpp"
#include "rl/app/report.hpp"
#include "rl/terminal/terminal.hpp"
#include "tests/support.hpp"

namespace test_plot {

namespace {

const std::string plot = tests::program("plot");

rl::TrainingResult run_of(std::vector<std::pair<std::size_t, double>> updates) {
  rl::TrainingResult result;
  for (const auto& [timesteps, mean] : updates) result.curve.push_back({result.curve.size() + 1, timesteps, 0, mean});
  return result;
}

std::string csv_error(const std::string& text) {
  try {
    rl::parse_csv(text, "p");
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("a table of numbers is read by the names of its columns; what is wrong is one line with its place") {
  const auto table = rl::parse_csv("# threshold: 475\r\n\na, b\n1,-2.5e3\n 3 ,1e308\n", "p");
  CHECK(table.keys == std::map<std::string, std::string>{{"threshold", "475"}});
  CHECK(table.names == std::vector<std::string>{"a", "b"});
  CHECK(table.column("a", "p") == std::vector<double>{1, 3});
  CHECK(table.column("b", "p")[0] == -2500);
  CHECK(table.column("b", "p")[1] == 1e308);
  CHECK_THROWS_WITH(table.column("c", "p"), "p: expected a column c, got none");
  CHECK(csv_error("a,b\n1,2,3") == "p:2: expected 2 numbers, got 3");
  CHECK(csv_error("a,b\n1,2x") == "p:2: column b: expected a number, got '2x'");
  CHECK(csv_error("a,b\n1,") == "p:2: column b: expected a number, got ''");
  for (const char* number : {"nan", "inf", "-inf", "-nan"})
    CHECK(csv_error(std::string("a,b\n1,2\n1,") + number) ==
          std::string("p:3: column b: expected a finite number, got ") + number);
  CHECK(csv_error("a,b\n1,1e309") == "p:2: column b: expected a number, got '1e309'");
  CHECK(csv_error("a,a\n") == "p:1: expected a column a once, got it twice");
  CHECK(csv_error("a,,b\n") == "p:1: expected the names of the columns, got an empty one");
  CHECK(csv_error("# only: this\n") == "p:2: expected a header line, got none");
}

TEST_CASE("the band of several runs is their median and percentiles, each run carried on when it has ended") {
  const std::vector<rl::TrainingResult> runs = {run_of({{10, 1}, {50, 5}}), run_of({{20, 3}, {100, 9}}),
                                                run_of({{30, 2}}), rl::TrainingResult()};
  const rl::Curve curve = rl::curve_of(runs, 10);
  CHECK(curve.name == "median of 3 seeds; 5th to 95th percentile");
  REQUIRE(curve.timesteps.size() == 11);
  CHECK(curve.timesteps[1] == 10);
  CHECK(curve.returns[0] == 2);  // 1, 3, 2
  CHECK(curve.low[0] == doctest::Approx(1.1));
  CHECK(curve.high[0] == doctest::Approx(2.9));
  CHECK(curve.returns[4] == 2);   // at 40 nothing is new
  CHECK(curve.returns[5] == 3);   // 5, 3, 2
  CHECK(curve.returns[10] == 5);  // 5, 9, 2
  CHECK(rl::curve_of(std::vector<rl::TrainingResult>(2), 10).timesteps.empty());
}

TEST_CASE("the picture has title, axes, threshold and band; without gnuplot the curve is drawn in the terminal") {
  const tests::TemporaryFolder folder;
  const rl::Plot drawing{"It's a title", 475, {{"one's name", {0, 10}, {1, 20}, {0, 15}, {2, 30}}}};
  const std::string script = rl::gnuplot_script(drawing);
  for (const char* part : {"set title 'It''s a title'", "set xlabel 'environment steps'", "title 'solved: 475'",
                           "10 20 15 30\n", "with filledcurves", "title 'one''s name'", "set xrange [0:10]"})
    CHECK_MESSAGE(script.find(part) != std::string::npos, part);

  const std::string run = (folder.path() / "a 'run'").string(), quoted = "\"" + run + "\"";
  REQUIRE(tests::run(tests::program("run_cartpole") + " --quiet --total-timesteps 500 --output " + quoted).status == 0);
  nn::write_file(run + "/learning_curve.svg", "old");
  const auto terminal = tests::run("PATH=/nonexistent " + plot + " " + quoted);
  CHECK(terminal.status == 0);
  CHECK(terminal.output.find("REINFORCE on CartPole-v1: mean return of an update") == 0);
  CHECK(terminal.output.find("475 │·····") != std::string::npos);
  const std::string both = (folder.path() / "both.svg").string();
  const auto without = tests::run("PATH=/nonexistent " + plot + " " + quoted + " " + quoted + " --output " + both);
  CHECK(without.status == 1);
  CHECK(without.errors == "plot: " + both + ": not drawn: there is no gnuplot; make plot installs it\n");
  CHECK(!std::filesystem::exists(both));
  for (const char* how : {" --quiet", " --seeds 2 --quiet"}) {  // an old picture does not stay
    nn::write_file(run + "/learning_curve.svg", "old");
    const std::string cartpole = tests::program("run_cartpole") + how + " --total-timesteps 500 --output " + quoted;
    REQUIRE(tests::run("PATH=/nonexistent " + cartpole).status == 0);
    CHECK(!std::filesystem::exists(run + "/learning_curve.svg"));
  }
  if (tests::run("command -v gnuplot").status != 0) {
    MESSAGE("gnuplot is not installed (make plot installs it): no SVG is looked at");
    return;
  }
  const auto drawn = tests::run(plot + " " + quoted);
  CHECK(drawn.output == run + "/learning_curve.svg\n");
  const std::string svg = nn::read_file(run + "/learning_curve.svg");
  for (const char* part :
       {"<title>REINFORCE on CartPole-v1</title>", "environment steps", "return (sum of rewards)", "solved: 475"})
    CHECK_MESSAGE(svg.find(part) != std::string::npos, part);
  CHECK(tests::run(plot + " " + quoted + " " + quoted + " --output " + both).output == both + "\n");
  CHECK(nn::read_file(both).size() > svg.size());
  const auto blocked = tests::run(plot + " " + quoted + " --output /nonexistent/x.svg");
  CHECK(blocked.status == 1);
  CHECK(blocked.errors == "plot: /nonexistent/x.svg: cannot write: No such file or directory\n");
  const auto broken = tests::run("cd " + folder.path().string() + "; printf '#!/bin/sh\nexit 1\n' > gnuplot; " +
                                 "chmod +x gnuplot; PATH=$PWD:$PATH; exec " +
                                 std::filesystem::absolute(tests::program("run_cartpole")).string() +
                                 " --total-timesteps 500 --output run");
  CHECK(broken.status == 0);  // the run is as good without its picture
  CHECK(broken.output.find("\nnot solved: ") != std::string::npos);
  CHECK(broken.errors.ends_with(
      "\nrun_cartpole: warning: run/learning_curve.svg: cannot draw: gnuplot draws no picture\n"));
}

TEST_CASE("a gnuplot that hangs is ended, with what it started, and says so") {
  const tests::TemporaryFolder folder;
  const std::string before = std::getenv("PATH"), late = (folder.path() / "late").string();
  nn::write_file(folder.path() / "gnuplot",
                 "#!/bin/sh\necho '<svg></svg>'\n(sleep 1; : > " + late + ") &\nwait\nsleep 1000\n");
  std::filesystem::permissions(folder.path() / "gnuplot", std::filesystem::perms::owner_all);
  ::setenv("PATH", (folder.path().string() + ":" + before).c_str(), 1);
  CHECK_THROWS_WITH(rl::picture_of("plot x\n", 0.4), "gnuplot was not done within 0.4 s");
  nn::write_file(folder.path() / "gnuplot", "#!/bin/sh\necho '<svg></svg>'\nexec > /dev/null\nsleep 1000\n");
  std::filesystem::permissions(folder.path() / "gnuplot", std::filesystem::perms::owner_all);
  CHECK_THROWS_WITH(rl::picture_of("plot x\n", 0.4), "gnuplot was not done within 0.4 s");  // though all was printed
  ::setenv("PATH", before.c_str(), 1);
  std::this_thread::sleep_for(std::chrono::milliseconds(1200));
  CHECK(!std::filesystem::exists(late));
}

TEST_CASE("a curve of the largest numbers there are is drawn within its lines") {
  const std::vector<double> x = {0, 1e-300, 5, 10}, values = {1e308, -1e308, 1.7e308, -1.7e308};
  const std::string picture = rl::curve_picture(x, values, 475, 20, 9);
  CHECK(std::ranges::count(picture, '\n') == 11);
  for (const std::string& other :
       {rl::curve_picture({{-5, 3, 1}}, {{1, 2, 3}}, 1e308, 20, 9), rl::curve_picture({{1, 2}}, {{0, 0}}, 0, 20, 9)})
    CHECK(std::ranges::count(other, '\n') == 11);
}

TEST_CASE("a long curve is drawn by what a picture can show of it: the lowest and the highest of each column") {
  rl::Curve curve{"long", {}, {}};
  for (int i = 1; i <= 32'000; ++i) {
    curve.timesteps.push_back(10. * i);
    curve.returns.push_back(i == 7777 ? 500 : i == 20'001 ? -3 : i % 100);
  }
  const std::string script = rl::gnuplot_script({"t", std::nullopt, {curve}});
  CHECK(std::ranges::count(script, '\n') < 1430);
  for (const char* point : {"\n77770 500\n", "\n200010 -3\n", "\n320000 0\n", "set xrange [0:320000]", "with lines"})
    CHECK_MESSAGE(script.find(point) != std::string::npos, point);
  curve.timesteps.resize(600), curve.returns.resize(600);
  CHECK(std::ranges::count(rl::gnuplot_script({"t", std::nullopt, {curve}}), '\n') > 600);
}

TEST_CASE("speed and time of the progress line are short") {
  CHECK(rl::short_number(0.4) == "0");
  CHECK(rl::short_number(999) == "999");
  CHECK(rl::short_number(1234) == "1.2k");
  CHECK(rl::short_number(12345) == "12k");
  CHECK(rl::short_number(2.5e6) == "2.5M");
  CHECK(rl::short_time(6.1) == "0:07");
  CHECK(rl::short_time(754) == "12:34");
  CHECK(rl::short_time(3723) == "1:02:03");
  CHECK(rl::short_time(INFINITY) == "?");
}

TEST_CASE("the progress line has room for its sparkline in 80 columns; in fewer, what matters least goes first") {
  rl::TrainingResult result;
  for (std::size_t i = 1; i <= 1234; ++i)
    result.curve.push_back({i, 100 * i, 8 * i, -0.4 * double(i), 0, 0, 0.1 * double(i)});
  const auto line = [&](std::size_t width) { return rl::progress_line(result, 500'000, 0, width); };
  CHECK(line(1000).starts_with(
      "update 1234    123,400 timesteps   9,872 episodes  return -493.6  1.0k/s  6:17 left  █▇▇▆▆▆▅▅▄▄▃▃▃▂▂▁"));
  CHECK(line(79) == "update 1234    123,400 timesteps  return -493.6  1.0k/s  6:17 left  █▇▆▆▅▅▄▃▃▂▁");
  CHECK(line(40) == "return -493.6  █▇▇▆▆▆▅▅▄▄▃▃▃▂▂▁");
  std::size_t most = 0;
  for (std::size_t width = 0; width < 120; ++width)
    most = std::max(most, tests::characters(line(width)) - std::min(width, tests::characters(line(width))));
  CHECK(most == 0);
}

TEST_CASE("plot without a run, or of a folder that is none, is one line") {
  const tests::TemporaryFolder folder;
  const std::string in_folder = "cd '" + folder.path().string() + "'; PATH=/nonexistent ";
  const std::string absolute = std::filesystem::absolute(plot).string();
  const auto none = tests::run(in_folder + absolute);
  CHECK(none.status == 1);
  CHECK(none.errors == "plot: build/runs: expected a run folder, got none; make run-cartpole writes one\n");
  const std::string cartpole = std::filesystem::absolute(tests::program("run_cartpole")).string();
  for (const char* options : {" --output 'build/runs/a b'", " --seeds 2 --output build/runs/many"})
    REQUIRE(tests::run(in_folder + cartpole + " --quiet --total-timesteps 100" + options).status == 0);
  const auto all = tests::run(in_folder + absolute);  // names with a blank and runs of many seeds, too
  CHECK(all.status == 0);
  CHECK(all.output.find(": mean return of an update\n") != std::string::npos);
  CHECK(all.output.find(": median of 2 seeds; ") != std::string::npos);
  const auto missing = tests::run(plot + " /nonexistent");
  CHECK(missing.status == 1);
  CHECK(missing.errors == "plot: /nonexistent/learning_curve.csv: cannot read: No such file or directory\n");
}

TEST_CASE("a configuration file is a command line, one option a line, and what is typed comes after it") {
  std::string words;
  for (const rl::Word& word :
       rl::config_words("# all\ngamma = 0.9 # so\n\nhidden=[8, 16]\noutput = \"a b\"\ngreedy=true", "p"))
    words += word.origin + word.text + "\n";
  CHECK(words == "p:2: --gamma=0.9\np:4: --hidden=8,16\np:5: --output=a b\np:6: --greedy=true\n");
  CHECK_THROWS_WITH(rl::config_words("a=1\nnonsense\n", "p"), "p:2: expected name = value, got 'nonsense'");
  CHECK_THROWS_WITH(rl::config_words("--a=1\n", "p"), "p:1: expected name = value, got '--a=1'");
  CHECK_THROWS_WITH(rl::config_words("\nconfig=a\n", "p"), "p:2: expected an option of a run, got 'config'");

  const tests::TemporaryFolder folder;
  const std::string config = (folder.path() / "c.toml").string(), output = (folder.path() / "run").string();
  const std::string command = tests::program("run_cartpole") + " --config " + config + " ";
  nn::write_file(config, "algorithm = \"ppo\"\nhidden = [8, 16]\ngamma = 0.9\ntotal-timesteps = 300\nepisodes=3\n");
  const auto ran = tests::run(command + "--quiet --gamma 0.8 --output " + output);
  CHECK_MESSAGE(ran.status == 0, ran.errors);
  const std::string summary = nn::read_file(output + "/summary.json");
  for (const char* part :
       {"\"algorithm\": \"ppo\"", "\"hidden\": \"8,16\"", "\"gamma\": 0.8", "\"learning-rate\": 0.003"})
    CHECK_MESSAGE(summary.find(part) != std::string::npos, part);
  for (const auto& [line, message] : std::vector<std::pair<std::string, std::string>>{
           {"gama = 0.9", "unknown option --gama=0.9, the nearest is --gamma"},
           {"gamma = 2", "--gamma: expected a number from 0 to 1, got '2'"},
           {"gamma =", "--gamma: expected a value, got none"},
           {"output =\nquiet = true", "--output: expected a value, got none"},
           {"greedy = maybe", "--greedy: expected true or false, got 'maybe'"},
           {"clip = 0.1", "--clip: expected --algorithm ppo with it, got reinforce"}}) {
    nn::write_file(config, "\n" + line + "\n");
    const auto wrong = tests::run(command);
    CHECK(wrong.status == 2);
    CHECK(wrong.errors == "run_cartpole: " + config + ":2: " + message + " (see --help)\n");
  }
  const auto missing = tests::run(tests::program("run_cartpole") + " --config /nonexistent/c.toml");
  CHECK(missing.status == 1);
  CHECK(missing.errors == "run_cartpole: /nonexistent/c.toml: cannot read: No such file or directory\n");
}

}  // namespace test_plot
