#include "utils/serve/freshness.h"

namespace topobathy {
namespace {

/// A field of HTTP holds no line break; other bytes than ASCII read differently everywhere.
std::string header_value(std::string text) {
  for (char& c : text)
    if (c < 0x20 || c > 0x7e) c = '?';
  return text;
}

}  // namespace

void add_freshness(ServiceAnswer& answer, const std::string& left_out) {
  answer.headers.emplace_back("Cache-Control", left_out.empty() ? "no-cache" : "no-store");
  if (!left_out.empty())
    answer.headers.emplace_back("X-Topobathy-Incomplete", header_value(left_out));
}

}  // namespace topobathy
