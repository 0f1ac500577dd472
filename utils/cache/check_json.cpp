#include <nlohmann/json.hpp>

#include "utils/cache/check_report.h"
#include "utils/json_values.h"

namespace topobathy {
namespace {

using nlohmann::ordered_json;

/// Bytes of foreign names that are no UTF-8 become replacement characters.
std::string compact(const ordered_json& json) {
  return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

ordered_json counts_json(const std::map<AuditKind, std::uint64_t>& counts) {
  ordered_json json = ordered_json::object();
  for (const auto& [kind, count] : counts)
    json[name_of(kind)] = count;
  return json;
}

/// Findings are a line each and written as they come: there may be millions.
class JsonReport final : public CheckReport {
 public:
  JsonReport(std::ostream& out, const AuditSettings& settings) : out_(out) {
    out_ << "{\n  \"format\": " << kJsonFormat << ",\n  \"root\": " << compact(settings.root)
         << ",\n  \"clean\": " << compact(settings.clean) << ",\n  \"findings\": [";
  }

  void add(const AuditFinding& finding, const AuditOutcome& outcome) override {
    ordered_json json{{"kind", topobathy::name_of(finding.kind)},
                      {"tier", finding.tier == 0 ? ordered_json() : ordered_json(finding.tier)},
                      {"path", finding.path},
                      {"what", finding.what},
                      {"remedy", remedy_of(finding.kind)},
                      {"note", is_note(finding.kind)},
                      {"outcome", to_text(outcome.state)}};
    if (!outcome.why.empty()) json["why"] = outcome.why;
    out_ << (begun_ ? ",\n    " : "\n    ") << compact(json);
    begun_ = true;
  }

  void finish(const AuditSummary& summary, int status) override {
    out_ << (begun_ ? "\n  ],\n" : "],\n");
    member("files", summary.files);
    member("bytes", summary.bytes);
    member("seconds", summary.seconds);
    member("stopped", summary.stopped);
    member("found", counts_json(summary.found));
    member("repaired", counts_json(summary.repaired));
    member("damage", summary.damage());
    member("left", summary.left());
    member("unread_folders", summary.unread_folders);
    out_ << "  \"status\": " << status << "\n}\n";
  }

 private:
  void member(const char* name, const ordered_json& value) {
    out_ << "  \"" << name << "\": " << compact(value) << ",\n";
  }

  std::ostream& out_;
  bool begun_ = false;
};

}  // namespace

std::unique_ptr<CheckReport> make_json_report(std::ostream& out, const AuditSettings& settings) {
  return std::make_unique<JsonReport>(out, settings);
}

}  // namespace topobathy
