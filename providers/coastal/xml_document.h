#pragma once

#include <functional>
#include <memory>
#include <string>

#include <cpl_minixml.h>

namespace topobathy::coastal {

/// An XML answer of a server, without its namespaces. GDAL's parser knows no external entities and
/// refuses elements nested deeper than 10 000.
class XmlDocument {
 public:
  /// \throws Error(kUnreadable) naming `url`: no XML (an HTML page, a cut text), or another root
  /// element than `root`
  XmlDocument(const std::string& body, const std::string& url, const char* root);

  const CPLXMLNode* root() const noexcept { return root_; }

 private:
  struct Destroy {
    void operator()(CPLXMLNode* node) const noexcept { CPLDestroyXMLNode(node); }
  };
  std::unique_ptr<CPLXMLNode, Destroy> tree_;
  const CPLXMLNode* root_ = nullptr;
};

/// The text at a path of element names ("a.b.c"); "" where there is none.
std::string xml_text(const CPLXMLNode* node, const char* path);

/// Every element of that name below a node, in the order of the text.
void each_element(const CPLXMLNode* node, const char* name,
                  const std::function<void(const CPLXMLNode*)>& tell);

}  // namespace topobathy::coastal
