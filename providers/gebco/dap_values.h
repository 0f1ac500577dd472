#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "providers/gebco/dap_structure.h"

namespace topobathy {

/// An array that a server sent.
struct DapValues {
  DapArray array;
  std::vector<double> values;
};

/// More numbers than this are in no answer that we ask for.
inline constexpr std::uint64_t kMostDapValues = 4'000'000;

/// Reads an answer to `.dods`: the structure of what was asked for, a line "Data:", and the numbers
/// as XDR (big-endian; an array's count twice, then Byte packed and padded to four, 16-bit integers
/// widened to four). All arrays in the order they were sent, a Grid's maps after its array. Nothing
/// is allocated that the body does not hold. Source: DAP 2.0, section 7.3.
/// \throws Error(kUnreadable) cut short, too long, or counts that do not fit the structure
std::vector<DapValues> decode_dods(std::string_view body, const std::string& url);

}  // namespace topobathy
