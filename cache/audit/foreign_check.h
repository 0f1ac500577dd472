#pragma once

#include <functional>
#include <string>

namespace topobathy {

/// How a file of another library is read to be checked.
enum class ForeignFormat {
  kNone,        ///< nothing is known of it
  kRaster,      ///< GDAL: every block of every band and overview
  kPointCloud,  ///< LAS, LAZ, COPC: every point
  kEpt,         ///< ept.json, the description of a point cloud in many files
  kVector,      ///< GDAL: every feature
  kAuxXml,      ///< a side-car of GDAL
};

struct ForeignVerdict {
  enum class State { kSound, kDamaged, kNotChecked };
  State state = State::kSound;
  std::string what;
};

/// Reads a file; `quick`: its header alone. Any thread. The checks that need GDAL lie in
/// providers/audit/, which this folder does not know.
using ForeignCheck =
    std::function<ForeignVerdict(const std::string& path, ForeignFormat format, bool quick)>;

/// By the file's name.
ForeignFormat foreign_format(const std::string& path);

}  // namespace topobathy
