#include "providers/dem/dem_archive.h"

#include <utility>

#include "fusion/parallel.h"
#include "providers/archive/tuning.h"

namespace topobathy {

DemArchive::DemArchive(const ArchiveSetup& setup, Model model)
    : Archive(setup), model_(std::move(model)) {}

std::vector<Candidate> DemArchive::find(const LonLatBox& box) {
  std::vector<Candidate> candidates;
  for (Asset& asset : model_.source->list(box)) {
    std::string why = left_out(filter(), asset, /*names=*/true);
    candidates.push_back({std::move(asset), std::move(why)});
  }
  parallel_for(candidates.size(), kAskedAtOnce, [&](std::size_t i) {
    auto& [asset, excluded] = candidates[i];
    // Nobody reads what is left out: it is not worth a question, nor a failure.
    if (excluded.empty()) model_.source->state_revision(asset);
    if (asset.revision.empty()) asset.revision = "not asked";
  });
  sort_candidates(candidates);
  return candidates;
}

AssetFile DemArchive::open(const Asset& asset, double pixel) {
  model_.source->make_ready(asset);
  return Archive::open(asset, pixel);
}

}  // namespace topobathy
