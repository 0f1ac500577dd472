#pragma once

#include "fusion/source_ids.h"

namespace topobathy {

struct Colour {
  int red = 0;
  int green = 0;
  int blue = 0;
};

/// The colour of a source in every table and picture: a function of its id alone, so it is the same
/// on every machine. Hue, saturation and lightness are drawn apart, so that neighbouring ids differ
/// clearly; never near white, black or grey, which maps use for "nothing".
Colour source_colour(SourceId id) noexcept;

}  // namespace topobathy
