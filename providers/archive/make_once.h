#pragma once

#include <functional>
#include <string>

#include "providers/archive/archive_context.h"

namespace topobathy {

/// Sees to it that a file in the provider's folder is ready: of all threads and processes that want
/// it at the same time one runs `make`, the others wait for it. `ready` tells whether nothing is
/// left to do; it is asked first without and then with the turn held. `make` finds the file's
/// directory there and writes `path` as a whole or not at all.
/// \throws Error(kCache) for the disk, and what `make` throws
void make_once(const ArchiveContext& context, const std::string& path,
               const std::function<bool()>& ready, const std::function<void()>& make);

/// Where a file of that name (relative) lies: in the provider's folder, or in the one that is only
/// read. "" = in neither.
std::string find_kept(const ArchiveContext& context, const std::string& name);

}  // namespace topobathy
