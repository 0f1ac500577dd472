#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <gdal_priv.h>

#include "cache/test_directory.h"
#include "fake_http.h"
#include "providers/archive/archive.h"

namespace topobathy::test {

/// An archive with a fake network and a cache folder of its own.
class ArchiveTest : public ::testing::Test {
 protected:
  ArchiveTest() {
    GDALAllRegister();
    context_->folder = directory_.path() + "/provider";
    context_->http = http_;
    context_->discovery = std::make_shared<DiscoveryCache>(DiscoveryCache::Setup{});
    context_->warn = [this](const std::string& text) { warnings_.push_back(text); };
    std::filesystem::create_directories(context_->folder + "/raw");
  }

  std::unique_ptr<Archive> archive(const std::string& provider, const std::string& product = "") {
    Step step;
    step.provider = context_->provider = provider;
    step.filter = filter_;
    step.place = {"policy.yaml", 4, 3};
    if (!product.empty()) step.product = product;
    return make_archive(provider, {step, context_});
  }
  static std::vector<std::string> ids(const std::vector<Candidate>& found) {
    std::vector<std::string> names;
    for (const Candidate& one : found)
      names.push_back(one.asset.id);
    return names;
  }

  TestDirectory directory_;
  std::shared_ptr<FakeHttp> http_ = std::make_shared<FakeHttp>();
  std::shared_ptr<ArchiveContext> context_ = std::make_shared<ArchiveContext>();
  Filter filter_;
  std::vector<std::string> warnings_;
};

/// Pixels of a band, row after row.
inline std::vector<float> band_pixels(const std::string& path, int band, int overview = -1) {
  std::unique_ptr<GDALDataset> file(
      GDALDataset::Open(path.c_str(), GDAL_OF_RASTER, nullptr, nullptr, nullptr));
  if (!file) return {};
  GDALRasterBand* source = file->GetRasterBand(band);
  if (overview >= 0) source = source->GetOverview(overview);
  if (source == nullptr) return {};
  const int width = source->GetXSize();
  const int height = source->GetYSize();
  std::vector<float> pixels(static_cast<std::size_t>(width * height));
  const CPLErr status = source->RasterIO(GF_Read, 0, 0, width, height, pixels.data(), width, height,
                                         GDT_Float32, 0, 0, nullptr);
  return status == CE_None ? pixels : std::vector<float>();
}

}  // namespace topobathy::test
