#include "providers/align/proj_handles.h"

#include <cpl_string.h>
#include <ogr_srs_api.h>

#include <utility>

#include "fusion/error.h"

namespace topobathy {

ProjContext make_proj_context() {
  ProjContext context(proj_context_create());
  proj_log_level(context.get(), PJ_LOG_NONE);
  proj_context_set_enable_network(context.get(), 0);
  CPLStringList paths(OSRGetPROJSearchPaths());
  if (paths.size() > 0) proj_context_set_search_paths(context.get(), paths.size(), paths.List());
  return context;
}

std::string proj_search_path() {
  const CPLStringList paths(OSRGetPROJSearchPaths());
  std::string text;
  for (int i = 0; i < paths.size(); ++i)
    text.append(paths[i]).push_back('\n');
  return text;
}

ProjOperation::ProjOperation(ProjContext context, ProjObject operation, std::string name)
    : context_(std::move(context)), prototype_(std::move(operation)) {
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
  handle->context = make_proj_context();
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
