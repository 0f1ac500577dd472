#include "providers/audit/check_file.h"

#include <exception>

#include "fusion/error.h"

namespace topobathy {
namespace {

using State = ForeignVerdict::State;

void read(const std::string& path, ForeignFormat format, bool quick) {
  switch (format) {
    case ForeignFormat::kRaster:
      return read_raster(path, quick);
    case ForeignFormat::kPointCloud:
      return read_point_cloud(path, quick);
    case ForeignFormat::kEpt:
      return read_ept(path, quick);
    case ForeignFormat::kVector:
      return read_vector(path, quick);
    case ForeignFormat::kAuxXml:
      return read_aux_xml(path);
    case ForeignFormat::kNone:
      break;
  }
}

/// What no library here reads says nothing of the file.
State state_of(ErrorCode code) noexcept {
  return code == ErrorCode::kUnsupported ? State::kNotChecked : State::kDamaged;
}

}  // namespace

ForeignVerdict check_foreign_file(const std::string& path, ForeignFormat format, bool quick) {
  try {
    read(path, format, quick);
    return {};
  } catch (const Error& error) {
    return {state_of(error.code()), error.message()};
  } catch (const std::exception& error) {
    return {State::kDamaged, error.what()};
  }
}

}  // namespace topobathy
