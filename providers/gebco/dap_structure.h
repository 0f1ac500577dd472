#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace topobathy {

/// The types of numbers a DAP2 server has. kOther: what we do not read (text, URLs).
enum class DapType { kByte, kInt16, kUInt16, kInt32, kUInt32, kFloat32, kFloat64, kOther };

struct DapArray {
  DapType type = DapType::kOther;
  std::string name;
  std::vector<std::uint64_t> sizes;  ///< of its dimensions, slowest first; empty = one number

  /// How many numbers it has. \pre made by parse_dds, which limits each size and their number
  std::uint64_t count() const noexcept;
};

/// What a server calls a variable: an array, or a Grid, which has one array and the coordinates of
/// its dimensions.
struct DapVariable {
  std::string name;
  std::vector<DapArray> arrays;  ///< the array, then a Grid's maps, in the order they are sent
};

/// The structure of a data set (DDS) as a DAP2 server states it: the answer to `.dds`, and the head
/// of the answer to `.dods`. Source: DAP 2.0, section 6.
struct DapStructure {
  std::vector<DapVariable> variables;

  /// Null when there is none.
  const DapVariable* find(std::string_view name) const noexcept;
};

/// Reads arrays and Grids. \throws Error(kUnreadable) what is odd: not a DDS, cut short, larger
/// than any honest one, nested (Structure, Sequence); `url` is for the message
DapStructure parse_dds(std::string_view text, const std::string& url);

}  // namespace topobathy
