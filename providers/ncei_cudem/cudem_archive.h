#pragma once

#include <vector>

#include "providers/archive/archive.h"
#include "providers/ncei_cudem/cudem_product.h"

namespace topobathy {

/// NCEI's Continuously Updated DEM: quarter-degree topobathymetric GeoTIFFs in a few sets
/// (products), each with a list of its tiles and an index of their polygons. The whole of a set is
/// one region of the discovery cache, believed for 30 days; tiles are downloaded.
class CudemArchive final : public Archive {
 public:
  explicit CudemArchive(const ArchiveSetup& setup);

  std::vector<Candidate> find(const LonLatBox& box) override;

 private:
  Discovery ask(const std::string& old_note);

  const CudemProduct& product_;
};

}  // namespace topobathy
