#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <fnmatch.h>
#include <ogrsf_frmts.h>

#include <algorithm>
#include <memory>

#include "fusion/error.h"
#include "providers/raster/gdal_errors.h"
#include "providers/raster/network_access.h"
#include "providers/raster/raster_catalogue.h"
#include "providers/raster/subdataset_name.h"

namespace topobathy {
namespace {

bool is_absolute(const std::string& path) {
  return path.rfind("/", 0) == 0 || path.find("://") != std::string::npos;
}

std::string join(const std::string& directory, const std::string& name) {
  if (is_absolute(name) || directory.empty()) return name;
  if (auto subdataset = parse_subdataset_name(name)) {
    subdataset->file = join(directory, subdataset->file);
    return subdataset->text();
  }
  return directory.back() == '/' ? directory + name : directory + "/" + name;
}

bool has_wildcard(const std::string& text) {
  return text.find_first_of("*?[") != std::string::npos;
}

std::vector<std::string> sorted_names(const std::string& directory) {
  const CPLStringList names(VSIReadDir(directory.empty() ? "." : directory.c_str()));
  std::vector<std::string> sorted(names.List(), names.List() + names.Count());
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

/// Expands the components of `parts` from `at` on below `directory`; `key` is the same path as the
/// policy writes it.
void expand(const std::vector<std::string>& parts, std::size_t at, const std::string& directory,
            const std::string& key, std::vector<NamedFile>& files) {
  if (at == parts.size()) {
    files.push_back({directory, key, nullptr});
    return;
  }
  const auto step_into = [&](const std::string& name) {
    expand(parts, at + 1, join(directory, name), key.empty() ? name : key + "/" + name, files);
  };
  if (!has_wildcard(parts[at])) return step_into(parts[at]);
  for (const auto& name : sorted_names(directory))
    if (name != "." && name != ".." && fnmatch(parts[at].c_str(), name.c_str(), FNM_PERIOD) == 0)
      step_into(name);
}

/// The names a glob matches; directories among them.
std::vector<NamedFile> matching_names(const Step& step, const std::string& directory) {
  const std::string& glob = step.files.glob;
  const std::string root = is_absolute(glob) ? "/" : directory;
  const CPLStringList split(CSLTokenizeString2(glob.c_str(), "/", 0));
  const std::vector<std::string> parts(split.List(), split.List() + split.Count());
  std::vector<NamedFile> files;
  expand(parts, 0, root, "", files);
  return files;
}

std::vector<NamedFile> expand_glob(const Step& step, const std::string& directory) {
  std::vector<NamedFile> files = matching_names(step, directory);
  files.erase(std::remove_if(files.begin(), files.end(),
                             [](const NamedFile& file) {
                               VSIStatBufL status;
                               return VSIStatL(file.path.c_str(), &status) != 0 ||
                                      VSI_ISDIR(status.st_mode);
                             }),
              files.end());
  if (files.empty())
    throw Error(ErrorCode::kNotFound,
                "no file matches glob '" + step.files.glob + "' below '" + directory + "'",
                step.files_place);
  return files;
}

std::unique_ptr<GDALDataset> open_index(const std::string& path) {
  return std::unique_ptr<GDALDataset>(GDALDataset::Open(
      path.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY, nullptr, nullptr, nullptr));
}

std::string field_names(OGRFeatureDefn& definition) {
  std::string names;
  for (int i = 0; i < definition.GetFieldCount(); ++i)
    names += (names.empty() ? "" : ", ") + std::string(definition.GetFieldDefn(i)->GetNameRef());
  return names.empty() ? "none" : names;
}

std::vector<NamedFile> read_index(const Step& step, const std::string& directory) {
  const std::string path = join(directory, step.files.index);
  const QuietGdalErrors errors;
  const std::unique_ptr<GDALDataset> index = open_index(path);
  if (!index || index->GetLayerCount() < 1)
    throw Error(ErrorCode::kUnreadable,
                "cannot read the tile index '" + path +
                    "': " + errors.reason("no GDAL vector driver recognises it"),
                step.files_place);
  OGRLayer* layer = index->GetLayer(0);
  const std::string& wanted = step.files.index_location;
  const int field = layer->GetLayerDefn()->GetFieldIndex(wanted.c_str());
  if (field < 0)
    throw Error(ErrorCode::kUnreadable,
                "the tile index '" + path + "' has no field '" + wanted +
                    "': name the one with the files in location_field; there are: " +
                    field_names(*layer->GetLayerDefn()),
                step.files_place);
  const std::string beside = CPLGetPath(path.c_str());
  // The key tells of which folder: two indexes of one policy may both name a.tif.
  const std::string key_beside = CPLGetPath(step.files.index.c_str());
  std::vector<NamedFile> files;
  for (const auto& feature : *layer) {
    const std::string location = feature->GetFieldAsString(field);
    if (!location.empty())
      files.push_back({join(beside, location), join(key_beside, location), nullptr});
  }
  return files;
}

/// Names in a list are judged one by one when they are opened.
void require_list_at_hand(const Step& step, const std::string& directory, bool offline) {
  for (const std::string* list : {&step.files.glob, &step.files.index})
    if (!list->empty()) require_at_hand(join(directory, *list), offline);
}

}  // namespace

std::vector<NamedFile> list_files(const Step& step, const std::string& directory, bool offline) {
  const NetworkBlock block_network(offline);
  require_list_at_hand(step, directory, offline);
  std::vector<NamedFile> files;
  if (!step.files.glob.empty()) {
    files = expand_glob(step, directory);
  } else if (!step.files.index.empty()) {
    files = read_index(step, directory);
  } else {
    for (const auto& path : step.files.paths)
      files.push_back({join(directory, path), path, nullptr});
  }
  return files;
}

std::size_t count_files(const Step& step, const std::string& directory, bool offline) noexcept {
  constexpr auto kUnknown = static_cast<std::size_t>(-1);
  try {
    if (!step.files.paths.empty()) return step.files.paths.size();
    const NetworkBlock block_network(offline);
    require_list_at_hand(step, directory, offline);
    if (!step.files.glob.empty()) return matching_names(step, directory).size();
    const QuietGdalErrors errors;
    const auto index = open_index(join(directory, step.files.index));
    if (!index || index->GetLayerCount() < 1) return kUnknown;
    const GIntBig rows = index->GetLayer(0)->GetFeatureCount(/*bForce=*/FALSE);
    return rows < 0 ? kUnknown : static_cast<std::size_t>(rows);
  } catch (const std::exception&) {
    return kUnknown;
  }
}

}  // namespace topobathy
