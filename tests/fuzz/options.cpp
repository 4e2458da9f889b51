/// libFuzzer: whatever is typed, or stands in a configuration file, it is options in range, or a status of 0 or 2.

#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

#include "rl/app/option_text.hpp"
#include "rl/app/options.hpp"

namespace {

void check(const std::vector<std::string>& words) {
  const auto defaults = [](rl::TrainingSettings& options) {
    options.total_timesteps = 1;
    options.learning_rate = 1;
  };
  rl::Options o;
  const auto status = rl::parse_options(words, {"p", "A program."}, "reinforce", defaults, o);
  if (status ? *status != 0 && *status != 2
             : !(o.gamma >= 0 && o.gamma <= 1 && o.learning_rate > 0 && o.num_envs > 0 && o.total_timesteps > 0))
    std::abort();
}

}  // namespace

/// The first byte says whether the rest is a configuration file or, line by line, the words of a command line.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (text.find("config") != std::string::npos) return 0;  // a fuzzer shall not choose files to read
  std::vector<std::string> words;
  if (data[0] % 2 == 0) {
    try {
      for (const rl::Word& word : rl::config_words(text, "p")) words.push_back(word.text);
    } catch (const std::invalid_argument&) {}
  } else {
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      words.push_back(text.substr(begin, end - begin));
      begin = end + 1;
    }
  }
  check(words);
  return 0;
}
