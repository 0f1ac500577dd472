#include "utils/policy_json.h"

namespace topobathy {

nlohmann::ordered_json policy_json(const Policy& policy) {
  nlohmann::ordered_json json;
  json["file"] = policy.file;
  json["name"] = policy.name;
  json["version"] = policy.version;
  json["hash"] = policy.hash;
  return json;
}

}  // namespace topobathy
