#include "providers/datum/stated_heights.h"

#include "fusion/error.h"
#include "providers/align/proj_crs.h"

namespace topobathy {
namespace {

std::optional<HeightReference> heights_of(PJ_CONTEXT* context, const std::string& crs) {
  try {
    return parse_height_reference(context, crs);
  } catch (const Error&) {
    return std::nullopt;
  }
}

ProjObject datum_of(PJ_CONTEXT* context, const HeightReference& heights) {
  return ProjObject(proj_crs_get_datum_forced(context, heights.crs.get()));
}

}  // namespace

std::optional<std::string> differing_heights(const std::string& source_crs,
                                             const std::string& assumed) {
  const ProjContext context = make_proj_context();
  const auto from = heights_of(context.get(), source_crs);
  const auto to = heights_of(context.get(), assumed);
  if (!from || !to) return std::nullopt;
  const ProjObject own = datum_of(context.get(), *from), other = datum_of(context.get(), *to);
  const bool same = from->ellipsoidal == to->ellipsoidal && own && other &&
                    equivalent_crs(context.get(), own.get(), other.get());
  if (same) return std::nullopt;
  const char* const name = proj_get_name(from->crs.get());
  return std::string(name == nullptr ? "" : name);
}

}  // namespace topobathy
