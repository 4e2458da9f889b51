/// The same for tests.
#include <doctest/doctest.h>

#include "tests/std.hpp"
