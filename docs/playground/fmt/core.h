#pragma once
/// As much of fmt::format as the library's sentences need, for the browser: the real one makes a module three times as
/// large. It stands first on the include path there, so that the library says `#include <fmt/core.h>` everywhere.
///
///   {}   {:.6g}   {:.2f}   {:<10}   {:>10}   {{   }}
/// of whole and real numbers, texts and single characters; docs/playground/check.mjs compares whole reports with those
/// of the real one.

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace fmt {

class Argument {
 public:
  template <std::floating_point Real>
  Argument(Real value) : kind_(sizeof(Real) == sizeof(float) ? Kind::single : Kind::real), real_(value) {}
  template <std::signed_integral Whole>
  Argument(Whole value) : kind_(Kind::whole), whole_(static_cast<std::uint64_t>(value)), negative_(value < 0) {}
  template <std::unsigned_integral Whole>
  Argument(Whole value) : kind_(Kind::whole), whole_(value) {}
  Argument(char value) : kind_(Kind::text), character_(value), text_(&character_, 1) {}
  Argument(const char* value) : kind_(Kind::text), text_(value) {}
  Argument(std::string_view value) : kind_(Kind::text), text_(value) {}
  Argument(const std::string& value) : kind_(Kind::text), text_(value) {}

  /// As `spec` says, what stands behind the colon.
  void append_to(std::string& out, std::string_view spec) const;

 private:
  Argument(const Argument&) = delete;  // text_ may point into it
  std::string written(std::string_view spec) const;

  enum class Kind { whole, real, single, text } kind_;
  std::uint64_t whole_ = 0;
  bool negative_ = false;
  double real_ = 0;
  char character_ = 0;
  std::string_view text_;
};

std::string format_all(std::string_view text, const Argument* arguments);

template <class... T>
std::string format(std::string_view text, const T&... values) {
  const Argument arguments[] = {Argument(values)..., Argument(0)};
  return format_all(text, arguments);
}

}  // namespace fmt
