#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "providers/archive/archive.h"

namespace topobathy {

/// The 100 m depth model of the Great Barrier Reef and Coral Sea (Beaman 2020, James Cook
/// University), one zip at AusSeabed. It is copied to tier 5 as a whole, and its grid is read in
/// place through /vsizip/. Product: 100m.
class GbrArchive final : public Archive {
 public:
  using Archive::Archive;

  /// Asks the server for the zip's ETag once in a while, which tells editions apart.
  std::vector<Candidate> find(const LonLatBox& box) override;
  AssetFile open(const Asset& asset, double pixel) override;
  bool is_local(const Asset& asset, double pixel) override;
  std::optional<LonLatBox> extent() const override;

 private:
  std::string path_in(const std::string& folder, const Asset& asset) const;
  void fetch(const Asset& asset, const std::string& path);
  LonLatBox box_of(const Asset& asset);

  std::mutex mutex_;
  std::map<std::string, LonLatBox> boxes_;  ///< of files that have been looked at, by revision
};

}  // namespace topobathy
