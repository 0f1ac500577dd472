#pragma once

#include <map>
#include <string>
#include <vector>

namespace topobathy {

/// Names of surveys to leave out, by the place of the step in the policy, bottom-up from 0.
using Curations = std::map<int, std::vector<std::string>>;

/// The policy text with the names appended to filter.exclude_patterns of those steps; a name that
/// is there is not repeated. Everything else stays what it is; comments are lost. Names are taken
/// literally: letters that mean something in a pattern are escaped.
/// \pre the text was read by load_policy() \throws HttpError(422): the policy has no such step
std::string with_curations(const std::string& yaml, const Curations& curations);

}  // namespace topobathy
