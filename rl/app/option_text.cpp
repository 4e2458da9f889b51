#include "rl/app/option_text.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <initializer_list>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "nn/io/number.hpp"

namespace rl {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r";
  const std::size_t first = std::min(text.find_first_not_of(blank), text.size());
  return text.substr(first, text.find_last_not_of(blank) + 1 - first);
}

/// Is the text longer than, and between, these two characters?
bool enclosed(std::string_view text, char first, char last) {
  return text.size() >= 2 && text.front() == first && text.back() == last;
}

/// What is left of a value without quotes; without brackets, and then without blanks.
std::string bare(std::string_view value) {
  if (enclosed(value, '"', '"') || enclosed(value, '\'', '\'')) return std::string(value.substr(1, value.size() - 2));
  if (!enclosed(value, '[', ']')) return std::string(value);
  std::string list(value.substr(1, value.size() - 2));
  std::erase_if(list, [](char c) { return c == ' ' || c == '\t'; });
  return list;
}

}  // namespace

std::string one_of(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i)
    text += (i == 0 ? "" : i + 1 < names.size() ? ", " : " or ") + names[i];
  return text;
}

std::string join_sizes(const std::vector<std::size_t>& sizes) {
  std::string text;
  for (const std::size_t size : sizes) text += fmt::format("{}{}", text.empty() ? "" : ",", size);
  return text.empty() ? "none" : text;
}

bool split_sizes(std::string_view text, std::vector<std::size_t>& sizes) {
  sizes.clear();
  if (text == "none") return true;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t comma = std::min(text.find(',', begin), text.size());
    std::size_t size{};
    const auto [end, error] = nn::from_chars(text.data() + begin, text.data() + comma, size);
    if (error != std::errc() || end != text.data() + comma || size < 1 || size > 65536) return false;
    sizes.push_back(size);
    begin = comma + 1;
  }
  return true;
}

std::string wrapped(std::string_view text, std::size_t columns) {
  std::string lines;
  while (text.size() > columns) {
    const std::size_t blank = text.rfind(' ', columns), end = blank == std::string_view::npos ? text.find(' ') : blank;
    if (end == std::string_view::npos) break;  // one long word
    lines += std::string(text.substr(0, end)) + "\n";
    text.remove_prefix(end + 1);
  }
  return lines + std::string(text);
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j)
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])}));
  }
  return row.back();
}

std::vector<Word> config_words(std::string_view content, const std::string& path) {
  std::vector<Word> words;
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < content.size();) {
    const std::size_t newline = std::min(content.find('\n', begin), content.size());
    std::string_view line = trimmed(content.substr(begin, newline - begin));
    begin = newline + 1, ++number;
    line = trimmed(line.substr(0, line.find('#')));
    if (line.empty()) continue;
    const std::string origin = fmt::format("{}:{}: ", path, number);
    const std::size_t equals = line.find('=');
    const std::string_view name = trimmed(line.substr(0, equals));
    if (equals == std::string_view::npos || name.empty() || name.front() == '-')
      throw std::invalid_argument(fmt::format("{}expected name = value, got '{}'", origin, line));
    if (name == "config" || name == "help" || name == "version")
      throw std::invalid_argument(fmt::format("{}expected an option of a run, got '{}'", origin, name));
    words.push_back({"--" + std::string(name) + "=" + bare(trimmed(line.substr(equals + 1))), origin});
  }
  return words;
}

std::string why_unread(std::string_view name, const Options& o) {
  const auto in = [&](std::initializer_list<std::string_view> names) {
    return std::ranges::find(names, name) != names.end();
  };
  if (!o.evaluate.empty()) {
    if (in({"total-timesteps",
            "algorithm",
            "baseline",
            "returns",
            "optimizer",
            "learning-rate",
            "episodes-per-update",
            "gamma",
            "entropy-coefficient",
            "gae-lambda",
            "critic-learning-rate",
            "critic-steps",
            "advantage",
            "group-size",
            "length-normalisation",
            "kl",
            "kl-estimator",
            "pretraining-epochs",
            "clip",
            "epochs",
            "minibatch-size",
            "hidden",
            "activation",
            "output",
            "save-every",
            "seeds"}))
      return "expected a training, got --evaluate";
    return o.watch && name == "episodes" ? "expected an evaluation that is counted, got --watch" : "";
  }
  const bool reinforce = o.algorithm == "reinforce", post_training = o.algorithm == "post-training";
  const bool critic = !post_training && (!reinforce || o.baseline == "value");
  const std::string got = reinforce && !critic ? o.algorithm + " with --baseline " + o.baseline : o.algorithm;
  if (in({"baseline", "returns"}) && !reinforce) return "expected --algorithm reinforce with it, got " + got;
  if (in({"advantage", "group-size", "length-normalisation", "kl", "kl-estimator"}) && !post_training)
    return "expected --algorithm post-training with it, got " + o.algorithm;
  if (in({"clip", "epochs", "minibatch-size"}) && o.algorithm != "ppo" && !(post_training && name != "minibatch-size"))
    return "expected --algorithm ppo with it, got " + o.algorithm;
  if (name == "gamma" && post_training) return "expected an algorithm that discounts, got " + o.algorithm;
  if (name == "gae-lambda" && (reinforce || post_training))
    return "expected --algorithm actor-critic or ppo with it, got " + o.algorithm;
  if (name == "critic-learning-rate" && !critic)
    return "expected --algorithm actor-critic or ppo, or --baseline value, with it, got " + got;
  if (name == "critic-steps" && (!critic || o.algorithm == "ppo"))
    return "expected --algorithm actor-critic or --baseline value with it, got " + got;
  return "";
}

}  // namespace rl
