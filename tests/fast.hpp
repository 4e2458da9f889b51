/// The same once more, for what has to be fast: a precompiled header fits one level of optimisation.
#include "tests/std.hpp"
