#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "providers/archive/archive.h"

namespace topobathy {

/// NOAA's BlueTopo: one GeoPackage lists every tile with links and checksums; tiles are streamed,
/// their attribute tables come from side-cars. Heights are the tile's own (NAVD88 mostly).
/// Products: `bluetopo` (the default) and `modeling` (NOAA's test data to low-water datum).
class BluetopoArchive final : public Archive {
 public:
  explicit BluetopoArchive(const ArchiveSetup& setup);

  std::vector<Candidate> find(const LonLatBox& box) override;
  AssetFile open(const Asset& asset, double pixel) override;
  double coarsest_pixel() const override { return 16.0; }

 private:
  struct Product;
  static const Product& find_product(const Step& step);

  Discovery ask(const std::string& old_note) const;
  std::vector<Asset> fetch_scheme(const std::string& url, std::int64_t size) const;
  void require_there(const Asset& asset);
  [[noreturn]] void throw_republished(const Asset& asset) const;

  const Product& product_;
  std::mutex mutex_;
  std::map<std::string, std::int64_t> there_;  ///< when a tile's URL was last seen to be there
};

std::unique_ptr<Archive> make_bluetopo(const ArchiveSetup& setup);

}  // namespace topobathy
