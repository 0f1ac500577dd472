#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "providers/archive/archive.h"

namespace topobathy {

/// NCEI's hydrographic surveys as BAGs: a feature service lists the surveys of a square of degrees,
/// each survey's page links to its files, which are copied whole. project_id is the survey
/// ("H12696"); patterns are on the name of the file without .bag.
class BagArchive final : public Archive {
 public:
  using Archive::Archive;

  std::vector<Candidate> find(const LonLatBox& box) override;
  AssetFile open(const Asset& asset, double pixel) override;
  bool is_local(const Asset& asset, double pixel) override;
  double coarsest_pixel() const override { return 128.0; }

 private:
  std::vector<Asset> known(const LonLatBox& box) const;
  bool has_new_bags(const std::vector<Asset>& assets);
  bool is_time_to_look(const std::string& page);
  void expire(const LonLatBox& box) const;

  std::mutex mutex_;
  std::map<std::string, std::int64_t> looked_;  ///< when pages without BAGs were looked at
};

std::unique_ptr<Archive> make_ncei_bag(const ArchiveSetup& setup);

}  // namespace topobathy
