/// libFuzzer: whatever bytes a checkpoint has, it is refused by a std::runtime_error or read; what is read can be
/// written and read again, and put into a network, or refused by name.

#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string_view>

#include "nn/checkpoint.hpp"
#include "nn/io/safetensors.hpp"
#include "rl/app/state.hpp"

namespace {

template <class Action>
void may_refuse(Action action) {
  try {
    action();
  } catch (const std::runtime_error& error) {
    if (std::string_view(error.what()).substr(0, 3) != "p: ") std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  may_refuse([&] { nn::parse_safetensors(bytes, "p"); });
  may_refuse([&] { rl::parse_state(std::string(bytes), "p"); });
  may_refuse([&] {
    const auto content = nn::parse_safetensors(bytes, "p", nn::Dtypes::f32_and_f64);
    const auto again = nn::format_safetensors(content);
    if (again != nn::format_safetensors(nn::parse_safetensors(again, "p", nn::Dtypes::f32_and_f64))) std::abort();
    may_refuse([&] {
      const auto sizes = nn::network_sizes(content.tensors, "p");
      for (const std::size_t width : sizes)
        if (width == 0 || width > 1000) return;
      nn::Random rng(1);
      nn::Network network(sizes, nn::Activation::tanh, rng);
      nn::set_network_tensors(network, content.tensors, "p");
    });
    may_refuse([&] { rl::arguments_of_state(content, {"CartPole-v1", "REINFORCE", "float", 475}, "p"); });
    may_refuse([&] { rl::result_of_state(content, "p"); });
  });
  return 0;
}
