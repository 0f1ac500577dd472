#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "cache/bytes.h"

namespace topobathy {

/// How a look at an object ended.
struct VsiLook {
  enum class State {
    kFound,
    kAbsent,
    kRefused,   ///< no right, no such bucket: the same next time
    kNoAnswer,  ///< may be better soon
  };
  State state = State::kAbsent;
  std::optional<Bytes> content;  ///< of kFound; nothing when it is larger than the limit
  std::string reason;            ///< of kRefused and kNoAnswer
};

/// Reads a whole object once, with one GET where GDAL can stream the path, as it is now.
VsiLook read_vsi_object(const std::string& path, std::size_t limit);

}  // namespace topobathy
