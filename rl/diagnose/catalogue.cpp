#include "rl/diagnose/catalogue.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>

namespace rl {

void Catalogue::add(const Verdict& words, Formulas its) {
  verdicts.push_back(words);
  const auto move_all = [&](auto& from, auto& to) {
    for (auto& formula : from) formula.name = words.name, to.push_back(formula);
  };
  move_all(its.output, formulas.output), move_all(its.gaussian, formulas.gaussian);
  move_all(its.mu, formulas.mu), move_all(its.log_sigma, formulas.log_sigma);
  move_all(its.terms, formulas.terms), move_all(its.families, formulas.families);
  move_all(its.weights, formulas.weights), move_all(its.passes, formulas.passes);
}

Catalogue::Catalogue() {
  const auto section = [&](std::string_view title, auto... parts) {
    const std::size_t first = verdicts.size();
    (..., (this->*parts)());
    sections.push_back({title, first, verdicts.size() - first});
  };
  section("The vector injected at the logits", &Catalogue::vector_mistakes, &Catalogue::label_mistakes,
          &Catalogue::factor_mistakes, &Catalogue::ratio_mistakes, &Catalogue::term_mistakes);
  section("The number in front: returns", &Catalogue::return_mistakes, &Catalogue::whitening_mistakes);
  section("Gaussian policies", &Catalogue::gaussian_mistakes);
  section("Numbers and samples", &Catalogue::number_mistakes);
  section("The layers", &Catalogue::layer_mistakes);
}

const Catalogue& catalogue() {
  static const Catalogue all;
  return all;
}

std::span<const Verdict> verdicts() {
  return catalogue().verdicts;
}

const Verdict& verdict_named(std::string_view name) {
  const auto all = verdicts();
  const auto at = std::ranges::find(all, name, &Verdict::name);
  if (at == all.end()) throw std::invalid_argument(fmt::format("verdict_named: there is no verdict {}", name));
  return *at;
}

}  // namespace rl
