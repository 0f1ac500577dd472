#pragma once

#include <gdal_priv.h>
#include <gdal_rat.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <type_traits>

/// The only file that names a GDAL version (3.6 to 3.13). Signatures follow GDAL's migration
/// guides.
namespace topobathy {

#if GDAL_VERSION_NUM >= GDAL_COMPUTE_VERSION(3, 7, 0)
using FlushResult = CPLErr;
#else
using FlushResult = void;
#endif

#if GDAL_VERSION_NUM >= GDAL_COMPUTE_VERSION(3, 13, 0)
using MetadataList = CSLConstList;
#else
using MetadataList = char**;
#endif

// From 3.10 on a macro that a caller of GDAL may turn into const int*.
#ifdef BANDMAP_TYPE
using BandMap = BANDMAP_TYPE;
#else
using BandMap = int*;
#endif

using GeoTransform = std::array<double, 6>;

/// A dataset whose virtual methods of changing signature are answered by methods of a fixed one.
class CompatDataset : public GDALDataset {
 public:
#if GDAL_VERSION_NUM >= GDAL_COMPUTE_VERSION(3, 12, 0)
  using GDALDataset::GetGeoTransform;
  CPLErr GetGeoTransform(GDALGeoTransform& transform) const override {
    const GeoTransform values = geo_transform();
    for (int i = 0; i < 6; ++i)
      transform[i] = values[static_cast<std::size_t>(i)];
    return CE_None;
  }
#else
  CPLErr GetGeoTransform(double* transform) override {
    const GeoTransform values = geo_transform();
    std::copy(values.begin(), values.end(), transform);
    return CE_None;
  }
#endif

 protected:
  virtual GeoTransform geo_transform() const noexcept = 0;
};

/// SetValue() returns nothing before 3.12 and CPLErr after; it cannot fail on a cell that exists
/// with the column's own type.
template <class Value>
void set_cell(GDALRasterAttributeTable& table, int row, int column, Value value) {
  if constexpr (std::is_void_v<decltype(table.SetValue(row, column, value))>)
    table.SetValue(row, column, value);
  else
    CPL_IGNORE_RET_VAL(table.SetValue(row, column, value));
}

}  // namespace topobathy
