#pragma once

#include <string>
#include <vector>

#include "providers/archive/archive.h"

namespace topobathy {

/// NOAA's coastal lidar DEMs: some 500 projects in one bucket, each a folder of GeoTIFF tiles with
/// an index of its own and an item in NOAA's metadata catalogue (InPort). Regions of the discovery
/// cache: "projects" (the list), "inport:<number>" and "project:<id>" (the tiles) of those that may
/// touch the box. Tiles are read where they lie.
///
/// A project whose metadata or tile index cannot be had is an error, never left out: without the
/// metadata ellipsoidal heights could pass for NAVD88.
class TopobathyArchive final : public Archive {
 public:
  explicit TopobathyArchive(const ArchiveSetup& setup);

  std::vector<Candidate> find(const LonLatBox& box) override;

 private:
  Discovery ask_projects();
  Discovery ask_facts(const std::string& number);
  void add_project(Asset project, const LonLatBox& box, std::vector<Candidate>& found);
  /// \returns why the filter leaves the project out, "" = it does not. Adds its facts and rank
  std::string describe(Asset& project, const LonLatBox& box);
  /// Why, by what its list entry says.
  std::string left_out_unread(const Asset& project) const;
  std::string wrong_type(const Asset& project, bool bathymetric) const;

  const bool topographic_;
};

}  // namespace topobathy
