#include "providers/registry.h"

#include <functional>
#include <limits>
#include <map>

#include "providers/raster/raster_layer.h"

namespace topobathy {
namespace {

/// A provider that is known by name only.
class UnreadableLayer final : public LayerSource {
 public:
  explicit UnreadableLayer(const std::string& provider)
      : message_("provider '" + provider +
                 "' is known, but this version cannot read its archive: use provider 'raster' on "
                 "downloaded files") {}

  bool may_cover(const Lattice&, const LatticeWindow&) override { return true; }
  std::vector<SourceRevision> revisions(const Lattice&, const LatticeWindow&) override {
    return {};
  }
  LayerOutcome read(const LayerRequest&, LayerPlanes&) override { return LayerFailure{message_}; }
  std::optional<LonLatBox> lonlat_extent() override { return std::nullopt; }
  std::size_t named_sources() const override { return 0; }
  std::vector<SourceId> source_ids(bool) override { return {}; }
  bool revalidate() override { return false; }
  SourceReport report(const Lattice&) override {
    SourceReport report;
    report.findings.push_back({Finding::Severity::kError, message_, {}});
    return report;
  }

 private:
  const std::string message_;
};

using Factory = std::function<std::shared_ptr<LayerSource>(const ProviderSetup&)>;

const std::map<std::string, Factory>& factories() {
  static const std::map<std::string, Factory> table{
      {"raster",
       [](const ProviderSetup& setup) {
         return std::make_shared<RasterLayer>(setup.step, setup.directory, setup.ids, setup.access,
                                              setup.heights);
       }},
  };
  return table;
}

}  // namespace

std::shared_ptr<LayerSource> make_layer(const ProviderSetup& setup) {
  const auto factory = factories().find(setup.step.provider);
  if (factory == factories().end()) return std::make_shared<UnreadableLayer>(setup.step.provider);
  return factory->second(setup);
}

}  // namespace topobathy
