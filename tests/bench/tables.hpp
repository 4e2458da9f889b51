#pragma once
/// Every table of `make bench`.

#include "tests/bench/table.hpp"

namespace bench {

Table machine_table();      // the peak
Table network_table();      // forward and backward, beside the plain loops
Table elementary_table();   // exp, tanh, log, softmax, sampling, sin_cos, random numbers
Table environment_table();  // CartPole, one and many
Table training_table();     // whole updates
Table pong_table();         // the same from pixels, and its parts

}  // namespace bench
