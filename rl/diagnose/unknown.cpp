/// When nothing has answered: a few rows typed by hand, or a cause that is unknown.

#include <fmt/core.h>

#include "rl/diagnose/output.hpp"

namespace rl {

/// A few rows typed by hand are wrong for sure by now; what agrees as far as the digits tell is worth more than
/// nothing.
Output::Answer Output::typed_by_hand() {
  if (!given_ || s_.steps > 3) return std::nullopt;
  std::vector<Found> found;
  for (const Hypothesis& h : hypotheses_)
    if (const Match m = match(s_.d, predict(s_, weights_, h), s_.rounding);
        m.agrees && m.determined && known_constant(s_, m.c))
      found.push_back({&h, m});
  if (found.empty() || found.size() > 4) return std::nullopt;
  add(weights_, found);
  diagnosis_.findings.back().evidence.push_back("the numbers are few and have few digits: print more to be sure");
  return Injected{};
}

Injected Output::unknown() {
  const Grid expected = predict(s_, weights_.empty() ? ones_ : weights_, right_);
  const Match m = match(s_.d, expected, s_.rounding, weights_.empty() ? Scale::any : Scale::one);
  add_finding(
      diagnosis_, s_, weights_, "",
      fmt::format(
          "no known mistake has these numbers; first entry that differs: row {}, column {}: got {:.6g}, expected "
          "{:.6g}{}",
          s_.row(m.row), m.col + 1, s_.d(m.row, m.col).value, expected(m.row, m.col).value,
          weights_.empty() ? " times the weight" : ""));
  help(s_, weights_, diagnosis_.findings.back().evidence);
  return {};
}

void add_finding(Diagnosis& diagnosis, const Samples& s, const Series& w, std::string_view name,
                 const std::string& evidence) {
  Finding finding{"output", {name}, {evidence}};
  if (name.empty()) finding.names.clear();
  describe(s, w, finding.evidence);
  diagnosis.findings.push_back(std::move(finding));
}

}  // namespace rl
