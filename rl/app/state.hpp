#pragma once
/// state.safetensors: all that a resume needs. Every number is a float64, which holds a float and a count exactly.

#include <filesystem>
#include <string>
#include <vector>

#include "nn/io/safetensors.hpp"
#include "rl/app/options.hpp"
#include "rl/app/run_folder.hpp"

namespace rl {

/// The learner's memory, what the run did so far, and its options (as metadata option.NAME, but for --output). Times
/// stand in tensors of their own, NAME.seconds: two runs that differ in nothing else are equal in all the others.
nn::SafeTensors make_state(const RunTitle& title, const Options& options, const TrainingResult& result,
                           std::vector<nn::DoubleTensor> memory);

/// The file's first bytes, with a checksum of all of them in the metadata; nn::safetensors_pieces has the rest, and
/// format_state all. parse_state is the inverse. A policy that is a little off still plays, but a state that is would
/// go on as another run: so parse_state refuses, in one line with `path`, whatever differs in a single byte, and a file
/// without a checksum.
std::string state_header(nn::SafeTensors& state);
std::string format_state(nn::SafeTensors state);
nn::SafeTensors parse_state(std::string bytes, const std::string& path);

/// Where a run folder keeps it.
inline std::string state_path(const std::string& folder) {
  return (std::filesystem::path(folder) / "state.safetensors").string();
}

/// The run so far. Throws std::runtime_error, with the file's `path`, when the state is damaged.
TrainingResult result_of_state(const nn::SafeTensors& state, const std::string& path);

/// The options as a command line. Throws std::runtime_error when the state is of another environment, or of a build
/// with another Scalar.
std::vector<std::string> arguments_of_state(const nn::SafeTensors& state, const RunTitle& title,
                                            const std::string& path);

/// Do these options make another policy than those of the state?
bool trains_otherwise(const nn::SafeTensors& state, const Options& options);

}  // namespace rl
