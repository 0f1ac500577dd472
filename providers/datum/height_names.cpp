#include "providers/datum/height_names.h"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <optional>

#include "fusion/error.h"
#include "fusion/policy/nearest.h"
#include "providers/align/proj_crs.h"
#include "providers/align/shared_by_key.h"

namespace topobathy {
namespace {

struct Datum {
  const char* name;                    ///< for people
  const char* canonical;               ///< the one text
  std::vector<const char*> spellings;  ///< more of them, squeezed (see squeezed())
};

const std::vector<Datum>& datums() {
  static const std::vector<Datum> kDatums = {
      {"MLLW", "EPSG:5866", {"meanlowerlowwater"}},
      {"MLW", "EPSG:5867", {"meanlowwater"}},
      {"MHW", "EPSG:5868", {"meanhighwater"}},
      {"MHHW", "EPSG:5869", {"meanhigherhighwater"}},
      {"MTL", "MTL", {"meantidelevel"}},
      {"DTL", "DTL", {"diurnaltidelevel", "meandiurnaltidelevel"}},
      {"MSL", "EPSG:5714", {"meansealevel", "lmsl", "localmeansealevel", "localmsl"}},
      {"LAT", "EPSG:5861", {"lowestastronomicaltide"}},
      {"LWD", "LWD", {"lowwaterdatum"}},
      {"CRD", "CRD", {"columbiariverdatum"}},
      {"IGLD85", "EPSG:5609", {"igld1985", "internationalgreatlakesdatum1985"}},
      {"NAVD88",
       "EPSG:5703",
       {"northamericanverticaldatum1988", "northamericanverticaldatumof1988"}},
      {"NGVD29",
       "EPSG:7968",
       {"nationalgeodeticverticaldatum1929", "nationalgeodeticverticaldatumof1929"}},
      {"PRVD02", "EPSG:6641", {"puertoricoverticaldatumof2002"}},
      {"VIVD09", "EPSG:6642", {"virginislandsverticaldatumof2009"}},
      {"GUVD04", "EPSG:6644", {"guamverticaldatumof2004"}},
      {"NMVD03", "EPSG:6640", {"northernmarianasverticaldatumof2003"}},
      {"ASVD02", "EPSG:6643", {"americansamoaverticaldatumof2002"}},
      {"EGM2008", "EPSG:3855", {"egm08", "egm2008geoid"}},
      {"EGM96", "EPSG:5773", {"egm1996", "egm96geoid"}},
      {"EGM84", "EPSG:5798", {"egm84geoid"}},
      // Without a frame: see in_frame_of().
      {"ellipsoid", "ellipsoid", {"ellipsoidal", "ellipsoidheight", "ellipsoidalheight"}},
  };
  return kDatums;
}

/// Letters and digits only, small: "Mean Lower-Low Water" and "mean lower low water" are one.
std::string squeezed(const std::string& text) {
  std::string result;
  for (const char c : text)
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      result.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
  return result;
}

/// "MLLW depth", "NAVD88 height (ftUS)", "NAVD88 (GEOID18)": what follows the datum's name says how
/// values are counted, or by which model they were made.
std::string without_axis(const std::string& text) {
  std::string name = text.substr(0, text.find('('));
  for (const char* const word : {"height", "depth"}) {
    const std::size_t at = squeezed(name).rfind(word);
    if (at != std::string::npos && at > 0 && at + std::strlen(word) == squeezed(name).size())
      return squeezed(name).substr(0, at);
  }
  return squeezed(name);
}

const Datum* by_name(const std::string& text) {
  const std::string whole = squeezed(text), bare = without_axis(text);
  for (const Datum& datum : datums())
    for (const std::string& word : {whole, bare})
      if (word == squeezed(datum.name) ||
          std::any_of(datum.spellings.begin(), datum.spellings.end(),
                      [&](const char* spelling) { return word == spelling; }))
        return &datum;
  return nullptr;
}

std::optional<std::string> code_of(const PJ* crs) {
  const char* const authority = proj_get_id_auth_name(crs, 0);
  const char* const code = proj_get_id_code(crs, 0);
  if (authority == nullptr || code == nullptr) return std::nullopt;
  return std::string(authority) + ":" + code;
}

/// Of a geographic CRS with heights.
std::string ellipsoidal(PJ_CONTEXT* context, const PJ* crs, const std::string& stated) {
  const ProjObject plain = parse_crs(context, "EPSG:4269"),
                   own(proj_crs_demote_to_2D(context, nullptr, crs));
  if (equivalent_crs(context, plain.get(), own.get())) return "EPSG:6319";
  if (const auto code = code_of(crs)) return *code;
  // GDAL writes a three-dimensional CRS without the code it was made from.
  for (const char* const known : {"EPSG:4979", "EPSG:6319", "EPSG:7912", "EPSG:9989", "EPSG:4937"})
    if (equivalent_crs(context, parse_crs(context, known).get(), crs)) return known;
  return stated;
}

/// A vertical CRS of PROJ's database that has exactly this name.
ProjObject named_vertical_crs(PJ_CONTEXT* context, const std::string& name) {
  const PJ_TYPE type = PJ_TYPE_VERTICAL_CRS;
  const ProjList found(
      proj_create_from_name(context, nullptr, name.c_str(), &type, 1, 0, 2, nullptr));
  if (!found || proj_list_get_count(found.get()) == 0) return nullptr;
  ProjObject crs(proj_list_get(context, found.get(), 0));
  const char* const own = proj_get_name(crs.get());
  return own != nullptr && squeezed(own) == squeezed(name) ? std::move(crs) : nullptr;
}

/// By the datum's name, then the CRS's own, then as PROJ's database has it.
std::string vertical(PJ_CONTEXT* context, const PJ* crs) {
  const ProjObject datum(proj_crs_get_datum_forced(context, crs));
  for (const PJ* const object : {static_cast<const PJ*>(datum.get()), crs}) {
    const char* const name = object != nullptr ? proj_get_name(object) : nullptr;
    const Datum* const known = name != nullptr ? by_name(name) : nullptr;
    if (known != nullptr) return known->canonical;
  }
  if (const auto code = code_of(crs)) return *code;
  const char* const name = proj_get_name(crs);
  const ProjObject known = name != nullptr ? named_vertical_crs(context, name) : nullptr;
  return known ? code_of(known.get()).value_or("") : "";
}

bool looks_like_crs(const std::string& text) {
  return text.find_first_of("[{:+") != std::string::npos;
}

ProjObject read_crs(PJ_CONTEXT* context, const std::string& text) {
  try {
    ProjObject crs =
        looks_like_crs(text) ? parse_crs(context, text) : named_vertical_crs(context, text);
    if (!crs) return crs;
    if (proj_get_type(crs.get()) == PJ_TYPE_COMPOUND_CRS)
      crs.reset(proj_crs_get_sub_crs(context, crs.get(), 1));
    return unbound_crs(context, std::move(crs));
  } catch (const Error&) {
    return nullptr;
  }
}

/// A projected CRS with a third axis counts its heights above its ellipsoid.
bool has_height_axis(PJ_CONTEXT* context, const PJ* crs) {
  const ProjObject system(proj_crs_get_coordinate_system(context, crs));
  return system && proj_cs_get_axis_count(context, system.get()) == 3;
}

std::string above_ellipsoid_of(PJ_CONTEXT* context, const PJ* crs) {
  const ProjObject base(proj_crs_get_geodetic_crs(context, crs));
  const ProjObject spatial(proj_crs_promote_to_3D(context, nullptr, base.get()));
  const char* const wkt = proj_as_wkt(context, spatial.get(), PJ_WKT2_2019, nullptr);
  return ellipsoidal(context, spatial.get(), wkt == nullptr ? "" : wkt);
}

std::string look_up(const std::string& stated) {
  if (const Datum* const known = by_name(stated)) return known->canonical;
  const ProjContext context = make_proj_context();
  const ProjObject crs = read_crs(context.get(), stated);
  if (!crs) return "";
  switch (proj_get_type(crs.get())) {
    case PJ_TYPE_VERTICAL_CRS:
      return vertical(context.get(), crs.get());
    case PJ_TYPE_GEOGRAPHIC_3D_CRS:
      return ellipsoidal(context.get(), crs.get(), stated);
    case PJ_TYPE_PROJECTED_CRS:
      return has_height_axis(context.get(), crs.get())
                 ? above_ellipsoid_of(context.get(), crs.get())
                 : "";
    default:
      return "";
  }
}

constexpr std::size_t kRemembered = 512;

}  // namespace

std::string known_heights(const std::string& stated) {
  // Thousands of files state the same few CRSs; PROJ takes a millisecond to read one.
  static SharedByKey<std::string> shared(kRemembered);
  return *shared.get(stated, [&] { return std::make_shared<const std::string>(look_up(stated)); });
}

std::string in_frame_of(const std::string& canonical, const std::string& crs) {
  if (canonical != "ellipsoid") return canonical;
  const ProjContext context = make_proj_context();
  const ProjObject horizontal =
      unbound_crs(context.get(), parse_horizontal_crs(context.get(), crs));
  return above_ellipsoid_of(context.get(), horizontal.get());
}

std::string canonical_heights(const std::string& stated) {
  const std::string known = known_heights(stated);
  if (!known.empty()) return known;
  const std::string near = nearest_name(stated, height_names());
  throw Error(
      ErrorCode::kUsage,
      quoted_crs(stated) + " is no vertical datum that is known here" +
          (near.empty() ? "" : ", did you mean '" + near + "'?") +
          "; give a name such as NAVD88 or MLLW, an EPSG code such as EPSG:5703, or the WKT "
          "of a vertical CRS");
}

std::string heights_crs(const std::string& stated, const std::string& crs) {
  if (stated.empty() || looks_like_crs(stated)) return stated;
  const std::string code = in_frame_of(canonical_heights(stated), crs);
  if (code.find(':') == std::string::npos)
    throw Error(ErrorCode::kUsage, quoted_crs(stated) +
                                       " has no CRS code that the raster could state; give a "
                                       "vertical_crs with one, such as NAVD88 or MLLW");
  return code;
}

std::string heights_name(const std::string& canonical) {
  for (const Datum& datum : datums())
    if (canonical == datum.canonical) return datum.name;
  return canonical;
}

std::vector<std::string> height_names() {
  std::vector<std::string> names;
  for (const Datum& datum : datums())
    names.emplace_back(datum.name);
  return names;
}

}  // namespace topobathy
