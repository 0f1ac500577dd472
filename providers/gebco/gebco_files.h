#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "providers/gebco/gebco_source.h"

namespace topobathy {

/// GEBCO 2025 as its users download it: a folder of netCDF or GeoTIFF files, global, the eight
/// tiles of 90 degrees, or regional cuts, by their published names (`GEBCO_2025*.nc`,
/// `gebco_2025_sub_ice_n90.0_s0.0_w-180.0_e-90.0.tif`; a name with `tid` holds type identifiers,
/// one with `sub_ice` the sub-ice elevation, any other the ice surface; case is free). The folder
/// stands for the archive: what its files do not cover has no pixels, and no server is asked.
///
/// Where the folder has no type identifiers at all, tiles have none and GEBCO is named as a whole;
/// where it has some, pixels with an elevation and none are an error. Files are looked at once.
class GebcoFiles final : public GebcoSource {
 public:
  GebcoFiles(std::string folder, GebcoProduct product,
             std::function<void(const std::string&)> warn);

  std::string edition() override;
  std::string address() const override { return folder_; }
  bool on_network() const noexcept override { return false; }
  bool covers(const GebcoTile& tile) override;
  GebcoPixels read(const GebcoTile& tile) override;

  /// A file, and its place in the global grid: pixels counted from 90 N, 180 W.
  struct File {
    std::string path;
    std::string stamp;  ///< of the revision that was looked at
    int row = 0;
    int col = 0;
    int rows = 0;
    int cols = 0;
  };

 private:
  struct Contents {
    std::vector<File> elevation;
    std::vector<File> identifiers;
    std::string stamp;  ///< of all of them: changes when one does
  };
  const Contents& contents();
  Contents look() const;

  const std::string folder_;
  const GebcoProduct product_;
  const std::function<void(const std::string&)> warn_;
  std::mutex mutex_;
  bool looked_ = false;
  Contents contents_;
};

}  // namespace topobathy
