#define DOCTEST_CONFIG_IMPLEMENT  // said too, for what is precompiled has included the first half of the header
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
