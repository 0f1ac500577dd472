#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fusion/policy/text_tree.h"

namespace topobathy {

/// The number that a plain literal surely means: decimal digits, point, exponent. Nothing for 010,
/// 0x1F, 1_000, .inf, nan, 5 m, and for what a double cannot hold (1e999).
std::optional<double> read_number(std::string_view literal);

/// What readers of YAML 1.1 or 1.2 take for a number (any notation) or a truth value. Not text
/// unless quoted.
bool looks_like_number(std::string_view literal);
bool looks_like_flag(std::string_view literal);

/// "the text \"abc\"", "the number 5", "a list", ... for messages.
std::string described(const TextNode& node);

}  // namespace topobathy
