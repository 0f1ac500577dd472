#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fusion/finding.h"
#include "fusion/lattice.h"
#include "fusion/policy/policy.h"

namespace topobathy {

/// A step as it was checked.
struct StepCheck {
  std::string name;
  std::string provider;
  std::string blend;                    ///< blend_text()
  std::optional<SourceReport> sources;  ///< nothing when files were not looked at
  std::vector<Finding> findings;        ///< those of the sources too, with their place
};

/// The grid the policy opens on.
struct GridCheck {
  Lattice lattice;
  LatticeWindow extent;
  int coarsest_level = 0;
};

/// What opening and reading a policy would come upon, found without reading a pixel.
struct PolicyCheck {
  std::optional<Policy> policy;  ///< nothing when its text is wrong
  std::optional<GridCheck> grid;
  std::vector<StepCheck> steps;   ///< bottom-up
  std::vector<Finding> findings;  ///< of the policy as a whole

  std::size_t count(Finding::Severity severity) const;
};

/// Checks a policy file: its text, the CRSs and vertical grids, and, with `files`, the headers of
/// every source. \throws Error when the policy file itself cannot be read
PolicyCheck check_policy(const std::string& path, bool files);

}  // namespace topobathy
