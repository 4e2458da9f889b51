#pragma once
/// The parts of a diagnosis, each in a file of its own.

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rl/diagnose/catalogue.hpp"
#include "rl/diagnose/match.hpp"

namespace rl {

Grid predict(const Samples& samples, const Series& weights, const Hypothesis& hypothesis);
/// The same for some rows: of a long file, a few hundred refute most hypotheses.
Grid predict(const Samples& samples, const Series& weights, const Hypothesis& hypothesis,
             std::span<const std::size_t> rows);
inline constexpr std::size_t rows_that_refute = 256;
Grid predict(const Samples& samples, const Series& weights, const Term& term);
Grid predict(const Samples& samples, const Series& weights, const Term& term, std::span<const std::size_t> rows);
Grid predict(const Samples& samples, const Series& weights, const Family& family, double number);

/// The evidence of a match, in digits: what it foretells, less what its constant was free to choose.
double evidence(const Samples& samples, const Match& match);

/// The vector injected. Adds a finding or a fact, or says why it cannot be judged; the weights by which the right
/// vector was multiplied, as far as they can be recovered, are returned for the next question (empty: they cannot).
struct Injected {
  Series weights = {};
  bool sign_known = false;  // by the key, or by the column weight
  bool given = true;        // the weights are those of the column
};
Injected explain_output(const Samples& samples, Diagnosis& diagnosis);

/// What the rows show by themselves (evidence.cpp): in words, with one row beside the right one.
void describe(const Samples& samples, const Series& weights, std::vector<std::string>& evidence);
bool rows_sum_to_zero(const Samples& samples);
/// When the cause is unknown (help.cpp): what is right all the same, and what would decide.
void help(const Samples& samples, const Series& weights, std::vector<std::string>& evidence);

/// Adds a finding about the output; without a name, the cause is unknown.
void add_finding(Diagnosis& diagnosis, const Samples& samples, const Series& weights, std::string_view name,
                 const std::string& evidence);

/// What has a free number in it (terms.cpp, fitted.cpp, families.cpp). Each adds a finding or a fact, or returns false.
bool explain_terms(const Samples& samples, const Series& weights, Diagnosis& diagnosis);
/// The same without weights, each row having its own: `weights` are those of the rows.
bool explain_terms_without_weights(const Samples& samples, const Grid& score, Series& weights, Diagnosis& diagnosis);
bool explain_families(const Samples& samples, const Series& weights, Diagnosis& diagnosis);
bool explain_labels(const Samples& samples, const Series& weights, Diagnosis& diagnosis);
bool explain_masked_actions(const Samples& samples, const Series& weights, Diagnosis& diagnosis);
bool explain_softmax_over_the_batch(const Samples& samples, const Series& weights, Diagnosis& diagnosis);
bool explain_clipped_entries(const Samples& samples, const Series& weights, Diagnosis& diagnosis);
bool explain_epsilon(const Samples& samples, const Series& weights, const Series& factor, Diagnosis& diagnosis);
bool explain_rare_actions(const Samples& samples, const Series& weights, const Series& factor, std::string& evidence);
/// Of a Gaussian: which half is which (halves.cpp), and actions or sigmas that were clamped (clamped.cpp).
Grid predict(const Samples& samples, const Series& weights, const Half* mu, const Half* log_sigma);  // null: right
bool explain_halves(const Samples& samples, const Series& weights, Diagnosis& diagnosis);
bool explain_clipped_actions(const Samples& samples, const Series& weights, Diagnosis& diagnosis);
bool every_sigma_is_clamped(const Samples& samples, const Series& weights, Diagnosis& diagnosis);  // it stays open
bool explain_clamped_sigma(const Samples& samples, const Series& weights, Diagnosis& diagnosis);
/// Could the zeros at log sigma be those of a clamp, and the rest be right? Without weights each row has its own.
bool could_be_clamped(const Samples& samples, const Series& weights);
Grid entropy_gradient(const Samples& samples);

/// Numbers in front of the rows that are not the column weight: what can be said of them (another_weight.cpp).
void explain_another_weight(const Samples& samples, const Series& used, Diagnosis& diagnosis);

/// NaN, infinity, probabilities that are none. True when nothing else can be asked.
bool explain_numbers(const Samples& samples, Diagnosis& diagnosis);

/// The weights against the rewards.
void explain_weights(const Samples& samples, const Injected& injected, Diagnosis& diagnosis);

/// Are these numbers a return, or a known mistake in one?
bool weights_are_known(const Samples& samples, const Series& weights);

/// Weights that are right for these rewards, one series for each reading of the file.
struct NamedSeries {
  std::string name;
  Series weights;
  double gamma = 1;
};
std::vector<NamedSeries> right_weights(const Samples& samples);

/// Constants that a right vector may have in front, both signs unless the file says which.
std::vector<double> plain_constants(const Samples& samples);

/// "1/64, the mean over the steps", or the number itself.
std::string constant_in_words(const Samples& samples, Number c);
bool known_constant(const Samples& samples, Number c);

}  // namespace rl
