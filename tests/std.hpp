/// What nearly every source includes from outside, read once for all that need not be fast to run: it halves their time
/// to compile. A source still includes what it uses; `make check` compiles every header on its own.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
