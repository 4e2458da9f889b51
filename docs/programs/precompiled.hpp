/// What the chapters include, precompiled once: a third of the time to build them.
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "docs/programs/book.hpp"
#include "docs/programs/contents.hpp"
#include "docs/programs/example.hpp"
#include "docs/programs/svg.hpp"
#include "docs/programs/two_steps.hpp"
#include "nn/dense.hpp"
#include "nn/elementary.hpp"
#include "nn/loss.hpp"
#include "nn/network.hpp"
#include "nn/optimizer.hpp"
#include "nn/vector_ops.hpp"
#include "rl/oracle.hpp"
