#include <memory>

#include <cpl_minixml.h>
#include <cpl_string.h>
#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include "fusion/error.h"
#include "providers/audit/check_file.h"
#include "providers/raster/gdal_errors.h"

namespace topobathy {
namespace {

[[noreturn]] void damaged_table(const std::string& what) {
  throw Error(ErrorCode::kUnreadable, what);
}

void read_layer(OGRLayer& layer, const QuietGdalErrors& errors) {
  layer.ResetReading();
  GIntBig count = 0;
  while (OGRFeature* const feature = layer.GetNextFeature()) {
    OGRFeature::DestroyFeature(feature);
    ++count;
  }
  const std::string reason = errors.reason("");
  const std::string name = std::string("layer ") + layer.GetName();
  if (!reason.empty()) damaged_table(name + " does not read: " + reason);
  if (count < layer.GetFeatureCount()) damaged_table(name + " is cut short");
}

}  // namespace

void read_vector(const std::string& path, bool quick) {
  const QuietGdalErrors errors;
  const char* const drivers[] = {"ESRI Shapefile", nullptr};
  const std::unique_ptr<GDALDataset> dataset(
      GDALDataset::Open(path.c_str(), GDAL_OF_VECTOR, drivers, nullptr, nullptr));
  if (!dataset) damaged_table(errors.reason("no vector file that GDAL knows"));
  for (int i = 0; !quick && i < dataset->GetLayerCount(); ++i)
    read_layer(*dataset->GetLayer(i), errors);
}

void read_aux_xml(const std::string& path) {
  const QuietGdalErrors errors;
  const CPLXMLTreeCloser tree(CPLParseXMLFile(path.c_str()));
  if (tree.get() == nullptr || CPLGetXMLNode(tree.get(), "=PAMDataset") == nullptr)
    damaged_table(errors.reason("no side-car of GDAL, or cut short"));
}

}  // namespace topobathy
