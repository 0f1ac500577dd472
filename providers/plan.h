#pragma once

#include <memory>

#include "fusion/fuse.h"
#include "providers/source_access.h"

namespace topobathy {

/// The grid a policy asks for. \throws Error
Lattice make_lattice(const Policy& policy);

/// Makes a policy ready for fusing on a lattice: layers made, transitions resolved to steps, zones
/// brought to lattice coordinates. Opens nothing. \throws Error
std::shared_ptr<const FusePlan> make_plan(const Policy& policy, const Lattice& lattice,
                                          std::shared_ptr<SourceIds> ids,
                                          const SourceAccess& access = {});

}  // namespace topobathy
