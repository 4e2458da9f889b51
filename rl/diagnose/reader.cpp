#include "rl/diagnose/table.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "nn/io/number.hpp"

namespace rl {

void check_learner_size(std::size_t bytes, const std::string& name) {
  if (bytes > largest_learner_file)
    throw std::runtime_error(fmt::format("{}: expected at most {} MB, got {} MB; a few hundred rows are enough", name,
                                         largest_learner_file >> 20, (bytes + (1 << 20) - 1) >> 20));
}

std::string learner_text(std::string text, const std::string& name) {
  const auto fail = [&](const std::string& why) { throw std::runtime_error(name + ": " + why); };
  check_learner_size(text.size(), name);
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);  // the mark that some editors put in front
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) fail("is empty");
  std::size_t line = 1;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 32) continue;
    line += c == '\n';
    if (c == '\n' || c == '\r' || c == '\t') continue;
    if (text.starts_with("\x93NUMPY")) fail("is a binary file of numpy.save; write text with numpy.savetxt");
    fail(fmt::format("expected text, got a byte {} in line {}", static_cast<int>(c), line));
  }
  return text;
}
namespace {

constexpr std::string_view numbered[] = {"action",    "p",   "z",      "d",          "mu",  "sigma",
                                         "log_sigma", "dmu", "dsigma", "dlog_sigma", "ref", "refz"};
constexpr std::string_view single[] = {"action",     "weight",    "reward", "episode",
                                       "terminated", "truncated", "env",    "group"};

bool wanted(std::string_view name) {
  if (std::ranges::count(single, name)) return true;
  const std::string_view stem = name.substr(0, name.find_last_not_of("0123456789") + 1);
  return std::ranges::count(numbered, stem) > 0;
}

void read_keys(const Table& table, Samples& s) {
  const auto& keys = table.text.keys;
  if (const auto gamma = keys.find("gamma"); gamma != keys.end()) {
    double value = -1;
    const std::string& text = gamma->second;
    const auto [end, error] = nn::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !(value >= 0 && value <= 1))
      table.fail(fmt::format("gamma: expected a number from 0 to 1, got '{}'", text));
    s.gamma = value;
  }
  if (const auto sign = keys.find("sign"); sign != keys.end()) {
    if (sign->second != "ascent" && sign->second != "descent")
      table.fail(fmt::format("sign: expected ascent or descent, got '{}'", sign->second));
    s.sign = sign->second == "ascent" ? 1 : -1;
  }
  if (const auto weights = keys.find("weights"); weights != keys.end()) {
    s.weights = weights->second;
    if (s.weights != "return" && s.weights != "reward_to_go" && s.weights != "advantage")
      table.fail(fmt::format("weights: expected return, reward_to_go or advantage, got '{}'", s.weights));
  }
  for (const auto& [key, value] : keys)  // a sentence with a colon is a comment
    if (key != "gamma" && key != "sign" && key != "weights" && key.find(' ') == std::string::npos)
      s.unknown.push_back(key);
}

void softmax_of(const Grid& z, Grid& p) {
  p = Grid(z.rows, z.cols);
  for (std::size_t t = 0; t < z.rows; ++t) {
    double largest = -HUGE_VAL;
    for (std::size_t k = 0; k < z.cols; ++k) largest = std::max(largest, z(t, k).value);
    Number total;
    for (std::size_t k = 0; k < z.cols; ++k) total += p(t, k) = exp(z(t, k) - largest);
    for (std::size_t k = 0; k < z.cols; ++k) p(t, k) = p(t, k) / total;
  }
}

void read_categorical(const Table& table, Samples& s) {
  const auto action = table.find("action");
  if (!action) table.fail("expected a column action: the index of the action taken");
  s.p = table.grid("p"), s.z = table.grid("z"), s.d = table.grid("d");
  if (s.p.empty() && s.z.empty()) table.fail("expected columns p0, p1, ... (probabilities) or z0, z1, ... (logits)");
  if (s.d.empty()) table.fail("expected columns d0, d1, ...: the vector you inject at the logits");
  s.outputs = s.d.cols;
  for (const auto& [grid, stem] : {std::pair(&s.p, "p"), std::pair(&s.z, "z")})
    if (!grid->empty() && grid->cols != s.outputs)
      table.fail(fmt::format("expected as many columns d as {}: {}, got {}", stem, grid->cols, s.outputs));
  if (s.outputs < 2) table.fail("expected at least two actions, got one column d0");
  for (std::size_t t = 0; t < s.steps; ++t) {
    const double a = table.text.columns[*action][t];
    if (!(a >= 0 && a < static_cast<double>(s.outputs) && a == std::floor(a)))
      table.fail(t, "action", fmt::format("a whole number from 0 to {}", s.outputs - 1), a);
    s.action.push_back(static_cast<std::size_t>(a));
  }
  if (s.p.empty()) softmax_of(s.z, s.p);
  s.ref = table.grid("ref");
  if (const Grid refz = table.grid("refz"); s.ref.empty() && !refz.empty()) softmax_of(refz, s.ref);
  if (!s.ref.empty() && s.ref.cols != s.outputs)
    table.fail(fmt::format("expected as many columns ref as d: {}, got {}", s.outputs, s.ref.cols));
}

void read_gaussian(const Table& table, Samples& s) {
  s.gaussian = true;
  s.actions = table.grid("action"), s.mu = table.grid("mu");
  if (s.actions.empty() && table.find("action")) {
    s.actions = Grid(s.steps, 1);
    s.actions.cells = table.series("action");
  }
  s.outputs = s.mu.cols;
  if (s.actions.cols != s.outputs)
    table.fail(fmt::format("expected as many columns action0, ... as mu0, ...: {}, got {}", s.outputs, s.actions.cols));
  s.sigma = table.grid("sigma");
  if (s.sigma.empty()) {
    s.sigma = table.grid("log_sigma");
    for (Number& x : s.sigma.cells) x = exp(x);
  }
  if (s.sigma.cols != s.outputs) table.fail("expected columns sigma0, ... or log_sigma0, ..., as many as mu0, ...");
  const Grid dmu = table.grid("dmu");
  Grid dsigma = table.grid("dlog_sigma");
  s.log_sigma = !dsigma.empty();
  if (!s.log_sigma) dsigma = table.grid("dsigma");
  s.has_mu_gradient = !dmu.empty();
  if (dmu.empty() && dsigma.empty()) table.fail("expected columns dmu0, ... or dlog_sigma0, ...: what you inject");
  for (const Grid* grid : {&dmu, static_cast<const Grid*>(&dsigma)})
    if (!grid->empty() && grid->cols != s.outputs)
      table.fail(fmt::format("expected {} columns of each kind, got {}", s.outputs, grid->cols));
  s.d = Grid(s.steps, dmu.cols + dsigma.cols);
  for (std::size_t t = 0; t < s.steps; ++t) {
    for (std::size_t k = 0; k < dmu.cols; ++k) s.d(t, k) = dmu(t, k);
    for (std::size_t k = 0; k < dsigma.cols; ++k) s.d(t, dmu.cols + k) = dsigma(t, k);
  }
}

/// The table as its digits say, and with rewards and weights that were rounded, if they may have been.
std::vector<Samples> readings(Table& table, const Samples& order, const std::string& assumption) {
  std::vector<std::size_t> all(table.text.names.size());
  for (std::size_t c = 0; c < all.size(); ++c) all[c] = c;
  table.whole = table.together(all);
  std::vector<Samples> result(1);
  Samples& s = result.front();
  s.assumption = assumption, s.all_rounded = !assumption.empty();
  s.steps = table.rows();
  s.rounding = table.rounding;
  s.digits = table.whole.significant;
  s.ignored = table.text.ignored;
  read_keys(table, s);
  s.line = order.line, s.scattered = order.scattered;
  table.find("mu") || table.find("mu0") ? read_gaussian(table, s) : read_categorical(table, s);
  s.weight = table.series("weight"), s.reward = table.series("reward");
  find_episodes(table, s);

  // A reward of 0.1 is usually 0.1, and not 0.1234 printed with one decimal, unless others stand as 0.10. So with the
  // weights, which are sums of rewards.
  std::optional<Samples> rounded;
  for (const auto& [name, exact] : {std::pair("weight", &s.weight), std::pair("reward", &s.reward)}) {
    const auto c = table.find(name);
    if (!c) continue;
    Text::Printed own = table.text.printed[*c];
    const Text::Printed& whole = table.whole;
    if (own.padded || own.distinct == 0 || own.significant >= whole.significant || own.decimals >= whole.decimals)
      continue;
    const std::vector<double>& values = table.text.columns[*c];
    if (!rounded) rounded = s;
    *exact = with_errors(values, whole, whole, table.rounding);
    own.distinct = 3;  // whatever few numbers say of themselves
    (exact == &s.weight ? rounded->weight : rounded->reward) = with_errors(values, own, whole, table.rounding);
    rounded->returns_rounded = true;
    rounded->assumption +=
        fmt::format("{}the column {} was rounded to {} decimal{}", rounded->assumption.empty() ? "" : ", ", name,
                    own.decimals, own.decimals == 1 ? "" : "s");
  }
  if (rounded) result.push_back(std::move(*rounded));
  return result;
}

}  // namespace

Samples read_samples(std::string_view text, const std::string& name) {
  Table table{read_text(text, name, wanted), name, {}};
  Samples order;
  group_rows(table, order);
  std::vector<std::size_t> outputs;
  for (std::size_t c = 0; c < table.text.names.size(); ++c) {
    const char first = table.text.names[c].front();
    if (first == 'p' || first == 'z' || first == 'd' || first == 'm' || first == 's' || first == 'l')
      outputs.push_back(c);
  }
  const Text::Printed of_outputs = table.together(outputs);
  if (of_outputs.all_floats) table.rounding = 0x1p-24;
  std::vector<Samples> all = readings(table, order, "");
  if (of_outputs.rounded_before()) {
    for (Text::Printed& one : table.text.printed)
      one.significant = one.needed_significant, one.decimals = one.needed_decimals, one.padded = false;
    for (Samples& s : readings(table, order, "the numbers were rounded before they were printed"))
      all.push_back(std::move(s));
  }
  Samples s = std::move(all.front());
  s.other_readings.assign(std::make_move_iterator(all.begin() + 1), std::make_move_iterator(all.end()));
  return s;
}

}  // namespace rl
