#include <map>

#include "providers/archive/archive.h"
#include "providers/ncei_bag/bag_archive.h"
#include "providers/noaa_bluetopo/bluetopo_archive.h"

namespace topobathy {

std::unique_ptr<Archive> make_archive(const std::string& provider, const ArchiveSetup& setup) {
  using Factory = std::unique_ptr<Archive> (*)(const ArchiveSetup&);
  static const std::map<std::string, Factory> table{
      {"ncei_bag", make_ncei_bag},
      {"noaa_bluetopo", make_bluetopo},
  };
  const auto factory = table.find(provider);
  return factory == table.end() ? nullptr : factory->second(setup);
}

}  // namespace topobathy
