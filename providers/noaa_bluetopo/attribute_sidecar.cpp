#include "providers/noaa_bluetopo/attribute_sidecar.h"

#include <cpl_minixml.h>
#include <cpl_string.h>
#include <cpl_vsi.h>

#include <memory>
#include <optional>

#include "cache/atomic_file.h"
#include "fusion/error.h"
#include "fusion/sha256.h"
#include "providers/archive/links.h"
#include "providers/archive/make_once.h"
#include "providers/archive/raw_files.h"
#include "providers/raster/gdal_errors.h"

namespace topobathy {
namespace {

/// A thousand times the usual one.
constexpr std::uint64_t kMostBytes = std::uint64_t{16} << 20;

bool has_value_column(const CPLXMLNode* table) {
  for (const CPLXMLNode* node = table->psChild; node != nullptr; node = node->psNext) {
    if (node->eType == CXT_Element && EQUAL(node->pszValue, "FieldDefn") &&
        EQUAL(CPLGetXMLValue(node, "Name", ""), "value"))
      return true;
  }
  return false;
}

std::optional<std::string> read_file(const std::string& path) {
  const QuietGdalErrors quiet;
  GByte* bytes = nullptr;
  vsi_l_offset size = 0;
  if (VSIIngestFile(nullptr, path.c_str(), &bytes, &size, static_cast<GIntBig>(kMostBytes)) == 0)
    return std::nullopt;
  const std::unique_ptr<GByte, decltype(&VSIFree)> owned(bytes, &VSIFree);
  return std::string(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

bool is_right(const std::string& content, const Asset& asset) {
  return asset.sidecar_sha256.empty() ? has_contributor_table(content)
                                      : sha256_hex(content) == asset.sidecar_sha256;
}

bool is_right_file(const std::string& path, const Asset& asset) {
  const auto content = read_file(path);
  return content && is_right(*content, asset);
}

void require_right(const std::string& content, const Asset& asset) {
  const std::string where = "'" + without_secrets(asset.sidecar_url) + "': ";
  if (!asset.sidecar_sha256.empty() && sha256_hex(content) != asset.sidecar_sha256)
    throw Error(ErrorCode::kUnreadable,
                where +
                    "the side-car's SHA-256 is not the one that the tile scheme states; try "
                    "again later, when the archive is whole");
  if (!has_contributor_table(content))
    throw Error(ErrorCode::kUnreadable,
                where +
                    "the side-car holds no attribute table with a column 'value'; try again "
                    "later, when the archive is whole");
}

/// Nothing when the archive says that there is none.
std::optional<std::string> download(const ArchiveContext& context, const Asset& asset) {
  HttpRequest request;
  request.url = asset.sidecar_url;
  request.max_bytes = kMostBytes;
  const HttpAnswer answer = context.http->ask(request);
  if (answer.absent()) return std::nullopt;
  const std::string& content = require_body(answer, request.url);
  require_right(content, asset);
  return content;
}

}  // namespace

bool has_contributor_table(const std::string& xml) {
  if (xml.find('\0') != std::string::npos) return false;
  // The parser itself limits how deep elements lie in each other.
  const QuietGdalErrors quiet;
  const CPLXMLTreeCloser tree(CPLParseXMLString(xml.c_str()));
  const CPLXMLNode* const root =
      tree.get() == nullptr ? nullptr : CPLGetXMLNode(tree.get(), "=PAMDataset");
  if (root == nullptr) return false;
  for (const CPLXMLNode* node = root->psChild; node != nullptr; node = node->psNext) {
    if (node->eType != CXT_Element || !EQUAL(node->pszValue, "PAMRasterBand")) continue;
    const CPLXMLNode* const table =
        CPLGetXMLNode(const_cast<CPLXMLNode*>(node), "GDALRasterAttributeTable");
    if (table != nullptr && has_value_column(table)) return true;
  }
  return false;
}

LocalSidecar fetch_sidecar(const ArchiveContext& context, const Asset& asset) {
  const std::string name = file_name_of(asset.sidecar_url);
  if (!is_plain_name(name))
    throw Error(ErrorCode::kUnreadable, "'" + without_secrets(asset.sidecar_url) +
                                            "': the name of the side-car is none of a file");
  LocalSidecar local;
  local.path = find_kept(context, "sidecars/" + name);
  if (!local.path.empty() && is_right_file(local.path, asset)) return local;
  local.path = writable_folder(context) + "/sidecars/" + name;
  make_once(
      context, local.path, [&] { return is_right_file(local.path, asset); },
      [&] {
        local.was_asked_for = true;
        const auto content = download(context, asset);
        local.is_gone = !content;
        if (content)
          write_file_atomically(posix_file_system(), local.path,
                                Bytes(content->begin(), content->end()));
      });
  return local;
}

}  // namespace topobathy
