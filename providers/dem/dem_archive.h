#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "providers/archive/archive.h"
#include "providers/dem/dem_source.h"

namespace topobathy {

/// A published elevation model: one product, its tiles read where they lie.
class DemArchive final : public Archive {
 public:
  struct Model {
    std::unique_ptr<DemSource> source;
    std::optional<LonLatBox> extent;
  };
  DemArchive(const ArchiveSetup& setup, Model model);

  std::vector<Candidate> find(const LonLatBox& box) override;
  AssetFile open(const Asset& asset, double pixel) override;
  std::optional<LonLatBox> extent() const override { return model_.extent; }

 private:
  const Model model_;
};

}  // namespace topobathy
