#include "utils/serve/tiles/attribution.h"

#include <set>

#include "fusion/error.h"

namespace topobathy {
namespace {

bool is_web_address(const std::string& text) {
  return text.rfind("https://", 0) == 0 || text.rfind("http://", 0) == 0;
}

std::string licence_html(const SourceRecord& record) {
  const bool linked = is_web_address(record.license_url);
  const std::string name = record.license_name.empty() && linked ? "licence" : record.license_name;
  if (!linked) return escaped_html(name);
  return "<a href=\"" + escaped_html(record.license_url) + "\" rel=\"noopener\">" +
         escaped_html(name) + "</a>";
}

std::string credit(const SourceRecord& record) {
  const std::string who = escaped_html(record.institution);
  const std::string licence = licence_html(record);
  if (who.empty() || licence.empty()) return who + licence;
  return who + " (" + licence + ")";
}

}  // namespace

std::string escaped_html(const std::string& text) {
  std::string html;
  for (const char c : printable(text)) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      case '\'':
        html += "&#39;";
        break;
      default:
        html += c;
    }
  }
  return html;
}

std::string attribution(const std::vector<std::pair<SourceId, SourceRecord>>& sources) {
  std::set<std::string> told;
  std::string html;
  for (const auto& [id, record] : sources) {
    const std::string one = credit(record);
    if (one.empty() || !told.insert(one).second) continue;
    html.append(html.empty() ? "" : "; ").append(one);
  }
  return html;
}

}  // namespace topobathy
