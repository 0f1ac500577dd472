#pragma once

#include <map>
#include <string>

#include "providers/raster/raster_catalogue.h"

namespace topobathy {

/// Finds a file that has been opened in two editions. The cells of a window are opened one after
/// another, some of them by earlier reads, and the archive may replace a file at any moment.
class TwoEditions {
 public:
  void add(const RasterCatalogue& cell);
  bool any() const noexcept { return !found_.empty(); }
  /// \throws Error(kUnreadable) naming the first such file
  [[noreturn]] void refuse() const;

 private:
  std::map<std::string, std::string> revisions_;  ///< by path
  std::string found_;                             ///< the path of the first such file
};

}  // namespace topobathy
