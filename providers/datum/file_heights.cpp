#include "providers/datum/file_heights.h"

#include <utility>

#include "fusion/error.h"
#include "providers/datum/height_names.h"

namespace topobathy {
namespace {

/// \throws Error as HeightShift::between()
void find_shift(const StatedHeights& stated, const HeightTarget& target, FileHeights& heights) {
  if (!are_known_heights(heights.datum)) throw unknown_heights(stated.path, heights.datum);
  auto shift = HeightShift::between(target.horizontal_crs, heights.datum, target.crs,
                                    target.options, stated.area);
  if (shift.zero()) return;
  heights.pipeline = shift.info().pipeline;
  heights.accuracy = shift.info().accuracy;
  heights.shift = std::make_shared<const HeightShift>(std::move(shift));
}

}  // namespace

FileHeights heights_of_file(const StatedHeights& stated, const Step& step,
                            const HeightTarget& target) {
  const LayerHeights said = layer_heights(step.vertical_crs, stated.own, stated.archive);
  FileHeights heights;
  heights.datum = in_frame_of(said.crs, stated.crs);
  heights.basis = said.basis;
  if (target.crs.empty()) return heights;
  if (heights.datum.empty() && stated.named_by_policy) {
    heights.datum = target.crs;
    heights.basis = "assumed";
    return heights;
  }
  try {
    find_shift(stated, target, heights);
  } catch (const Error& error) {
    if (step.assume_heights) {
      heights.datum = target.crs;
      heights.basis = "assumed";
      return heights;
    }
    throw Error(error.code(), "'" + stated.path + "': " + error.message());
  }
  return heights;
}

}  // namespace topobathy
