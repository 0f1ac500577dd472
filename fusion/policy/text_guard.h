#pragma once

#include <string>

namespace topobathy {

/// What is refused before any parser sees the text: more than kMaxPolicyBytes, other encodings than
/// UTF-8 (a BOM is fine), control characters (yaml-cpp takes 0x04 for the end of the file). \throws
/// Error(kPolicy)
void guard_text(const std::string& text, const std::string& file);

}  // namespace topobathy
