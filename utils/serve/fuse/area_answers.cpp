#include "utils/serve/fuse/area_answers.h"

#include <fstream>

#include "fusion/policy/messages.h"
#include "utils/serve/fuse/area_scan.h"
#include "utils/serve/fuse/write_geotiff.h"
#include "utils/serve/fuse/write_zarr.h"
#include "utils/serve/http_error.h"
#include "utils/serve/parameters/asked_policy.h"

namespace topobathy {
namespace {

struct AreaFile {
  const char* type;
  const char* name;
};

AreaFile file_of(AreaFormat format) noexcept {
  switch (format) {
    case AreaFormat::kZarr:
      return {"application/zip", "fused.zarr.zip"};
    case AreaFormat::kTable:
      return {"application/xml", "fused.tif.aux.xml"};
    case AreaFormat::kGeoTiff:
      break;
  }
  return {"image/tiff; application=geotiff; profile=cloud-optimized", "fused.tif"};
}

template <class Content>
void write_content(const std::string& path, const Content& content) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(reinterpret_cast<const char*>(content.data()),
            static_cast<std::streamsize>(content.size()));
  out.close();
  if (!out)
    throw HttpError(503,
                    "the server cannot write the answer: its disk may be full; try again "
                    "later",
                    60);
}

std::string names_of_steps(const AreaScan& scan) {
  std::string names;
  for (const auto& [step, why] : scan.left_out)
    names += (names.empty() ? "" : ", ") + shown(printable(step));
  return names;
}

}  // namespace

void AreaAnswers::require_few_pixels(const FusedRaster& raster, AreaFormat format) const {
  const LatticeWindow& extent = raster.extent();
  const bool is_zarr = format == AreaFormat::kZarr;
  const std::uint64_t limit = limits_.fuse_pixels / (is_zarr ? kZarrShare : 1);
  if (static_cast<double>(extent.width) * static_cast<double>(extent.height) <=
      static_cast<double>(limit))
    return;
  throw HttpError(413, "the area has " + std::to_string(extent.width) + " x " +
                           std::to_string(extent.height) + " pixels; one answer has at most " +
                           std::to_string(limit) + (is_zarr ? " as Zarr" : "") +
                           ": give a smaller box or a coarser resolution");
}

AreaAnswers::Made AreaAnswers::make(const FuseRequest& request,
                                    const std::function<bool()>& gone) const {
  const auto raster = open_asked(request.open);
  require_few_pixels(*raster, request.format);
  const bool has_overviews = request.format == AreaFormat::kGeoTiff;
  const AreaScan scan = scan_area(*raster, has_overviews ? raster->coarsest_level() : 0, gone);
  if (!scan.has_value) throw HttpError(404, "no source of the policy has data in this box");
  Made made;
  made.left_out = names_of_steps(scan);
  auto file = std::make_shared<TemporaryFile>(answers_folder(request.open));
  if (request.format == AreaFormat::kGeoTiff)
    write_geotiff(file->path(), raster, request, scan, gone);
  else if (request.format == AreaFormat::kZarr)
    write_content(file->path(), write_zarr(*raster, request, scan, gone));
  else
    write_content(file->path(), attribute_table_xml(request, scan));
  made.file = std::move(file);
  return made;
}

ServiceAnswer AreaAnswers::answer(const FuseRequest& request, const std::function<bool()>& gone) {
  const auto make_it = [&] { return make(request, gone); };
  Made made;
  try {
    made = flights_.run(request.identity(), make_it);
  } catch (const Error& error) {
    // The one who made it for both has gone; this one still waits.
    if (error.code() != ErrorCode::kCancelled || gone()) throw;
    made = flights_.run(request.identity(), make_it);
  }
  const AreaFile file = file_of(request.format);
  ServiceAnswer answer;
  answer.type = file.type;
  answer.headers = {
      {"Content-Disposition", std::string("attachment; filename=\"") + file.name + "\""},
      {"Cache-Control", "no-cache"}};
  if (!made.left_out.empty()) answer.headers.emplace_back("X-Topobathy-Left-Out", made.left_out);
  answer.body = FileBody{made.file->link(), true};
  return answer;
}

}  // namespace topobathy
