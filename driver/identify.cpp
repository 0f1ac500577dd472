#include "driver/identify.h"

#include <gdal_priv.h>

#include <string_view>

#include "driver/connection_string.h"
#include "fusion/policy/load.h"

namespace topobathy {
namespace {

/// How far Open reads on in search of the first key: licence headers are shorter.
constexpr int kLongestHead = 64 * 1024;

std::string_view head_of(const GDALOpenInfo& info) {
  if (info.pabyHeader == nullptr || info.nHeaderBytes <= 0) return {};
  return {reinterpret_cast<const char*>(info.pabyHeader),
          static_cast<std::size_t>(info.nHeaderBytes)};
}

/// Nothing but blank and "#" lines, the last one perhaps cut.
bool is_comment_only(std::string_view text) {
  bool in_comment = false;
  for (const char c : text) {
    if (c == '\n')
      in_comment = false;
    else if (c == '#')
      in_comment = true;
    else if (!in_comment && c != ' ' && c != '\t' && c != '\r')
      return false;
  }
  return true;
}

}  // namespace

int identify(GDALOpenInfo* info) {
  if (has_connection_prefix(info->pszFilename)) return TRUE;
  if (info->bIsDirectory) return FALSE;
  const std::string_view head = head_of(*info);
  if (head.empty()) return FALSE;
  if (looks_like_policy(head.data(), head.size())) return TRUE;
  constexpr std::size_t kGdalHead = 1024;  // a shorter head is the whole file
  const bool may_go_on = head.size() >= kGdalHead && is_comment_only(head);
  return may_go_on ? GDAL_IDENTIFY_UNKNOWN : FALSE;
}

bool is_policy(GDALOpenInfo* info) {
  const int known = identify(info);
  if (known != GDAL_IDENTIFY_UNKNOWN) return known == TRUE;
  if (!info->TryToIngest(kLongestHead)) return false;
  const std::string_view head = head_of(*info);
  return looks_like_policy(head.data(), head.size());
}

}  // namespace topobathy
