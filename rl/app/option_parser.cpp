#include "rl/app/option_parser.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "nn/io/number.hpp"
#include "rl/app/option_text.hpp"
#include "rl/terminal/terminal.hpp"

namespace rl {
namespace {

constexpr std::size_t help_columns = 80, help_names = 38;

/// --seed N [0]: the unit, then the default in brackets.
class HelpFormatter : public CLI::Formatter {
  std::string make_option_opts(const CLI::Option* option) const override {
    std::string text;
    if (!option->get_type_name().empty()) text += " " + option->get_type_name();
    if (!option->get_default_str().empty()) text += " [" + option->get_default_str() + "]";
    return text;
  }
  std::string make_option_desc(const CLI::Option* option) const override {
    return wrapped(option->get_description(), help_columns - help_names);
  }
};

void add_rows(CLI::App& app, const OptionTable& table) {
  for (const OptionRow& row : table.rows()) {
    CLI::Option* added =
        row.flag ? app.add_flag(row.names, *row.flag, row.help)
                 : app.add_option_function<std::string>(row.names, row.store, row.help)->type_name(row.unit);
    if (!row.flag) added->default_str(row.standard);
    added->group(row.group)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  }
}

void set_up(CLI::App& app, const Program& program) {
  app.set_help_flag("-h,--help", "Print this and exit");
  app.set_version_flag("--version", fmt::format("{} (onehot {})", program.name, version), "Print the version and exit");
  app.formatter(std::make_shared<HelpFormatter>());
  app.get_formatter()->column_width(help_names);
}

/// ", the nearest is --name", or nothing when no name is near.
std::string nearest_name(const CLI::App& app, const std::string& typed) {
  const std::string word = typed.substr(0, typed.find('='));
  std::string best;
  std::size_t distance = std::max<std::size_t>(word.size(), 4) / 2;  // half of the letters may differ
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames())
      if (const std::size_t d = edit_distance(word, "--" + name); d < distance)
        distance = d, best = ", the nearest is --" + name;
  return best;
}

bool is_number(std::string_view text) {
  double value{};
  return nn::from_chars(text.data(), text.data() + text.size(), value).ptr == text.data() + text.size();
}

/// The row of an option or a flag, by its long name.
const OptionRow* find(const OptionTable& table, const std::string& name) {
  const auto found = std::ranges::find_if(
      table.rows(), [&](const OptionRow& row) { return row.names == name || row.names.ends_with("," + name); });
  return found == table.rows().end() ? nullptr : &*found;
}

}  // namespace

int usage(const Program& program, const std::string& message) {
  say(fmt::format("{}: {} (see --help)\n", program.name, message));
  return 2;
}

std::vector<std::string> joined(const OptionTable& table, const std::vector<std::string>& words) {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string word = words[i];
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const OptionRow* option = name.starts_with("--") ? find(table, name) : nullptr;
    std::string value = equals == std::string::npos ? "" : word.substr(equals + 1);
    if (option && option->flag != nullptr && equals != std::string::npos && value != "true" && value != "false")
      refuse(name, "true or false", value);
    if (option && !option->flag) {
      if (equals == std::string::npos && i + 1 < words.size()) {
        value = words[++i];
        if (value.starts_with("-") && !is_number(value)) refuse(name, "a value", value);
        word += "=" + value;
      }
      if (value.empty()) throw std::invalid_argument(name + ": expected a value, got none");
    }
    result.push_back(std::move(word));
  }
  return result;
}

std::optional<int> parse_words(const Program& program, const OptionTable& table, const std::vector<std::string>& words,
                               const std::string& origin, const std::optional<Positional>& positional) {
  CLI::App app{wrapped(program.purpose, help_columns), program.name};
  set_up(app, program);
  add_rows(app, table);
  const bool grouped = std::ranges::any_of(table.rows(), [](const OptionRow& row) { return row.group == "General"; });
  if (grouped)
    for (const char* name : {"--help", "--version"}) app.get_option(name)->group("General");
  if (positional) app.add_option(positional->name, *positional->words, positional->help)->type_name(positional->unit);
  try {
    auto all = joined(table, words);
    std::ranges::reverse(all);  // CLI11 wants the last one first
    app.parse(std::move(all));
  } catch (const CLI::Success& success) {
    std::ostringstream text;  // not std::cout, whose errors guarded does not see
    const int status = app.exit(success, text, text);
    fmt::print("{}", text.str());
    return status;
  } catch (const CLI::ExtrasError&) {
    const auto unknown = app.remaining().front();
    return usage(program, origin + (unknown.starts_with("-")
                                        ? fmt::format("unknown option {}{}", unknown, nearest_name(app, unknown))
                                        : fmt::format("expected options only, got '{}'", unknown)));
  } catch (const CLI::ParseError& error) {
    return usage(program, origin + error.what());
  } catch (const std::invalid_argument& error) {
    return usage(program, origin + error.what());
  }
  return std::nullopt;
}

}  // namespace rl
