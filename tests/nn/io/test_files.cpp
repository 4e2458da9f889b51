#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <ctime>

#include "nn/checkpoint.hpp"
#include "nn/io/checksum.hpp"
#include "nn/io/file.hpp"
#include "nn/io/safetensors.hpp"
#include "rl/app/run_folder.hpp"
#include "tests/support.hpp"

namespace test_files {

using namespace nn;

namespace {

/// A safetensors file with this header and these bytes behind it.
std::string file_of(const std::string& header, std::size_t data_bytes = 0) {
  std::string bytes(8, '\0');
  const std::uint64_t length = header.size();
  std::memcpy(bytes.data(), &length, 8);
  return bytes + header + std::string(data_bytes, '\0');
}
std::string message_of(const std::string& bytes) {
  try {
    parse_safetensors(bytes, "p");
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("a file is written whole: content, no leftovers, and a failure leaves what was there") {
  const tests::TemporaryFolder folder;
  const auto path = folder.path() / "a.txt";
  write_file(path, "one");
  write_file(path, "two");
  CHECK(read_file(path) == "two");
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
  CHECK_THROWS_WITH(read_file(folder.path() / "none"),
                    ((folder.path() / "none").string() + ": cannot read: No such file or directory").c_str());
  CHECK_THROWS_WITH(write_file(folder.path() / "no" / "x", ""),
                    ((folder.path() / "no" / "x").string() + ": cannot write: No such file or directory").c_str());
  CHECK_THROWS_AS(read_file(folder.path()), std::runtime_error);  // a folder is no file
}

TEST_CASE("a safetensors file has the published layout and reads back as it was") {
  const SafeTensors content{
      {{"seed", "3"}, {"note", "\"quoted\""}},
      {{"0.weight", {2, 3}, {1, 2, 3, 4, 5, 6.5f}}, {"0.bias", {2}, {-1, 0}}, {"empty", {0, 4}, {}}}};
  const std::string bytes = format_safetensors(content);
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  CHECK(length % 8 == 0);
  const std::string header = bytes.substr(8, length);
  CHECK(header.substr(0, header.find_last_not_of(' ') + 1) ==
        R"({"__metadata__":{"note":"\"quoted\"","seed":"3"},)"
        R"("0.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},)"
        R"("0.bias":{"dtype":"F32","shape":[2],"data_offsets":[24,32]},)"
        R"("empty":{"dtype":"F32","shape":[0,4],"data_offsets":[32,32]}})");
  CHECK(bytes.size() == 8 + length + 32);
  float last = 0;
  std::memcpy(&last, bytes.data() + 8 + length + 20, 4);
  CHECK(last == 6.5f);

  const SafeTensors back = parse_safetensors(bytes, "p");
  CHECK(back.metadata == content.metadata);
  REQUIRE(back.tensors.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(back.tensors[i].name == content.tensors[i].name);
    CHECK(back.tensors[i].shape == content.tensors[i].shape);
    CHECK(back.tensors[i].data == content.tensors[i].data);
  }
}

TEST_CASE("a damaged safetensors file is refused, each damage with its own message") {
  CHECK(message_of("abc") == "p: expected a safetensors file, got only 3 bytes");
  CHECK(message_of(file_of("{}").substr(0, 9)) == "p: expected a header of 2 bytes, got 1 bytes after the length");
  CHECK(message_of(file_of("[1]")).starts_with("p: expected a safetensors header"));
  CHECK(message_of(file_of("{nonsense")) == "p: expected a safetensors header, got JSON that breaks off at byte 3");
  const std::string start = R"({"w":{"dtype":"F32","shape":[2],"data_offsets":)";
  CHECK(message_of(file_of(start + "[0,8]}}", 8)) == "accepted");
  CHECK(message_of(file_of(start + "[0,8]}}", 4)) == "p: tensor w: expected data_offsets within 4 bytes, got 0 to 8");
  CHECK(message_of(file_of(start + "[8,0]}}", 8)) == "p: tensor w: expected data_offsets within 8 bytes, got 8 to 0");
  CHECK(message_of(file_of(start + "[0,12]}}", 12)) ==
        "p: tensor w: expected as many numbers as its shape, got 12 bytes");
  CHECK(message_of(file_of(start + "[0,8]}}", 9)) == "p: expected 8 bytes of numbers, got 9");
  CHECK(message_of(file_of(start + "[0]}}", 8)) == "p: tensor w: expected two data_offsets, got [0]");
  CHECK(message_of(file_of(start + "[-8,0]}}", 8)) == "p: tensor w: expected two data_offsets, got [-8,0]");
  CHECK(message_of(file_of(R"({"w":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}})", 8)) ==
        "p: tensor w: expected dtype F32, got F64");
  CHECK(message_of(file_of(R"({"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", 4)) ==
        "p: tensor w: expected sizes, got -1");
  CHECK(message_of(file_of(R"({"w":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}})")) ==
        "p: tensor w: expected as many numbers as its shape, got 0 bytes");
  CHECK(message_of(file_of(R"({"w":{"shape":[1],"data_offsets":[0,4]}})", 4))
            .starts_with("p: expected a safetensors header"));
}

TEST_CASE("the tensors of a safetensors file cover its bytes once: no overlap, no gap, in any order") {
  const auto two = [](const std::string& first, const std::string& second) {
    const std::string start = R"(:{"dtype":"F32","shape":[1],"data_offsets":)";
    return message_of(file_of("{\"a\"" + start + first + "},\"b\"" + start + second + "}}", 8));
  };
  CHECK(two("[0,4]", "[4,8]") == "accepted");
  CHECK(two("[4,8]", "[0,4]") == "accepted");
  CHECK(two("[4,8]", "[4,8]") ==
        "p: tensor a: expected data_offsets that begin at 0, where the numbers before it end, got 4");
  CHECK(two("[0,4]", "[0,4]") ==
        "p: tensor b: expected data_offsets that begin at 4, where the numbers before it end, got 0");
  CHECK(message_of(file_of("null")) == "p: expected a safetensors header, got JSON that is no object");
}

TEST_CASE("a header names nothing twice, begins with its brace, and its time is bounded") {
  const std::string w = R"("w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]})";
  CHECK(message_of(file_of("{" + w + "}", 4)) == "accepted");
  CHECK(message_of(file_of("{" + w + "," + w + "}", 4)) == "p: expected w once in the header, got it twice");
  CHECK(message_of(file_of(R"({"w":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}})", 4)) ==
        "p: expected shape once in the header, got it twice");
  CHECK(message_of(file_of(R"({"__metadata__":{"seed":"1","seed":"2"}})")) ==
        "p: expected seed once in the header, got it twice");
  CHECK(message_of(file_of(R"({"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},)" + w + "}", 4)) == "accepted");
  CHECK(message_of(file_of("\xef\xbb\xbf{" + w + "}", 4)) ==
        "p: expected a safetensors header, got JSON that is no object");
  std::string many;
  const auto seconds_until = [&](int count, const std::string& message) {  // of this processor, with so many entries
    for (int i = 0; i < count; ++i)
      many += (many.empty() ? "\"" : ",\"") + std::to_string(i) + "_" + std::to_string(count) +
              R"(":{"dtype":"F32","shape":[0],"data_offsets":[0,0]})";
    const std::clock_t start = std::clock();
    CHECK(message_of(file_of("{" + std::exchange(many, "") + "}")) == message);
    return double(std::clock() - start) / CLOCKS_PER_SEC;
  };
  const double thousand = seconds_until(1'000, "accepted");
  CHECK(seconds_until(10'000, "accepted") < 30 * thousand + 0.1);  // in quadratic time 100 times as long
  seconds_until(10'001, "p: expected at most 10000 entries in the header, got more");
}

TEST_CASE("a checksum tells every change of a file's content, and none of the order in which it is written") {
  SafeTensors content{{{"k", "v"}}, {{"w", {3}, {1, 2, 3}}, {"b", {1}, {4}}}};
  verify_checksum(content, "p");  // there is none
  content.metadata[checksum_key] = checksum_of(content);
  const std::string bytes = format_safetensors(content);
  verify_checksum(parse_safetensors(bytes, "p"), "p");
  std::swap(content.tensors[0], content.tensors[1]);
  verify_checksum(parse_safetensors(format_safetensors(content), "p"), "p");
  for (std::size_t i = 0; i < bytes.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ 1 << bit);
      const auto read = [&] {
        const SafeTensors back = parse_safetensors(damaged, "p");
        verify_checksum(back, "p");
        return back.metadata.contains(checksum_key);  // without one it is a file of others
      };
      bool taken = false;
      try {
        taken = read();
      } catch (const std::runtime_error& error) {
        CHECK(std::string_view(error.what()).starts_with("p: "));
      }
      CHECK_MESSAGE(!taken, "byte " << i << " bit " << bit);
    }
}

TEST_CASE("a temporary file is new, whatever was planted in its folder") {
  const tests::TemporaryFolder folder;
  const std::string path = folder.path() / "policy", victim = folder.path() / "victim";
  write_file(victim, "mine");
  std::filesystem::create_symlink(victim, path + ".partial");
  write_file(path, "one");
  CHECK(read_file(victim) == "mine");
  std::filesystem::remove(path + ".partial");
  REQUIRE(::mkfifo((path + ".partial").c_str(), 0600) == 0);
  write_file(path, "two");  // and does not wait for a reader
  CHECK(read_file(path) == "two");
  CHECK_THROWS_WITH(read_file(path + ".partial"), (path + ".partial: cannot read: not an ordinary file").c_str());
  CHECK(is_partial("policy.0123456789abcdef.partial"));
  for (const char* name : {"policy.partial", "policy.0123456789abcdeg.partial", "0123456789abcdef.partial", ""})
    CHECK(!is_partial(name));
}

TEST_CASE("a file that is not renamed leaves nothing behind, and what was there before as it was") {
  const tests::TemporaryFolder folder;
  const std::string path = folder.path() / "policy";
  write_file(path, "before");
  {
    const NewFile file(path, "never");
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 2);
  }
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
  CHECK(read_file(path) == "before");
}

TEST_CASE("doubles are kept to the last bit, for a reader that asks for them") {
  const SafeTensors content{{}, {{"f", {1}, {1.5f}}}, {{"d", {3}, {0.1, 1e300, -0.0}}}};
  const std::string bytes = format_safetensors(content);
  const auto back = parse_safetensors(bytes, "p", Dtypes::f32_and_f64);
  REQUIRE(back.doubles.size() == 1);
  CHECK(back.doubles[0].shape == std::vector<std::size_t>{3});
  CHECK(std::memcmp(back.doubles[0].data.data(), content.doubles[0].data.data(), 24) == 0);
  CHECK(back.tensors[0].data[0] == 1.5f);
  CHECK(message_of(bytes) == "p: tensor d: expected dtype F32, got F64");
}

TEST_CASE("every truncation of a safetensors file is refused") {
  const std::string bytes = format_safetensors({{{"k", "v"}}, {{"w", {3}, {1, 2, 3}}}});
  for (std::size_t length = 0; length < bytes.size(); ++length)
    CHECK_THROWS_AS(parse_safetensors(std::string_view(bytes).substr(0, length), "p"), std::runtime_error);
}

TEST_CASE("a network survives its checkpoint, and the saved one gives the same logits on unscaled observations") {
  Random rng(81);
  Network network({4, 6, 2}, Activation::tanh, rng), other({4, 6, 2}, Activation::tanh, rng);
  for (Scalar& w : network.parameters()) w = static_cast<Scalar>(static_cast<float>(w));  // the file holds float32
  const Vector input_scale = {2, 4, Scalar(0.5), 1};
  const auto tensors = network_tensors(network, input_scale);
  REQUIRE(tensors.size() == 4);
  CHECK(tensors[0].name == "0.weight");
  CHECK(tensors[0].shape == std::vector<std::size_t>{6, 4});
  CHECK(tensors[1].name == "0.bias");
  CHECK(tensors[2].name == "2.weight");
  CHECK(tensors[2].shape == std::vector<std::size_t>{2, 6});
  CHECK(network_sizes(tensors, "p") == std::vector<std::size_t>{4, 6, 2});

  set_network_tensors(other, tensors, "p", input_scale);
  CHECK(std::ranges::equal(network.parameters(), other.parameters()));

  set_network_tensors(other, tensors, "p");  // as a reader without our scale would load it
  const Matrix observations = tests::random_matrix(4, 9, rng);
  Matrix states = observations;
  for (std::size_t row = 0; row < 4; ++row)
    for (Scalar& s : states.row(row)) s *= input_scale[row];
  CHECK(std::ranges::equal(network.feedforward(states).flat(), other.feedforward(observations).flat()));
}

TEST_CASE("tensors that do not fit the network are refused by name, and nothing is loaded") {
  Random rng(82);
  Network network({4, 6, 2}, Activation::tanh, rng);
  const Vector before(network.parameters().begin(), network.parameters().end());
  const auto good = network_tensors(network);
  const auto refuse = [&](auto change, const char* message) {
    auto tensors = good;
    change(tensors);
    CHECK_THROWS_WITH(set_network_tensors(network, tensors, "p"), message);
    CHECK(std::ranges::equal(before, network.parameters()));
  };
  refuse([](auto& t) { t.pop_back(); }, "p: expected a tensor 2.bias, got none");
  refuse([](auto& t) { t[0].shape = {4, 6}; }, "p: tensor 0.weight: expected 6 x 4, got 4 x 6");
  refuse([](auto& t) { t[2].data[3] = NAN; }, "p: tensor 2.weight: expected finite numbers, got nan");
  refuse([](auto& t) { t.push_back({"4.weight", {1}, {0}}); }, "p: expected 4 tensors, got 5");
  CHECK_THROWS_WITH(network_sizes({}, "p"), "p: expected a tensor 0.weight, got none");
  CHECK_THROWS_AS(network_sizes({{"0.weight", {4}, {1, 2, 3, 4}}}, "p"), std::runtime_error);
}

TEST_CASE("the summary of returns has their mean, deviation and lowest") {
  const std::vector<double> returns = {1, 2, 3, 6};
  const auto summary = rl::summarize(returns, true);
  CHECK(summary.mean_return == 3);
  CHECK(summary.std_return == doctest::Approx(std::sqrt(3.5)));
  CHECK(summary.min_return == 1);
  CHECK(summary.greedy);
  // Far from 0 the difference of the squares' mean and the mean's square would have no digit left.
  const std::vector<double> far = {1e12 + 0.1, 1e12 + 0.4, 1e12 + 0.7};
  CHECK(rl::summarize(far, false).std_return == doctest::Approx(0.3 * std::sqrt(2. / 3)).epsilon(1e-3));
}

}  // namespace test_files
