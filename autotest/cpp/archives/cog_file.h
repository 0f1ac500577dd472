#pragma once

#include <cpl_vsi.h>
#include <gdal_priv.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace topobathy {

/// The bytes of a file in memory, which is removed.
inline std::string take_file(const char* path) {
  vsi_l_offset size = 0;
  const GByte* const bytes = VSIGetMemFileBuffer(path, &size, FALSE);
  std::string file(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  VSIUnlink(path);
  return file;
}

/// A tiled GeoTIFF of 1024 x 1024 noisy pixels with overviews, larger than what GDAL reads first.
inline std::string make_cog_file(unsigned seed) {
  GDALAllRegister();
  const char* const path = "/vsimem/cog_file.tif";
  GDALDriver* const memory = GetGDALDriverManager()->GetDriverByName("MEM");
  const std::unique_ptr<GDALDataset> source(
      memory->Create("", 1024, 1024, 1, GDT_Float32, nullptr));
  double transform[6] = {0, 0.001, 0, 1, 0, -0.001};
  source->SetGeoTransform(transform);
  std::vector<float> row(1024);
  for (int y = 0; y < 1024; ++y) {
    for (float& value : row)
      value = static_cast<float>((seed = seed * 1664525U + 1013904223U) >> 8);
    if (source->GetRasterBand(1)->RasterIO(GF_Write, 0, y, 1024, 1, row.data(), 1024, 1,
                                           GDT_Float32, 0, 0, nullptr) != CE_None)
      throw std::runtime_error("cannot write");
  }
  const char* const options[] = {"BLOCKSIZE=256", "COMPRESS=DEFLATE", nullptr};
  GDALDriver* const cog = GetGDALDriverManager()->GetDriverByName("COG");
  delete cog->CreateCopy(path, source.get(), FALSE, const_cast<char**>(options), nullptr, nullptr);
  return take_file(path);
}

/// 2 x 2 tiles, of which the file holds the last only; no nodata value.
inline std::string make_sparse_file(float value) {
  GDALAllRegister();
  const char* const path = "/vsimem/sparse_file.tif";
  const char* const options[] = {"TILED=YES", "SPARSE_OK=TRUE", nullptr};
  GDALDriver* const driver = GetGDALDriverManager()->GetDriverByName("GTiff");
  std::unique_ptr<GDALDataset> file(
      driver->Create(path, 512, 512, 1, GDT_Float32, const_cast<char**>(options)));
  double transform[6] = {0, 0.001, 0, 1, 0, -0.001};
  file->SetGeoTransform(transform);
  std::vector<float> tile(256 * 256, value);
  if (file->GetRasterBand(1)->WriteBlock(1, 1, tile.data()) != CE_None)
    throw std::runtime_error("cannot write");
  file.reset();
  return take_file(path);
}

}  // namespace topobathy
