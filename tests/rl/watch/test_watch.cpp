/// Watching a policy: in a pipe, on a terminal, as an animated SVG.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "nn/io/file.hpp"
#include "rl/watch/recording.hpp"
#include "rl/watch/scene.hpp"
#include "tests/support.hpp"

namespace test_watch {

namespace {

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

}  // namespace

TEST_CASE("a frame shows the step, the picture, every probability and the action taken") {
  const rl::Recording recording{"CartPole-v1",
                                0.02,
                                {{{0, 0, 0, 0}, 1, 0, {{"left", 0.25, 0.25}, {"right", 0.75, 0.75}}},
                                 {{1, 0, 0.1, 0}, 1, 1, {{"left", 0.25, 0.25}, {"right", 0.75, 0.75}}}}};
  const std::string first = rl::frame_text(recording, 0, 60, 10), last = rl::frame_text(recording, 1, 60, 10);
  CHECK(first.starts_with("CartPole-v1  step   0 of 1  0.00 s  return 0.0\n"));
  CHECK(last.starts_with("CartPole-v1  step   1 of 1  0.02 s  return 1.0  (the end)\n"));
  CHECK(
      first.ends_with("      left   0.250 ████████░░░░░░░░░░░░░░░░░░░░░░\n"
                      "     right   0.750 ███████████████████████░░░░░░░  taken\n"));
  CHECK(std::ranges::count(first, '\n') == 1 + 10 + 2);
  CHECK(first != last);
  for (std::size_t columns = 12; columns < 80; ++columns) {
    const std::string text = rl::frame_text(recording, 1, columns, 10);
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) CHECK(tests::characters(line) <= columns);
    if (columns >= 30) CHECK(text.ends_with("  taken\n"));  // the bars are shorter, not what stands behind them
  }
}

TEST_CASE(
    "a picture puts each stroke where the state says: the pole's tip at x + sin theta, cos theta above the axle") {
  const std::vector<double> state = {0.5, 0, 0.2, 0};
  const auto strokes = rl::scene_of("CartPole-v1", state, 0).strokes;
  const auto pole = std::ranges::find(strokes, rl::Ink::limb, &rl::Stroke::ink);
  CHECK(pole->x1 == 0.5);
  CHECK(pole->x2 - pole->x1 == doctest::Approx(std::sin(0.2)));
  CHECK(pole->y2 - pole->y1 == doctest::Approx(std::cos(0.2)));
  const double c1 = std::cos(2.5), s1 = std::sin(2.5), c2 = std::cos(-0.7), s2 = std::sin(-0.7);
  const std::vector<double> links = {c1, s1, c2, s2, 0, 0};
  const auto tip = rl::scene_of("Acrobot-v1", links, 0).strokes[2];
  CHECK(tip.x2 - tip.x1 == doctest::Approx(std::sin(2.5 - 0.7)));
  CHECK(tip.y2 == doctest::Approx(-c1 - std::cos(2.5 - 0.7)));  // the height that the world compares with 1
  // One disc in the middle of 3 x 1 characters: their 6 x 4 dots are a third of a unit wide.
  CHECK(rl::in_characters({-1, 1, -0.6, 0.6, {{0, 0, 0, 0, 0.7, rl::Ink::body}}}, 3, 1) == "⠀⠶\n");
}

TEST_CASE("every world can be watched: a dozen frames in a pipe, an animated SVG that loops without a script") {
  const tests::TemporaryFolder folder;
  const std::string run = (folder.path() / "run").string(), svg_path = (folder.path() / "a.svg").string();
  for (const std::string world :
       {"cartpole", "acrobot", "mountain_car", "mountain_car_continuous", "pendulum", "corridor", "bandit"}) {
    const std::string program = tests::program("run_" + world);
    const auto train = tests::run(program + " --quiet --total-timesteps 8 --episodes 1 --hidden 2 --output " + run +
                                  " --watch --output-svg " + svg_path);
    REQUIRE_MESSAGE(train.status == 0, train.errors);
    const std::string svg = nn::read_file(svg_path);
    CHECK(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox="));
    CHECK(svg.ends_with("</svg>\n"));
    CHECK(svg.size() < 100'000);
    CHECK(svg.find("<script") == std::string::npos);
    CHECK(svg.find("nan") == std::string::npos);
    if (world != "bandit") CHECK_MESSAGE(count_of(svg, "<animate ") > 1, world);
    CHECK(count_of(svg, "repeatCount=\"indefinite\"") == count_of(svg, "<animate "));
    for (const char* element : {"line", "circle", "rect"})  // each is closed, by itself or by its end
      CHECK(count_of(svg, std::string("<") + element + " ") == count_of(svg, std::string("</") + element + ">") + [&] {
        std::size_t alone = 0;
        for (std::size_t at = svg.find(std::string("<") + element + " "); at != std::string::npos;
             at = svg.find(std::string("<") + element + " ", at + 1))
          alone += svg[svg.find('>', at) - 1] == '/';
        return alone;
      }());
    const auto seen = tests::run(program + " --watch --evaluate " + run);
    CHECK(seen.status == 0);
    CHECK(seen.output.find("  step   0 of ") != std::string::npos);
    CHECK(count_of(seen.output, "(the end)") == 1);
    CHECK(count_of(seen.output, "  step ") <= 12);
    CHECK(seen.output.find('\x1b') == std::string::npos);
  }
}

TEST_CASE(
    "on a terminal keys pause, step and quit, Ctrl-C ends with 130, and the screen is given back; without keys it "
    "plays on") {
  if (tests::run("script -qec 'test -t 1' /dev/null < /dev/null").status != 0) {
    MESSAGE("no terminal can be made here");
    return;
  }
  const tests::TemporaryFolder folder;
  const std::string run = (folder.path() / "run").string(), program = tests::program("run_cartpole");
  REQUIRE(tests::run(program + " --quiet --seed 1 --total-timesteps 2000 --output " + run).status == 0);
  const auto keys = [&](const std::string& pressed) {
    return tests::run("(" + pressed + ") | TERM=xterm script -qec '" + program + " --evaluate " + run +
                      " --watch' /dev/null");
  };
  const auto stepped =
      keys("sleep 0.1; printf ' '; sleep 0.1; printf n; sleep 0.05; printf n; sleep 0.05; printf q; sleep 0.2");
  CHECK(stepped.status == 0);
  const std::size_t paused = stepped.output.find("space go on");
  REQUIRE(paused != std::string::npos);
  CHECK(count_of(stepped.output.substr(paused), "\x1b[HCartPole-v1  step ") == 2);  // two steps, and no more
  CHECK(stepped.output.find("\x1b[?25h\x1b[?1049l") != std::string::npos);
  const auto interrupted = tests::run(
      "(sleep 0.5; printf '\\003'; sleep 0.5) | TERM=xterm script -qec 'before=$(stty -g); " + program +
      " --evaluate " + run + " --watch; echo status $?; [ \"$before\" = \"$(stty -g)\" ] && echo as it was' /dev/null");
  CHECK(interrupted.output.ends_with("\x1b[?25h\x1b[?1049lstatus 130\r\nas it was\r\n"));
  CHECK(interrupted.output.find("stopping") == std::string::npos);  // a key, and no signal that make would see
  const auto played = keys("sleep 0.5; printf q; sleep 0.2");
  const std::size_t frames = count_of(played.output, "\x1b[HCartPole-v1  step ");
  CHECK(frames > 10);  // 0.5 s are 25 steps of 0.02 s
  CHECK(frames < 40);
}

}  // namespace test_watch
