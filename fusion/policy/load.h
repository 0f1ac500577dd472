#pragma once

#include <cstddef>
#include <string>

#include "fusion/policy/policy.h"

namespace topobathy {

/// Reads and checks a policy (YAML or JSON text). `file` names the text in messages; `directory`
/// resolves relative paths. Opens nothing. \throws Error(kPolicy) with file:line:column and the
/// nearest valid name.
Policy load_policy(const std::string& text, const std::string& file, const std::string& directory);

/// True when the first bytes of a file can be the beginning of a policy: no I/O, no exception, no
/// false claim on other YAML (see docs/architecture.md, Identify). `head` may be cut anywhere.
bool looks_like_policy(const char* head, std::size_t size) noexcept;

}  // namespace topobathy
