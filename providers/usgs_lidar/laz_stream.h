#pragma once

#include <cstdint>
#include <exception>
#include <streambuf>
#include <string>

#include "providers/usgs_lidar/byte_source.h"

namespace topobathy {

/// A prefix of our own and then a stretch of a file, as one seekable stream: LASzip reads headers
/// that we wrote and only the points from the file, a megabyte at a time. For one thread.
class LazStream final : public std::streambuf {
 public:
  LazStream(std::string prefix, ByteSource& file, const BytePiece& stretch);

  /// What reading the file failed with; istream swallows it.
  void rethrow_failure() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 protected:
  int_type underflow() override;
  pos_type seekoff(off_type offset, std::ios_base::seekdir from, std::ios_base::openmode) override;
  pos_type seekpos(pos_type place, std::ios_base::openmode which) override;

 private:
  std::uint64_t size() const noexcept { return prefix_.size() + stretch_.length; }
  std::uint64_t position() const noexcept {
    return window_end_ - static_cast<std::uint64_t>(egptr() - gptr());
  }
  void fill(std::uint64_t place);

  const std::string prefix_;
  ByteSource& file_;
  const BytePiece stretch_;
  std::string window_;
  std::uint64_t window_end_ = 0;  ///< place in the stream behind the window
  std::exception_ptr failure_;
};

}  // namespace topobathy
