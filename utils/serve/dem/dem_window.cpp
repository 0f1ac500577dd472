#include "utils/serve/dem/dem_window.h"

#include <cmath>

#include "providers/align/crs.h"
#include "providers/align/transformer.h"
#include "utils/serve/http_error.h"
#include "utils/serve/parameters/asked_area.h"

namespace topobathy {
namespace {

constexpr int kLeastDim = 16;
constexpr int kUsualDim = 1024;
constexpr int kMostDim = 4096;
constexpr int kMostIndex = 2'000'000'000;

LatticeWindow window_of_bbox(const Parameters& query, const DemDataset& dataset) {
  const auto image =
      Transformer("EPSG:4326", dataset.lattice.crs).transform_box(to_crs_box(asked_box(query)));
  if (!image) query.refuse("the box has no image in the dataset's CRS");
  const double pixel = dataset.lattice.pixel_size;
  const double period = 2.0 * crs_world(dataset.lattice.crs).half_width;
  for (const double turn : {0.0, period, -period}) {
    const auto below = [&](double at) { return static_cast<std::int64_t>(std::floor(at / pixel)); };
    const auto above = [&](double at) { return static_cast<std::int64_t>(std::ceil(at / pixel)); };
    const LatticeWindow window =
        LatticeWindow::from_edges(below(image->left + turn), below(-image->top),
                                  above(image->right + turn), above(-image->bottom));
    const LatticeWindow part = window.intersect(dataset.window());
    if (!part.empty()) return part;
  }
  throw HttpError(404, "the box lies beside the dataset");
}

LatticeWindow window_of_pixels(const Parameters& query, const DemDataset& dataset) {
  const LatticeWindow whole = dataset.window();
  const std::int64_t col = query.integer("col", 0, kMostIndex).value_or(0);
  const std::int64_t row = query.integer("row", 0, kMostIndex).value_or(0);
  const LatticeWindow asked{whole.col + col, whole.row + row,
                            query.integer("width", 1, kMostIndex).value_or(kMostIndex),
                            query.integer("height", 1, kMostIndex).value_or(kMostIndex)};
  const LatticeWindow part = asked.intersect(whole);
  if (part.empty())
    query.refuse("the window lies beside the dataset, which has " + std::to_string(whole.width) +
                 " x " + std::to_string(whole.height) + " pixels");
  return part;
}

bool asks_for_box(const Parameters& query) {
  for (const std::string& name : kBoxNames)
    if (query.has(name)) return true;
  return false;
}

}  // namespace

const Parameters::Names kDemWindowNames{"bbox", "west", "south", "east",   "north",
                                        "col",  "row",  "width", "height", "max_dim"};

DemWindow asked_dem_window(const Parameters& query, const DemDataset& dataset) {
  DemWindow asked;
  if (!asks_for_box(query)) {
    asked.window = window_of_pixels(query, dataset);
  } else {
    for (const char* name : {"col", "row", "width", "height"})
      if (query.has(name))
        query.refuse(std::string("a box and \"") + name + "\" exclude each other; keep one");
    asked.window = window_of_bbox(query, dataset);
  }
  const int most = query.integer("max_dim", kLeastDim, kMostDim).value_or(kUsualDim);
  asked.stride = ceil_div(std::max(asked.window.width, asked.window.height), most);
  return asked;
}

}  // namespace topobathy
