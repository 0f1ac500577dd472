#pragma once

#include <string>

#include "archives/archive_fixture.h"
#include "dap_answers.h"

namespace topobathy::test {

/// The service of GEBCO 2025 with some tiles in it.
class GebcoTest : public ArchiveTest {
 protected:
  static constexpr const char* kRoot =
      "https://dap.ceda.ac.uk/thredds/dodsC/bodc/gebco/global/gebco_2025/";

  static std::string url(const std::string& kind) {
    if (kind == "tid") return std::string(kRoot) + "type_identifier_grid/netcdf/gebco_2025_tid.nc";
    if (kind == "ice_surface")
      return std::string(kRoot) + "ice_surface_elevation/netcdf/GEBCO_2025.nc";
    return std::string(kRoot) + "sub_ice_topography_bathymetry/netcdf/gebco_2025_sub_ice.nc";
  }
  static std::string window_url(const std::string& kind, const DapAnswer& answer) {
    return url(kind) + ".dods?" + answer.variable + "%5B" + std::to_string(answer.row) +
           ":1:" + std::to_string(answer.row + 239) + "%5D%5B" + std::to_string(answer.col) +
           ":1:" + std::to_string(answer.col + 239) + "%5D";
  }
  void serve_structure(const std::string& kind, const std::string& variable = "elevation") {
    DapAnswer whole;
    whole.variable = variable;
    whole.rows = 43200;
    whole.cols = 86400;
    http_->put(url(kind) + ".dds", whole.structure());
  }
  /// The tile's elevation is its global row (from 90 S) minus 30000 less its column's last digit;
  /// identifiers run from land over two kinds of sounding to interpolation, by columns.
  void serve_tile(int south, int west, const std::string& variable = "elevation",
                  const std::string& kind = "sub_ice") {
    DapAnswer answer;
    answer.variable = variable;
    answer.row = static_cast<std::uint64_t>((south + 90) * 240);
    answer.col = static_cast<std::uint64_t>((west + 180) * 240);
    answer.value = elevation_at;
    http_->put(window_url(kind, answer), answer.body());
    answer.variable = "tid";
    answer.type = "Byte";
    answer.value = identifier_at;
    http_->put(window_url("tid", answer), answer.body());
  }
  static int elevation_at(std::uint64_t row, std::uint64_t col) {
    return static_cast<int>(row) % 9000 - 6000 - static_cast<int>(col % 10);
  }
  static int identifier_at(std::uint64_t /*row*/, std::uint64_t col) {
    constexpr int kFour[] = {0, 11, 17, 40};
    return kFour[col % 240 / 60];
  }
};

}  // namespace topobathy::test
