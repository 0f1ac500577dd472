#include "providers/archive/raw_files.h"

#include <cpl_conv.h>
#include <cpl_string.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <system_error>

#include "cache/atomic_file.h"
#include "cache/json_text.h"
#include "fusion/error.h"
#include "providers/archive/scratch_folder.h"
#include "providers/raster/open_dataset.h"

namespace topobathy {
namespace {

using nlohmann::json;

std::string note_path(const std::string& file) {
  return file + ".edition.json";
}

/// What tells the editions of one file apart.
std::string edition_text(const Asset& asset) {
  return canonical_text({{"url", json_from_bytes(without_secrets(asset.url))},
                         {"revision", json_from_bytes(asset.revision)}});
}

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

bool is_edition(const std::string& path, const Asset& asset) {
  std::error_code failed;
  return std::filesystem::is_regular_file(path, failed) &&
         content_of(note_path(path)) == edition_text(asset);
}

void write_note(const std::string& path, const Asset& asset) {
  const std::string text = edition_text(asset);
  write_file_atomically(posix_file_system(), note_path(path), Bytes(text.begin(), text.end()));
}

/// What came may be as long as it should be and still be something else: kept, it would fail for
/// ever.
void require_raster(const std::string& path, const Asset& asset) {
  try {
    open_dataset(make_recipe(path_inside(path, asset), {}, /*allow_vrt=*/false));
  } catch (const Error& error) {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
    throw Error(ErrorCode::kUnreadable, "'" + without_secrets(asset.url) +
                                            "' is no raster that can be read (" + error.what() +
                                            "); it is not kept: try again later");
  }
}

}  // namespace

std::string path_inside(const std::string& file, const Asset& asset) {
  return asset.member.empty() ? file : "/vsizip/{" + file + "}/" + asset.member;
}

std::string writable_folder(const ArchiveContext& context) {
  return context.may_write ? context.folder : scratch_folder() + "/" + context.provider;
}

std::string safe_file_name(const std::string& url) {
  const std::string plain = url.substr(0, url.find_first_of("?#"));
  char* const decoded =
      CPLUnescapeString(plain.substr(plain.rfind('/') + 1).c_str(), nullptr, CPLES_URL);
  std::string name = decoded;
  CPLFree(decoded);
  for (char& c : name)
    if (c == ' ') c = '_';
  constexpr std::size_t kLongest = 200;
  const bool plain_characters = name.find_first_not_of(
                                    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                    "-_.+()") == std::string::npos;
  if (name.empty() || name.front() == '.' || name.size() > kLongest || !plain_characters)
    throw Error(ErrorCode::kUnreadable,
                "'" + without_secrets(url) +
                    "' does not end in a file name that is safe to keep; the archive's catalogue "
                    "may be damaged");
  return name;
}

std::string find_raw_file(const ArchiveContext& context, const Asset& asset) {
  const std::string name = "/raw/" + safe_file_name(asset.url);
  if (is_edition(context.folder + name, asset)) return context.folder + name;
  if (context.may_write) return "";
  const std::string scratch = writable_folder(context) + name;
  return is_edition(scratch, asset) ? scratch : "";
}

std::string fetch_raw_file(const ArchiveContext& context, const Asset& asset) {
  if (const std::string known = find_raw_file(context, asset); !known.empty()) return known;
  Download wanted;
  wanted.url = asset.url;
  wanted.path = writable_folder(context) + "/raw/" + safe_file_name(asset.url);
  if (asset.size >= 0) wanted.size = static_cast<std::uint64_t>(asset.size);
  wanted.sha256 = asset.sha256;
  wanted.replace = true;  // what lies there is of another edition
  const HttpAnswer answer = context.http->download(wanted);
  if (!answer.ok())
    throw Error(ErrorCode::kUnreadable,
                "'" + without_secrets(asset.url) + "' is listed by " + context.provider +
                    " but the archive answers " + std::to_string(answer.status) +
                    ": try again later, or delete the provider's discovery.sqlite");
  require_raster(wanted.path, asset);
  write_note(wanted.path, asset);
  return wanted.path;
}

}  // namespace topobathy
