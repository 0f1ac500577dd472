#pragma once

#include <string>

#include "fusion/policy/messages.h"

namespace topobathy {

/// A client's text fit for a message: one line, at most about 40 bytes, in quotes.
inline std::string in_quotes(const std::string& text) {
  return "\"" + shown(text) + "\"";
}

}  // namespace topobathy
