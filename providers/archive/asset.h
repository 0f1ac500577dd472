#pragma once

#include <cstdint>
#include <string>

#include "fusion/policy/policy.h"
#include "fusion/source_ids.h"

namespace topobathy {

/// Where a statement about heights comes from.
enum class StatedBy {
  kFile,      ///< the file itself
  kArchive,   ///< the archive's metadata of this asset
  kProvider,  ///< the documented default of the provider: assumed
};

/// What an asset's heights count from.
struct HeightStatement {
  std::string crs;  ///< vertical CRS ("EPSG:5703"), or a geographic 3D one for ellipsoidal heights;
                    ///< "" = not known
  StatedBy by = StatedBy::kProvider;
};

/// One file (or piece of a service) that an archive delivers, as its catalogue describes it; no
/// byte of it has been looked at. Plain values: kept in discovery caches.
struct Asset {
  enum class Access {
    kStream,    ///< windows of it are read where it lies
    kDownload,  ///< copied whole before it is read
    kService,   ///< the archive makes a local file of what its server answers
  };

  std::string id;   ///< unique in its archive, stable between editions ("ncei19_n40x75_w074x00")
  std::string url;  ///< as published, unsigned
  Access access = Access::kStream;
  std::string member;       ///< of a zip at `url`: the file inside; "" = `url` is the file
  LonLatBox box;            ///< that its pixels lie in (not smaller); east may pass 180
  double resolution = 0.0;  ///< metres, 0 = not stated
  int year = 0;             ///< of the survey, 0 = not stated
  std::string project;      ///< id of the archive's project, "" = none
  /// Among assets that overlap the higher lies on top; equal ranks by id. Given by the archive,
  /// the same whatever box was asked for.
  double rank = 0.0;
  std::int64_t size = -1;   ///< bytes, -1 = not stated
  std::string sha256;       ///< of the file, lower-case hex, "" = not published
  std::string revision;     ///< tells editions apart: checksum, dated name or ETag; never ""
  std::string sidecar_url;  ///< PAM side-car with an attribute table; "" = none
  std::string sidecar_sha256;
  HeightStatement heights;
  /// Provider, key, survey id, institution, dates, licence, link as far as the archive states them.
  SourceRecord record;
};

/// An asset that was found, and whether the step takes it.
struct Candidate {
  Asset asset;
  std::string excluded;  ///< why not ("older than min_year 2015"); "" = it is taken
};

}  // namespace topobathy
