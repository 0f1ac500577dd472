#include "providers/coastal/xml_document.h"

#include <cstring>

#include "fusion/error.h"
#include "providers/http/http_client.h"
#include "providers/raster/gdal_errors.h"

namespace topobathy::coastal {
namespace {

const CPLXMLNode* first_element(const CPLXMLNode* tree) noexcept {
  for (const CPLXMLNode* node = tree; node != nullptr; node = node->psNext)
    if (node->eType == CXT_Element && node->pszValue[0] != '?') return node;
  return nullptr;
}

}  // namespace

XmlDocument::XmlDocument(const std::string& body, const std::string& url, const char* root) {
  const QuietGdalErrors errors;
  tree_.reset(CPLParseXMLString(body.c_str()));
  const std::string where = "'" + without_secrets(url) + "' answers with ";
  if (!tree_)
    throw Error(ErrorCode::kUnreadable,
                where + "no XML: " + errors.reason("it is empty") + "; try again later");
  CPLStripXMLNamespace(tree_.get(), nullptr, TRUE);
  root_ = first_element(tree_.get());
  const char* const found = root_ == nullptr ? "no element" : root_->pszValue;
  if (std::strcmp(found, root) != 0)
    throw Error(ErrorCode::kUnreadable, where + "'" + std::string(found).substr(0, 80) +
                                            "' where '" + root + "' is expected; try again later");
}

std::string xml_text(const CPLXMLNode* node, const char* path) {
  return node == nullptr ? "" : CPLGetXMLValue(node, path, "");
}

void each_element(const CPLXMLNode* node, const char* name,
                  const std::function<void(const CPLXMLNode*)>& tell) {
  for (const CPLXMLNode* child = node->psChild; child != nullptr; child = child->psNext) {
    if (child->eType != CXT_Element) continue;
    if (std::strcmp(child->pszValue, name) == 0) tell(child);
    each_element(child, name, tell);
  }
}

}  // namespace topobathy::coastal
