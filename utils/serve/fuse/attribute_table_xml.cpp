#include <cpl_minixml.h>
#include <gdal_rat.h>

#include <algorithm>

#include "driver/attribute_table.h"
#include "utils/serve/fuse/write_geotiff.h"
#include "utils/serve/http_error.h"

namespace topobathy {
namespace {

struct XmlCloser {
  void operator()(CPLXMLNode* node) const noexcept { CPLDestroyXMLNode(node); }
};
using XmlTree = std::unique_ptr<CPLXMLNode, XmlCloser>;

struct CplFree {
  void operator()(char* text) const noexcept { CPLFree(text); }
};

int contributor_band(const FuseRequest& request) {
  const auto& bands = request.bands.bands;
  const auto found = std::find(bands.begin(), bands.end(), BandKind::kContributor);
  if (found == bands.end())
    throw HttpError(400, "the bands asked for have no attribute table; add Contributor");
  return static_cast<int>(found - bands.begin()) + 1;
}

}  // namespace

std::string attribute_table_xml(const FuseRequest& request, const AreaScan& scan) {
  const std::string band = std::to_string(contributor_band(request));
  AttributeTable table;
  const XmlTree root(CPLCreateXMLNode(nullptr, CXT_Element, "PAMDataset"));
  CPLXMLNode* const of_band = CPLCreateXMLNode(root.get(), CXT_Element, "PAMRasterBand");
  CPLAddXMLAttributeAndValue(of_band, "band", band.c_str());
  CPLAddXMLChild(of_band, table.update({scan.sources.begin(), scan.sources.end()})->Serialize());
  const std::unique_ptr<char, CplFree> text(CPLSerializeXMLTree(root.get()));
  return text.get();
}

}  // namespace topobathy
