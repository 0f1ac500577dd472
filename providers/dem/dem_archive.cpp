#include "providers/dem/dem_archive.h"

#include <utility>

namespace topobathy {

DemArchive::DemArchive(const ArchiveSetup& setup, Model model)
    : Archive(setup), model_(std::move(model)) {}

std::vector<Candidate> DemArchive::find(const LonLatBox& box) {
  std::vector<Candidate> candidates;
  for (Asset& asset : model_.source->list(box)) {
    std::string why = left_out(filter(), asset, /*names=*/true);
    // Nobody reads what is left out: it is not worth a question, nor a failure.
    if (why.empty()) model_.source->state_revision(asset);
    if (asset.revision.empty()) asset.revision = "not asked";
    candidates.push_back({std::move(asset), std::move(why)});
  }
  sort_candidates(candidates);
  return candidates;
}

AssetFile DemArchive::open(const Asset& asset, double pixel) {
  model_.source->make_ready(asset);
  return Archive::open(asset, pixel);
}

}  // namespace topobathy
