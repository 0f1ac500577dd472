#include <nlohmann/json.hpp>

#include "cache/tiers.h"
#include "utils/cache/cache_verbs.h"
#include "utils/exit_status.h"
#include "utils/json_values.h"

namespace topobathy {
namespace {

void print_json(const CacheRequest& request, std::ostream& out) {
  nlohmann::ordered_json json{{"format", kJsonFormat}, {"root", request.root}};
  json["tiers"] = nlohmann::ordered_json::array();
  for (const Tier& tier : tiers())
    json["tiers"].push_back({{"tier", tier.number},
                             {"name", tier.name},
                             {"paths", tier.paths},
                             {"what", tier.what},
                             {"rebuilt", tier.rebuilt},
                             {"purge", tier.when},
                             {"dear", tier.dear}});
  out << json_text(json) << '\n';
}

}  // namespace

int run_info(const CacheRequest& request, std::ostream& out) {
  if (request.json) {
    print_json(request, out);
    return kExitOk;
  }
  out << request.root << '\n';
  for (const Tier& tier : tiers())
    out << "\n  tier " << tier.number << ": " << tier.name << (tier.dear ? "  !" : "")
        << "\n    paths    " << tier.paths << "\n    holds    " << tier.what << "\n    rebuilt  "
        << tier.rebuilt << "\n    purge    " << tier.when << '\n';
  out << "\n  In no tier, and never purged: sources.sqlite (the ids of sources), "
         "raster/headers.sqlite "
         "(file headers), policies/, hydration_jobs/, locks.\n";
  return kExitOk;
}

}  // namespace topobathy
