#include "providers/raster/bag_metadata.h"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <memory>

#include <cpl_minixml.h>
#include <cpl_string.h>

#include "providers/raster/gdal_errors.h"
#include "providers/raster/stated.h"

namespace topobathy {
namespace {

struct XmlDeleter {
  void operator()(CPLXMLNode* node) const noexcept { CPLDestroyXMLNode(node); }
};
using XmlTree = std::unique_ptr<CPLXMLNode, XmlDeleter>;

/// The text at a path; the newer form wraps it in one more element (CharacterString, ...).
std::string text_at(const CPLXMLNode* node, const char* path) {
  if (node == nullptr) return "";
  const CPLXMLNode* const found = CPLGetXMLNode(const_cast<CPLXMLNode*>(node), path);  // reads only
  if (found == nullptr) return "";
  const CPLXMLNode* child = found->psChild;
  while (child != nullptr && child->eType == CXT_Attribute)
    child = child->psNext;
  if (child != nullptr && child->eType == CXT_Element) {
    child = child->psChild;
    while (child != nullptr && child->eType == CXT_Attribute)
      child = child->psNext;
  }
  return child != nullptr && child->eType == CXT_Text ? stated(child->pszValue) : "";
}

bool is_code(const std::string& text) {
  return text.size() >= 4 && text.size() <= 6 &&
         std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return std::isdigit(c) != 0; });
}

/// The day of "2014-01-18T16:24:30"; empty for what is no ISO 8601 date.
std::string day_of(const std::string& text) {
  constexpr char kShape[] = "dddd-dd-dd";
  constexpr std::size_t kLength = sizeof kShape - 1;
  if (text.size() < kLength || (text.size() > kLength && text[kLength] != 'T')) return "";
  for (std::size_t i = 0; i < kLength; ++i) {
    const bool fits = kShape[i] == 'd' ? std::isdigit(static_cast<unsigned char>(text[i])) != 0
                                       : text[i] == kShape[i];
    if (!fits) return "";
  }
  return text.substr(0, kLength);
}

/// The name in VERT_CS["...", VERT_DATUM["name", ...]] or VERTCRS["...", VDATUM["name"]].
std::string datum_in_wkt(const std::string& wkt) {
  for (const char* const keyword : {"VERT_DATUM[\"", "VDATUM[\"", "VERT_CS[\"", "VERTCRS[\""}) {
    const std::size_t at = wkt.find(keyword);
    if (at == std::string::npos) continue;
    const std::size_t from = at + std::strlen(keyword);
    const std::size_t to = wkt.find('"', from);
    if (to != std::string::npos) return stated(wkt.substr(from, to - from));
  }
  return "";
}

/// One referenceSystemInfo: the first is horizontal, a second one vertical.
void read_reference_system(const CPLXMLNode* info, bool first, BagMetadata& found) {
  const std::string code =
      text_at(info, "MD_ReferenceSystem.referenceSystemIdentifier.RS_Identifier.code");
  const std::string space =
      text_at(info, "MD_ReferenceSystem.referenceSystemIdentifier.RS_Identifier.codeSpace");
  const bool epsg = EQUAL(space.c_str(), "EPSG") && is_code(code);
  if (first && epsg) found.crs = "EPSG:" + code;
  if (!found.vertical_datum.empty()) return;
  found.vertical_datum = !first && epsg ? "EPSG:" + code : datum_in_wkt(code);
  if (found.vertical_datum.empty())
    found.vertical_datum = text_at(info, first ? "MD_CRS.verticalDatum.RS_Identifier.code"
                                               : "MD_CRS.datum.RS_Identifier.code");
}

void read_period(CPLXMLNode* root, BagMetadata& found) {
  const CPLXMLNode* const period = CPLSearchXMLNode(root, "=TimePeriod");
  found.date_start = day_of(text_at(period, "beginPosition"));
  found.date_end = day_of(text_at(period, "endPosition"));
}

}  // namespace

BagMetadata read_bag_metadata(const char* xml) {
  BagMetadata found;
  if (xml == nullptr) return found;
  const QuietGdalErrors quiet;
  const XmlTree tree(CPLParseXMLString(xml));
  if (!tree) return found;
  CPLStripXMLNamespace(tree.get(), nullptr, TRUE);
  CPLXMLNode* root = CPLSearchXMLNode(tree.get(), "=MI_Metadata");
  if (root == nullptr) root = CPLSearchXMLNode(tree.get(), "=MD_Metadata");
  if (root == nullptr) return found;
  bool first = true;
  for (const CPLXMLNode* node = root->psChild; node != nullptr; node = node->psNext) {
    if (node->eType != CXT_Element || !EQUAL(node->pszValue, "referenceSystemInfo")) continue;
    read_reference_system(node, first, found);
    first = false;
  }
  const CPLXMLNode* const survey =
      CPLGetXMLNode(root, "identificationInfo.BAG_DataIdentification.citation.CI_Citation");
  found.institution = text_at(survey, "citedResponsibleParty.CI_ResponsibleParty.organisationName");
  read_period(root, found);
  return found;
}

}  // namespace topobathy
