#pragma once

#include <vector>

#include "providers/archive/archive.h"

namespace topobathy {

/// ETOPO 2022 of NOAA NCEI: land, sea floor and ice surface of the world at 15 arc-seconds, in 288
/// tiles of 15 degrees (COG, Float32), each named by its north-west corner. All of them exist, so
/// nothing is asked to find one. Heights count from the EGM2008 geoid.
class EtopoArchive final : public Archive {
 public:
  using Archive::Archive;
  std::vector<Candidate> find(const LonLatBox& box) override;
};

}  // namespace topobathy
