#pragma once

#include <cstdint>
#include <istream>
#include <memory>
#include <string>

/// LASzip, loaded when the first LAZ point is wanted. It is no library we link: Debian 12 lacks it,
/// the plugin must load without it, and a user may install it later without a new build. Its C
/// interface has been the same since 3.0 (soname 8).
namespace topobathy {

/// A point as laszip_get_point_pointer() shows it: the start of `laszip_point` of laszip_api.h; a
/// test holds it against that header where it is installed.
struct LaszipPoint {
  std::int32_t x;
  std::int32_t y;
  std::int32_t z;
  std::uint16_t intensity;
  std::uint8_t returns_and_edge;
  std::uint8_t classification_and_flags;  ///< formats 0-5: class in the low 5 bits, bit 7 withheld
  std::int8_t scan_angle_rank;
  std::uint8_t user_data;
  std::uint16_t point_source;
  std::int16_t extended_scan_angle;
  std::uint8_t extended_type_channel_flags;  ///< formats 6-10: bits 4-7 flags, bit 6 is withheld
  std::uint8_t extended_classification;
};

/// The functions that are used; each returns 0 on success. Any thread, one handle a thread.
struct LaszipLibrary {
  int (*create)(void** handle) = nullptr;
  int (*destroy)(void* handle) = nullptr;
  int (*get_error)(void* handle, char** text) = nullptr;
  int (*decompress_selective)(void* handle, std::uint32_t what) = nullptr;
  int (*open_reader_stream)(void* handle, std::istream& stream, int* compressed) = nullptr;
  int (*get_point_pointer)(void* handle, LaszipPoint** point) = nullptr;
  int (*read_point)(void* handle) = nullptr;
  int (*close_reader)(void* handle) = nullptr;
};

/// The library, loaded once a process. The configuration option TOPOBATHY_LASZIP names the file
/// when it lies where the loader does not look ("NO" = behave as if there were none).
/// \throws Error(kUnsupported) naming `what` when there is none: how to get it
const LaszipLibrary& laszip_library(const std::string& what);
/// Whether laszip_library() would succeed.
bool has_laszip();

}  // namespace topobathy
