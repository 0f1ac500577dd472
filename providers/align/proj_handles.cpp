#include "providers/align/proj_handles.h"

#include <cpl_string.h>
#include <ogr_srs_api.h>

#include <utility>

#include "fusion/error.h"

namespace topobathy {

namespace {

/// GDAL's choice of directories, else PROJ's own.
CPLStringList usual_directories() {
  CPLStringList paths(OSRGetPROJSearchPaths());
  if (paths.size() > 0) return paths;
  const PJ_INFO info = proj_info();
  for (std::size_t i = 0; i < info.path_count; ++i)
    paths.AddString(info.paths[i]);
  return paths;
}

}  // namespace

ProjContext make_proj_context(const ProjSetup& setup) {
  ProjContext context(proj_context_create());
  proj_log_level(context.get(), PJ_LOG_NONE);
  CPLStringList paths(OSRGetPROJSearchPaths());
  if (!setup.grid_directories.empty()) paths = usual_directories();
  for (const std::string& directory : setup.grid_directories)
    paths.AddString(directory.c_str());
  if (paths.size() > 0) proj_context_set_search_paths(context.get(), paths.size(), paths.List());
  proj_context_set_enable_network(context.get(), setup.network.empty() ? 0 : 1);
  if (!setup.network.empty()) proj_context_set_url_endpoint(context.get(), setup.network.c_str());
  return context;
}

std::string proj_search_path(const ProjSetup& setup) {
  const CPLStringList paths(OSRGetPROJSearchPaths());
  std::string text;
  for (int i = 0; i < paths.size(); ++i)
    text.append(paths[i]).push_back('\n');
  for (const std::string& directory : setup.grid_directories)
    text.append(directory).push_back('\n');
  return text + setup.network;
}

ProjOperation::ProjOperation(ProjContext context, ProjObject operation, std::string name,
                             ProjSetup setup)
    : setup_(std::move(setup)), context_(std::move(context)), prototype_(std::move(operation)) {
  const PJ_PROJ_INFO pj = proj_pj_info(prototype_.get());
  info_.definition = pj.definition != nullptr ? pj.definition : "";
  info_.name = std::move(name);
  info_.accuracy = proj_coordoperation_get_accuracy(context_.get(), prototype_.get());
  info_.ballpark =
      proj_coordoperation_has_ballpark_transformation(context_.get(), prototype_.get()) == 1;
}

std::unique_ptr<ProjOperation::Handle> ProjOperation::take() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!idle_.empty()) {
    auto handle = std::move(idle_.back());
    idle_.pop_back();
    return handle;
  }
  auto handle = std::make_unique<Handle>();
  handle->context = make_proj_context(setup_);
  handle->operation.reset(proj_clone(handle->context.get(), prototype_.get()));
  if (!handle->operation)
    throw Error(ErrorCode::kInternal, "PROJ cannot copy the operation '" + info_.name + "'");
  return handle;
}

void ProjOperation::give_back(std::unique_ptr<Handle> handle) const noexcept {
  try {
    const std::lock_guard<std::mutex> lock(mutex_);
    idle_.push_back(std::move(handle));
  } catch (...) {
    // Out of memory: the copy is dropped instead of kept.
  }
}

}  // namespace topobathy
