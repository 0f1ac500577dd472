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
    bool named = false;  ///< tiles belong to surveys that patterns may choose from
    std::optional<LonLatBox> extent;
  };
  DemArchive(const ArchiveSetup& setup, Model model);

  std::vector<Candidate> find(const LonLatBox& box) override;
  AssetFile open(const Asset& asset, double pixel) override;
  std::optional<LonLatBox> extent() const override { return model_.extent; }

 private:
  const Model model_;
};

/// The step's product, or the provider's first. \throws Error(kUsage): it has no such product
std::string chosen_product(const Step& step);

}  // namespace topobathy
