#include "providers/raster/describe_files.h"

#include <gdal.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "fusion/error.h"
#include "fusion/parallel.h"
#include "providers/raster/description_bytes.h"
#include "providers/raster/file_description.h"
#include "providers/raster/file_stamp.h"
#include "providers/raster/network_access.h"
#include "providers/raster/recent_stamp.h"
#include "providers/raster/sampling_tuning.h"

namespace topobathy {
namespace {

/// A file in this process's memory, or one that no stamp tells apart, is looked at each time.
bool can_be_remembered(const std::string& path, const FileStamp& stamp) {
  const bool own_memory = path.find("/vsimem/") != std::string::npos;
  const bool told_apart = !stamp.etag.empty() || stamp.mtime_ns != 0;
  return !own_memory && told_apart;
}

FactKey key_of(const std::string& path, bool allow_vrt, const std::string& revision) {
  // Another GDAL may read more out of the same file.
  static const std::string& reader =
      *new std::string(std::to_string(kDescriptionVersion) + ' ' + GDALVersionInfo("VERSION_NUM"));
  return {path + (allow_vrt ? "\nvrt" : ""), reader + ' ' + revision};
}

/// One file on its way from name to catalogue.
struct Look {
  std::string revision;  ///< "" = must be opened
  std::string remembered;
  std::optional<FileDescription> opened;  ///< to be remembered
};

void for_each_file(const std::vector<NamedFile>& names,
                   const std::function<void(std::size_t)>& task) {
  const bool remote = std::any_of(names.begin(), names.end(),
                                  [](const NamedFile& name) { return is_network_path(name.path); });
  const std::size_t threads = std::min(names.size() / kFilesAThread + 1, processor_count());
  parallel_for(names.size(), remote ? kRemoteFilesAtOnce : threads, task);
}

void recall(const std::vector<NamedFile>& names, bool allow_vrt, const SourceAccess& access,
            std::vector<Look>& looks) {
  for_each_file(names, [&](std::size_t i) {
    if (access.offline && is_network_path(names[i].path)) return;
    const auto stamp = recent_stamp(names[i].path);
    if (stamp && can_be_remembered(names[i].path, *stamp)) looks[i].revision = stamp->text();
  });
  std::vector<FactKey> keys;
  std::vector<Look*> asked;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (looks[i].revision.empty()) continue;
    keys.push_back(key_of(names[i].path, allow_vrt, looks[i].revision));
    asked.push_back(&looks[i]);
  }
  std::vector<std::string> values = access.facts->find(keys);
  for (std::size_t i = 0; i < asked.size(); ++i)
    asked[i]->remembered = std::move(values[i]);
}

std::optional<FileDescription> remembered(const std::string& path, const Look& look) {
  if (look.remembered.empty()) return std::nullopt;
  auto description = read_description(look.remembered);
  if (!description || !are_neighbours_unchanged(path, description->neighbours)) return std::nullopt;
  description->header.path = path;
  description->header.revision = look.revision;
  return description;
}

DescribedFile describe(const NamedFile& name, const Step& step, bool offline, Look& look) {
  try {
    require_at_hand(name.path, offline);
    const NetworkBlock block_network(offline);
    auto description = remembered(name.path, look);
    if (!description) {
      description = describe_file(name.path, step.files.allow_vrt);
      // A VRT's sources may be many, and are looked for on the network too.
      const bool vrt = description->header.driver == "VRT";
      if (!look.revision.empty() && !vrt) look.opened = description;
    }
    return make_catalogue_file(name, *std::move(description), step);
  } catch (const Error& error) {
    return std::string(error.what());
  }
}

void keep(const std::vector<NamedFile>& names, bool allow_vrt, const std::vector<Look>& looks,
          FactStore& memory) {
  std::vector<Fact> facts;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!looks[i].opened) continue;
    // Its revision when it was opened: it may have changed since the first look.
    facts.push_back({key_of(names[i].path, allow_vrt, looks[i].opened->header.revision),
                     description_bytes(*looks[i].opened)});
  }
  memory.keep(facts);
}

}  // namespace

std::vector<DescribedFile> describe_files(const std::vector<NamedFile>& names, const Step& step,
                                          const SourceAccess& access) {
  std::vector<Look> looks(names.size());
  if (access.facts) recall(names, step.files.allow_vrt, access, looks);
  std::vector<DescribedFile> files(names.size());
  for_each_file(
      names, [&](std::size_t i) { files[i] = describe(names[i], step, access.offline, looks[i]); });
  if (access.facts) keep(names, step.files.allow_vrt, looks, *access.facts);
  return files;
}

}  // namespace topobathy
