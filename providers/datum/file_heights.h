#pragma once

#include <memory>
#include <optional>
#include <string>

#include "fusion/source_ids.h"
#include "providers/datum/height_shift.h"
#include "providers/datum/height_statement.h"
#include "providers/datum/height_target.h"

namespace topobathy {

/// What is known of a file's heights before they are shifted.
struct StatedHeights {
  std::string path;               ///< for messages
  std::string crs;                ///< its horizontal CRS: whose ellipsoid "ellipsoid" means
  std::optional<LonLatBox> area;  ///< where the file lies
  std::string own;                ///< what the file itself says (heights_of_crs() or _of_text())
  HeightStatement archive;        ///< what its archive says
  bool named_by_policy = false;   ///< a file of `raster`: without a statement it is taken for what
                                  ///< the policy asks
};

/// How a file's heights come to the policy's, and what its provenance tells of that.
struct FileHeights {
  std::shared_ptr<const HeightShift> shift;  ///< null: they stay as they are
  std::string datum;                         ///< canonical; "" = nobody says
  std::string basis;                         ///< "policy", "file", "archive", "assumed" or ""
  std::string pipeline;                      ///< of the shift, for people
  double accuracy = -1.0;                    ///< of the shift, metres; -1 = not known
};

/// \param step its vertical_crs, and whether it says `vertical: assume`: then what cannot be
/// shifted is taken as it is \throws Error(kUnsupported, kUsage, kUnreadable): the file, and why
/// its heights cannot be had in the policy's datum
FileHeights heights_of_file(const StatedHeights& stated, const Step& step,
                            const HeightTarget& target);

}  // namespace topobathy
