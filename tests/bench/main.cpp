/// make bench

#include "tests/bench/tables.hpp"

int main(int argc, char** argv) {
  using namespace bench;
  return run(argc, argv, [] {
    return std::vector{machine_table(),     network_table(),  elementary_table(),
                       environment_table(), training_table(), pong_table()};
  });
}
