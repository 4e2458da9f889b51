#include "nn/io/safetensors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <utility>

#include "nn/io/file.hpp"

namespace nn {
namespace {

static_assert(std::endian::native == std::endian::little, "the file's numbers are little-endian");

std::size_t element_count(const std::vector<std::size_t>& shape, std::size_t limit) {
  std::size_t count = 1;
  for (const std::size_t size : shape) {
    if (size != 0 && count > limit / size) return limit + 1;
    count *= size;
  }
  return count;
}

/// One entry of the header, checked but for its numbers.
struct Entry {
  std::string name, dtype;
  std::vector<std::size_t> shape;
  std::size_t begin, end;  // of its numbers behind the header, in bytes
};

/// Says what is wrong with a file.
struct Failure {
  std::string_view path;
  [[noreturn]] void operator()(const std::string& what) const {
    throw std::runtime_error(fmt::format("{}: {}", path, what));
  }
};

Entry read_entry(const std::string& name, const nlohmann::json& json, std::size_t data_size, Dtypes dtypes,
                 const Failure& fail) {
  Entry entry{name, json.at("dtype").get<std::string>(), {}, 0, 0};
  if (entry.dtype != "F32" && (dtypes == Dtypes::f32 || entry.dtype != "F64"))
    fail(fmt::format("tensor {}: expected dtype F32{}, got {}", name, dtypes == Dtypes::f32 ? "" : " or F64",
                     entry.dtype));
  const auto& shape = json.at("shape");
  if (!shape.is_array()) fail(fmt::format("tensor {}: expected a list of sizes, got {}", name, shape.dump()));
  for (const auto& size : shape) {
    if (!size.is_number_unsigned()) fail(fmt::format("tensor {}: expected sizes, got {}", name, size.dump()));
    entry.shape.push_back(size.get<std::size_t>());
  }
  const auto& offsets = json.at("data_offsets");
  if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
      !offsets[1].is_number_unsigned())
    fail(fmt::format("tensor {}: expected two data_offsets, got {}", name, offsets.dump()));
  entry.begin = offsets[0].get<std::size_t>(), entry.end = offsets[1].get<std::size_t>();
  if (entry.begin > entry.end || entry.end > data_size)
    fail(fmt::format("tensor {}: expected data_offsets within {} bytes, got {} to {}", name, data_size, entry.begin,
                     entry.end));
  const std::size_t size = entry.end - entry.begin, width = entry.dtype == "F64" ? 8 : 4, count = size / width;
  if (size % width != 0 || element_count(entry.shape, count) != count)
    fail(fmt::format("tensor {}: expected as many numbers as its shape, got {} bytes", name, size));
  return entry;
}

template <class Number>
BasicTensor<Number> read_tensor(Entry entry, std::string_view data) {
  BasicTensor<Number> tensor{std::move(entry.name), std::move(entry.shape), {}};
  tensor.data.resize((entry.end - entry.begin) / sizeof(Number));
  if (!tensor.data.empty()) std::memcpy(tensor.data.data(), data.data() + entry.begin, entry.end - entry.begin);
  return tensor;
}

/// Brings the entries into the order of their numbers.
void check_cover(std::vector<Entry>& entries, std::size_t size, const Failure& fail) {
  std::ranges::stable_sort(entries, {}, [](const Entry& e) { return std::pair(e.begin, e.end); });
  std::size_t covered = 0;
  for (const Entry& e : entries) {
    if (e.begin != covered)
      fail(fmt::format("tensor {}: expected data_offsets that begin at {}, where the numbers before it end, got {}",
                       e.name, covered, e.begin));
    covered = e.end;
  }
  if (covered != size) fail(fmt::format("expected {} bytes of numbers, got {}", covered, size));
}

constexpr std::size_t most_entries = 10'000;  // of an object of the header

/// Reads the header once for its names: nlohmann's reader would take the last of two entries with one name, without a
/// word. Its callbacks would tell, in quadratic time.
class Names : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit Names(const Failure& fail) : fail_(fail) {}
  bool start_object(std::size_t) override { return names_.emplace_back(), true; }
  bool end_object() override { return names_.pop_back(), true; }
  bool key(std::string& name) override {
    if (!names_.back().insert(name).second) fail_(fmt::format("expected {} once in the header, got it twice", name));
    if (names_.back().size() > most_entries)
      fail_(fmt::format("expected at most {} entries in the header, got more", most_entries));
    return true;
  }
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(std::int64_t) override { return true; }
  bool number_unsigned(std::uint64_t) override { return true; }
  bool number_float(double, const std::string&) override { return true; }
  bool string(std::string&) override { return true; }
  bool binary(nlohmann::json::binary_t&) override { return true; }
  bool start_array(std::size_t) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) override { return false; }

 private:
  const Failure& fail_;
  std::vector<std::set<std::string>> names_;  // of the objects that are open
};

}  // namespace

std::string json_text(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string safetensors_header(const SafeTensors& content) {
  nlohmann::ordered_json header;
  if (!content.metadata.empty()) header["__metadata__"] = content.metadata;
  std::size_t end = 0;  // of the numbers so far, in bytes
  const auto list = [&](const auto& tensors, const char* dtype) {
    for (const auto& tensor : tensors) {
      const std::size_t begin = std::exchange(end, end + tensor.data.size() * sizeof(tensor.data[0]));
      header[tensor.name] = {{"dtype", dtype}, {"shape", tensor.shape}, {"data_offsets", {begin, end}}};
    }
  };
  list(content.tensors, "F32");
  list(content.doubles, "F64");
  std::string text = header.is_null() ? "{}" : header.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  text.resize((text.size() + 7) / 8 * 8, ' ');  // the numbers start on a multiple of 8
  const std::uint64_t length = text.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + text;
}

std::vector<std::string_view> safetensors_pieces(std::string_view header, const SafeTensors& content) {
  std::vector<std::string_view> pieces{header};
  const auto add = [&](const auto& tensors) {
    for (const auto& tensor : tensors)
      pieces.emplace_back(reinterpret_cast<const char*>(tensor.data.data()),
                          tensor.data.size() * sizeof(tensor.data[0]));
  };
  add(content.tensors);
  add(content.doubles);
  return pieces;
}

std::string format_safetensors(const SafeTensors& content) {
  const std::string header = safetensors_header(content);
  return fmt::format("{}", fmt::join(safetensors_pieces(header, content), ""));
}

SafeTensors parse_safetensors(std::string_view bytes, std::string_view path, Dtypes dtypes) {
  const Failure fail{path};
  std::uint64_t length = 0;
  if (bytes.size() < 8) fail(fmt::format("expected a safetensors file, got only {} bytes", bytes.size()));
  std::memcpy(&length, bytes.data(), 8);
  if (length > bytes.size() - 8)
    fail(fmt::format("expected a header of {} bytes, got {} bytes after the length", length, bytes.size() - 8));
  const std::string_view text = bytes.substr(8, length), data = bytes.substr(8 + length);

  // nlohmann's reader would end at a NUL.
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos)
    fail(fmt::format("expected a safetensors header, got JSON that breaks off at byte {}", nul + 1));
  SafeTensors content;
  try {
    if (!text.starts_with('{')) fail("expected a safetensors header, got JSON that is no object");
    Names names(fail);
    nlohmann::json::sax_parse(text, &names);
    const auto header = nlohmann::json::parse(text);  // says what is wrong, too
    std::vector<Entry> entries;
    for (const auto& [name, json] : header.items())
      if (name == "__metadata__")
        content.metadata = json.get<std::map<std::string, std::string>>();
      else
        entries.push_back(read_entry(name, json, data.size(), dtypes, fail));
    check_cover(entries, data.size(), fail);
    for (Entry& entry : entries)
      if (entry.dtype == "F64")
        content.doubles.push_back(read_tensor<double>(std::move(entry), data));
      else
        content.tensors.push_back(read_tensor<float>(std::move(entry), data));
  } catch (const nlohmann::json::parse_error& error) {
    fail(fmt::format("expected a safetensors header, got JSON that breaks off at byte {}", error.byte));
  } catch (const nlohmann::json::exception&) {
    fail("expected a safetensors header with text as metadata and dtype, shape and data_offsets for each tensor");
  }
  return content;
}

void save_safetensors(const std::string& path, const SafeTensors& content) {
  const std::string header = safetensors_header(content);
  NewFile(path, safetensors_pieces(header, content)).rename();
}

SafeTensors load_safetensors(const std::string& path, Dtypes dtypes) {
  return parse_safetensors(read_file(path), path, dtypes);
}

}  // namespace nn
