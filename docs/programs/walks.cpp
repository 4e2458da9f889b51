#include "docs/programs/walks.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include "docs/programs/book.hpp"
#include "nn/arithmetic/elementary.hpp"
#include "nn/optimizer.hpp"

namespace book {
namespace {

constexpr std::size_t limit = 100, most_cells = 9;  // steps of an episode

/// Cells in a row, and a way out to the right of the last one. The wall on the left may be a way out too.
struct Corridor {
  std::size_t cells, start;
  bool open_left;
};
constexpr Corridor corridor = {5, 0, false};  // that of make run-corridor
constexpr Corridor far_prize = {9, 1, true};

Scalar sigmoid(Scalar x) {
  return 1 / (1 + nn::exp(-x));
}

/// Exactly, by carrying the probability of every cell from step to step: what an episode of a policy that goes right
/// with the probability p[cell] is on average.
struct Expected {
  Scalar length = 0, right = 0;         // steps; the chance to leave on the right
  Scalar score = 0, squared_score = 0;  // of S = sum_t ([a_t = right] - p), all cells together
};
Expected expected(const Corridor& world, const Vector& p) {
  struct Mass {
    Scalar probability = 0, S = 0, S2 = 0;  // the last two times the probability
  };
  Expected result;
  std::vector<Mass> now(world.cells);
  now[world.start].probability = 1;
  const auto end = [&](const Mass& m) { result.score += m.S, result.squared_score += m.S2; };
  for (std::size_t t = 0; t < limit; ++t) {
    std::vector<Mass> next(world.cells);
    for (std::size_t cell = 0; cell < world.cells; ++cell)
      for (const bool right : {false, true}) {
        const Mass& m = now[cell];
        const Scalar chance = right ? p[cell] : 1 - p[cell], s = (right ? 1 : 0) - p[cell];
        const Mass moved = {m.probability * chance, chance * (m.S + s * m.probability),
                            chance * (m.S2 + 2 * s * m.S + s * s * m.probability)};
        result.length += moved.probability;
        const bool out = right ? cell + 1 == world.cells : cell == 0 && world.open_left;
        if (out && right) result.right += moved.probability;
        if (out) {
          end(moved);
          continue;
        }
        Mass& to = next[right ? cell + 1 : cell - (cell > 0 ? 1 : 0)];
        to.probability += moved.probability, to.S += moved.S, to.S2 += moved.S2;
      }
    now = next;
  }
  for (const Mass& m : now) end(m);
  return result;
}

/// The root of the mean length of an episode, compared with that of a policy that knows nothing: a function of the
/// policy alone, x = z(right) - z(left), which is taken to two digits.
Scalar root_of_mean_length(Scalar x) {
  static std::map<int, Scalar> known;
  const auto [place, is_new] = known.try_emplace(static_cast<int>(std::floor(x * 50)));
  if (is_new) {
    const auto length = [](Scalar p) { return expected(corridor, Vector(corridor.cells, p)).length; };
    place->second = std::sqrt(length(sigmoid(x)) / length(Scalar(0.5)));
  }
  return place->second;
}

/// What step t of an episode of T steps is multiplied by: of_episode(T, x) + of_step * t.
struct Program {
  std::string_view name;
  const Corridor& world;
  Scalar (*of_episode)(Scalar T, Scalar x);
  Scalar of_step = 0;
  bool own_logits = false, adam = false;  // a pair of logits for every cell; Adam instead of plain steps
};
Scalar one(Scalar, Scalar) {
  return 1;
}
Scalar by_mean_length(Scalar, Scalar x) {
  return 1 / root_of_mean_length(x);
}
Scalar by_own_length(Scalar T, Scalar) {
  return 10 / T;
}
Scalar minus_steps(Scalar T, Scalar) {
  return -T / 10;
}
constexpr Program all_programs[] = {{"1", corridor, one},
                                    {"1, divided by the root of the mean length", corridor, by_mean_length},
                                    {"1, the prize at the far end of two", far_prize, one},
                                    {"1, with Adam", corridor, one, 0, false, true},
                                    {"1, logits of its own in every cell", corridor, one, 0, true},
                                    {"1 / T, divided by the episode's length", corridor, by_own_length},
                                    {"1 / T, logits of its own in every cell", corridor, by_own_length, 0, true},
                                    {"the return, -1 for each step that follows", corridor, minus_steps, Scalar(0.1)}};

/// x = z(right) - z(left) of the first pair of logits, before every update, and after the last.
struct Walk {
  std::vector<Scalar> x;
  Expected at_the_end;
};
// #region walk
Walk walk(const Program& program, std::uint64_t seed, int updates) {
  const Corridor& world = program.world;
  nn::Random rng({seed, 5});
  nn::Adam adam({.learning_rate = Scalar(0.1)});
  Vector x(world.cells), p(world.cells, Scalar(0.5)), gradient(world.cells);  // x = z(right) - z(left) of each cell
  Walk result;
  for (int update = 0; update < updates; ++update) {
    result.x.push_back(x[0]);
    Scalar S[most_cells] = {}, tS[most_cells] = {};  // sums of the scores [a_t = right] - p, and of t times these
    std::size_t t = 0, cell = world.start;
    for (bool over = false; !over && t < limit; ++t) {
      const bool right = rng.uniform() >= static_cast<double>(1 - p[cell]);
      const Scalar score = (right ? 1 : 0) - p[cell];
      S[cell] += score, tS[cell] += static_cast<Scalar>(t) * score;
      over = right ? cell + 1 == world.cells : cell == 0 && world.open_left;
      if (right || cell > 0) cell += right ? 1 : std::size_t(-1);
    }
    const Scalar coefficient = program.of_episode(static_cast<Scalar>(t), x[0]);
    for (std::size_t c = 0; c < world.cells; ++c) gradient[c] = 0;
    for (std::size_t c = 0; c < world.cells; ++c)
      gradient[program.own_logits ? c : 0] += coefficient * S[c] + program.of_step * tS[c];
    if (program.adam)
      adam.ascend(x, gradient);
    else  // 0.1 for each of the two logits, in opposite directions
      for (std::size_t c = 0; c < world.cells; ++c) x[c] += Scalar(0.2) * gradient[c];
    for (std::size_t c = 0; c < world.cells; ++c) p[c] = sigmoid(x[program.own_logits ? c : 0]);
  }
  result.x.push_back(x[0]);
  result.at_the_end = expected(world, p);
  return result;
}
// #endregion walk

void exact_steps() {
  title("15g  one episode, coefficient 1, exactly");
  fmt::print("  p(right)   length   mean of S   mean of S^2   p (1-p) length\n");
  for (const Scalar p : {Scalar(0.02), Scalar(0.1), Scalar(0.5), Scalar(0.9), Scalar(0.98)}) {
    const Expected e = expected(corridor, Vector(corridor.cells, p));
    fmt::print("  {:8.2f}{:9.2f}{:12.3f}{:14.3f}{:17.3f}\n", p, e.length,
               std::abs(e.score) < Scalar(1e-12) ? 0 : e.score, e.squared_score, p * (1 - p) * e.length);
  }
}

void many_walks() {
  constexpr int walks = 1000, updates = 256;
  double share = 0;
  title("15h  1000 walks of 256 updates: where x is, and its mean there");
  fmt::print("  coefficient of a step                        x > 0     mean   x < 0     mean   all             goal\n");
  for (const Program& program : all_programs) {
    int right = 0, goal = 0;
    Scalar above = 0, below = 0, square = 0;
    for (std::uint64_t seed = 0; seed < walks; ++seed) {
      const Walk path = walk(program, seed, updates);
      const Scalar x = path.x.back();
      right += x > 0, square += x * x, (x > 0 ? above : below) += x;
      goal += path.at_the_end.right > Scalar(0.9) && path.at_the_end.length < 10;
    }
    const Scalar mean = (above + below) / walks;
    fmt::print("  {:<43}{:>7}{:>+9.2f}{:>8}{:>+9.2f}  {:+.2f} +- {:.2f}{:>9}\n", program.name, right,
               right > 0 ? above / right : 0, walks - right, right < walks ? below / (walks - right) : 0, mean,
               std::sqrt((square / walks - mean * mean) / walks), goal);
    if (&program == all_programs) share = static_cast<double>(right) / walks;
  }
  line("at least six of seven, with the first row's chance", 7 * std::pow(share, 6) * (1 - share) + std::pow(share, 7));
}

}  // namespace

void print_walks() {
  exact_steps();
  many_walks();
}

void draw_walks(Svg& svg) {
  svg.text({585, 20}, "40 walks with coefficient 1", {.bold = true});
  const Axes axes{440, 730, 50, 290, 0, 256, -10, 10};
  axes.draw(svg, {{0, "0"}, {64, "64"}, {128, "128"}, {192, "192"}, {256, "256"}},
            {{-10, "-10"}, {-5, "-5"}, {0, "0"}, {5, "5"}, {10, "10"}}, "updates", "z(right) - z(left)");
  int right = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const Walk path = walk(all_programs[0], seed, 256);
    std::vector<Point> points;
    for (std::size_t i = 0; i < path.x.size(); i += 4)
      points.push_back(axes(double(i), std::clamp<double>(path.x[i], -10, 10)));
    right += path.x.back() > 0;
    svg.curve(points, path.x.back() > 0 ? blue : orange, 1);
  }
  svg.text({585, 344}, fmt::format("{} end above 0, and {} below, farther away", right, 40 - right), {.size = 12});
}

}  // namespace book
