#include "utils/serve/hydrate/shown_job.h"

#include "cache/json_text.h"
#include "utils/serve/body/path_free.h"

namespace topobathy {

nlohmann::json shown_job(const HydrationJob& job) {
  nlohmann::json shown = parse_foreign_json(to_json_text(job));
  shown.erase("machine");
  const auto request = shown.find("request");
  if (request != shown.end()) {
    const auto kind = request->is_object() ? request->value("kind", nlohmann::json()) : nullptr;
    *request = nlohmann::json::object();
    if (kind.is_string()) (*request)["kind"] = kind;
  }
  if (!job.error.empty()) shown["error"] = path_free(job.error);
  return shown;
}

}  // namespace topobathy
