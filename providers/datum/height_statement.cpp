#include "providers/datum/height_statement.h"

#include <cctype>

#include "providers/align/proj_crs.h"
#include "providers/datum/height_names.h"
#include "providers/raster/stated.h"

namespace topobathy {
namespace {

/// The datum's name in a vertical member that nobody knows; "" where there is no such member.
std::string vertical_name(const std::string& crs) {
  const ProjContext context = make_proj_context();
  try {
    ProjObject object = parse_crs(context.get(), crs);
    if (proj_get_type(object.get()) == PJ_TYPE_COMPOUND_CRS)
      object.reset(proj_crs_get_sub_crs(context.get(), object.get(), 1));
    object = unbound_crs(context.get(), std::move(object));
    if (!object || proj_get_type(object.get()) != PJ_TYPE_VERTICAL_CRS) return "";
    const ProjObject datum(proj_crs_get_datum_forced(context.get(), object.get()));
    for (const PJ* const named :
         {static_cast<const PJ*>(datum.get()), static_cast<const PJ*>(object.get())}) {
      const char* const name = named != nullptr ? proj_get_name(named) : nullptr;
      const std::string text = stated(name != nullptr ? name : "");
      if (!text.empty()) return text;
    }
  } catch (const Error&) {
    // A CRS that PROJ cannot read says nothing of heights; the horizontal part is refused
    // elsewhere.
  }
  return "";
}

/// What fields of file names mean. Not any name of a datum: "LAT" or "MTL" may be part of a title.
bool is_name_field(const std::string& heights) {
  for (const char* const field :
       {"MLLW", "MLW", "MHW", "MHHW", "MSL", "LWD", "IGLD85", "CRD", "ellipsoid"})
    if (heights == known_heights(field)) return true;
  return false;
}

}  // namespace

std::string heights_of_crs(const std::string& crs) {
  if (crs.empty()) return "";
  const std::string known = known_heights(crs);
  return known.empty() ? vertical_name(crs) : known;
}

std::string heights_of_text(const std::string& text) {
  const std::string said = stated(text);
  if (said.empty()) return "";
  const std::string known = known_heights(said);
  return known.empty() ? said : known;
}

std::string heights_of_name(const std::string& file_name) {
  const std::size_t slash = file_name.find_last_of("/\\");
  const std::string name = slash == std::string::npos ? file_name : file_name.substr(slash + 1);
  std::string field;
  for (const char c : name + "_") {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      field.push_back(c);
      continue;
    }
    const std::string heights = field.size() < 3 ? "" : known_heights(field);
    if (!heights.empty() && is_name_field(heights)) return heights;
    field.clear();
  }
  return "";
}

bool are_known_heights(const std::string& heights) {
  return !heights.empty() && !known_heights(heights).empty();
}

LayerHeights layer_heights(const std::optional<std::string>& step, const std::string& file,
                           const HeightStatement& archive) {
  if (step) return {canonical_heights(*step), "policy"};
  if (!file.empty()) return {file, "file"};
  const std::string said = heights_of_text(archive.crs);
  if (said.empty()) return {"", ""};
  switch (archive.by) {
    case StatedBy::kFile:
      return {said, "file"};
    case StatedBy::kArchive:
      return {said, "archive"};
    case StatedBy::kProvider:
      return {said, "assumed"};
  }
  return {"", ""};
}

Error unknown_heights(const std::string& file, const std::string& stated) {
  const std::string what = stated.empty() ? "states nothing that its heights count from"
                                          : "states heights above " + quoted_crs(stated) +
                                                ", which is no vertical datum that is known here";
  return {ErrorCode::kUnsupported,
          "'" + file + "' " + what +
              ", so they cannot be shifted to the policy's vertical_crs; state the true "
              "vertical_crs in the step, or take them as they are with vertical: assume"};
}

}  // namespace topobathy
