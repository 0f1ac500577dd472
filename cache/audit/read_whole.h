#pragma once

#include <cstddef>
#include <string>

#include "cache/bytes.h"

namespace topobathy {

struct WholeFile {
  enum class State { kRead, kGone, kTooLarge, kFailed };
  State state = State::kRead;
  std::string why;  ///< of a failure
};

/// A regular file of at most `limit` bytes into `content`, whose memory is used again.
WholeFile read_whole(const std::string& path, std::size_t limit, Bytes& content);

}  // namespace topobathy
