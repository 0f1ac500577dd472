#include <map>

#include "providers/archive/archive.h"
#include "providers/ncei_cudem/cudem_archive.h"
#include "providers/noaa_topobathy/topobathy_archive.h"

namespace topobathy {
namespace {

using Factory = std::unique_ptr<Archive> (*)(const ArchiveSetup&);

template <class Kind>
std::unique_ptr<Archive> make(const ArchiveSetup& setup) {
  return std::make_unique<Kind>(setup);
}

/// One line a provider; the name is that of fusion/policy/provider_names.cpp.
const std::map<std::string, Factory>& factories() {
  static const std::map<std::string, Factory> kAll = {
      {"ncei_cudem", make<CudemArchive>},
      {"noaa_topobathy", make<TopobathyArchive>},
  };
  return kAll;
}

}  // namespace

std::unique_ptr<Archive> make_archive(const std::string& provider, const ArchiveSetup& setup) {
  const auto found = factories().find(provider);
  return found == factories().end() ? nullptr : found->second(setup);
}

}  // namespace topobathy
