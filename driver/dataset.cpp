#include "driver/dataset.h"

#include "driver/guard.h"
#include "driver/metadata.h"
#include "fusion/error.h"

namespace topobathy {
namespace {

/// A list of sources can be megabytes long.
constexpr std::size_t kKeptLists = 8;

bool is_made(const char* domain) {
  return domain != nullptr && (EQUAL(domain, kSourcesDomain) || EQUAL(domain, kDebugDomain));
}

OGRSpatialReference spatial_reference(const FusedRaster& raster, bool with_vertical) {
  OGRSpatialReference srs;
  // x is always east in the pixels, whatever order of axes the CRS declares.
  srs.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  if (srs.importFromWkt(raster.crs_wkt().c_str()) != OGRERR_NONE)
    throw Error(ErrorCode::kInternal, "GDAL does not understand the CRS: " + raster.crs_wkt());
  if (!with_vertical && srs.IsCompound()) srs.StripVertical();
  return srs;
}

}  // namespace

Dataset::Dataset(const std::shared_ptr<FusedRaster>& raster, const OpenSettings& settings)
    : FusedDataset(LevelView(raster, 0), settings.layout,
                   spatial_reference(*raster, settings.vertical_crs_in_srs)),
      overviews_(*this),
      kept_lists_(kKeptLists) {
  GDALDataset::SetMetadata(policy_metadata(*raster).List(), "");
  const int bands = static_cast<int>(layout().bands.size());
  for (int number = 1; number <= bands; ++number)
    SetBand(number, new DatasetBand(*this, number));
}

Dataset::~Dataset() {
  overviews_.drop();
}

GDALRasterAttributeTable* Dataset::attribute_table() {
  return guarded(static_cast<GDALRasterAttributeTable*>(nullptr),
                 [&] { return attribute_table_.update(view().raster().sources()); });
}

char** Dataset::GetFileList() {
  // The sources can be thousands and far away; who copies a policy copies its text.
  const std::string& file = view().raster().policy().file;
  return file.empty() ? nullptr : CSLAddString(nullptr, file.c_str());
}

char** Dataset::GetMetadataDomainList() {
  return CSLAddString(GDALDataset::GetMetadataDomainList(), kSourcesDomain);
}

CPLStringList Dataset::made_metadata(const char* domain) const {
  if (EQUAL(domain, kSourcesDomain)) return sources_metadata(view().raster());
  return debug_metadata(view().raster().counters());
}

MetadataList Dataset::GetMetadata(const char* domain) {
  if (!is_made(domain)) return GDALDataset::GetMetadata(domain);
  return guarded(static_cast<char**>(nullptr), [&]() -> char** {
    const KeptList& kept = kept_lists_.keep({made_metadata(domain)});
    // Before 3.13 GDAL's signature is not const; nobody may write to the list all the same.
    return const_cast<char**>(kept.list.List());
  });
}

const char* Dataset::GetMetadataItem(const char* name, const char* domain) {
  if (name == nullptr || !is_made(domain)) return GDALDataset::GetMetadataItem(name, domain);
  return guarded(static_cast<const char*>(nullptr), [&]() -> const char* {
    const CPLStringList list = made_metadata(domain);
    const char* value = list.FetchNameValue(name);
    return value == nullptr ? nullptr : keep(value);
  });
}

FlushResult Dataset::FlushCache(bool at_closing) {
  overviews_.flush(at_closing);
  if (!at_closing)
    guarded(false, [&] {
      view().raster().refresh();
      return true;
    });
  return GDALDataset::FlushCache(at_closing);
}

int Dataset::CloseDependentDatasets() {
  const bool dropped = GDALDataset::CloseDependentDatasets() != FALSE;
  return overviews_.drop() || dropped;
}

int DatasetBand::GetOverviewCount() {
  return dataset_.AreOverviewsEnabled() ? dataset_.overviews().count() : 0;
}

GDALRasterBand* DatasetBand::GetOverview(int index) {
  if (index < 0 || index >= GetOverviewCount()) return nullptr;
  return guarded(static_cast<GDALRasterBand*>(nullptr),
                 [&] { return dataset_.overviews().get(index).GetRasterBand(GetBand()); });
}

GDALRasterAttributeTable* DatasetBand::GetDefaultRAT() {
  return kind() == BandKind::kContributor ? dataset_.attribute_table() : nullptr;
}

}  // namespace topobathy
