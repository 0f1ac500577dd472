#include "driver/read_plan.h"

#include <algorithm>
#include <cmath>

#include "driver/resample/resampler.h"

namespace topobathy {
namespace {

constexpr double kPixelNoise = 1e-6;
/// Source pixels read at once: 48 MiB of planes, and enough cells to keep the processors of a large
/// machine busy.
constexpr std::int64_t kPiecePixels = 4 * 1024 * 1024;
constexpr std::int64_t kPieceRows = 2048;
/// One buffer pixel never covers more source pixels than this, however odd the window's shape.
constexpr double kMostPixelsInOne = 4096.0;

double pixels_of(int steps) noexcept {
  return std::ldexp(1.0, steps);
}

int steps_for(double scale_x, double scale_y, int most) noexcept {
  const double finest = std::min(scale_x, scale_y) * (1.0 + kPixelNoise);
  int steps = 0;
  while (steps < most && pixels_of(steps + 1) <= finest)
    ++steps;
  while (steps < most && scale_x * scale_y > kMostPixelsInOne * pixels_of(2 * steps))
    ++steps;
  return steps;
}

Kernel kernel_for(GDALRIOResampleAlg algorithm, bool reduces, OverviewRule rule) noexcept {
  switch (algorithm) {
    case GRIORA_Bilinear:
      return Kernel::kBilinear;
    case GRIORA_Cubic:
      return Kernel::kCubic;
    case GRIORA_CubicSpline:
      return Kernel::kCubicSpline;
    case GRIORA_Lanczos:
      return Kernel::kLanczos;
    case GRIORA_Average:
      return Kernel::kAverage;
    default:
      break;
  }
  if (!reduces) return Kernel::kNearest;
  return rule == OverviewRule::kShoalest ? Kernel::kShoalest : Kernel::kAverage;
}

bool is_exact(const AxisMap& axis, std::int64_t count) noexcept {
  return std::abs(axis.scale - 1.0) * static_cast<double>(count) < kPixelNoise &&
         std::abs(axis.origin - std::round(axis.origin)) < kPixelNoise;
}

/// Ends of the pieces along one axis, in buffer pixels: where the source reaches a multiple of
/// `step` lattice pixels.
std::vector<std::int64_t> cut(const AxisMap& axis, std::int64_t lattice_offset, std::int64_t count,
                              std::int64_t step) {
  std::vector<std::int64_t> ends;
  std::int64_t done = 0;
  while (done < count) {
    const double at = axis.origin + static_cast<double>(done) * axis.scale;
    const auto pixel = static_cast<std::int64_t>(std::floor(at + kPixelNoise)) + lattice_offset;
    const std::int64_t edge = (floor_div(pixel, step) + 1) * step - lattice_offset;
    const double pixels = (static_cast<double>(edge) - axis.origin) / axis.scale;
    const auto end = static_cast<std::int64_t>(std::ceil(pixels - kPixelNoise));
    done = std::min(count, std::max(done + 1, end));
    ends.push_back(done);
  }
  return ends;
}

std::int64_t whole_cells(std::int64_t pixels, std::int64_t cell) noexcept {
  return std::max(cell, pixels / cell * cell);
}

/// Reads the source of one piece and hands the piece on.
class PieceReader {
 public:
  PieceReader(const LevelView& view, const ReadPlan& plan, const BandSelection& wanted)
      : view_(view),
        plan_(plan),
        wanted_(wanted),
        resampler_(plan.columns, plan.rows, plan.kernel) {}

  void read(const LatticeWindow& piece, const FusedRaster::Progress& progress,
            const PieceSink& sink) {
    const LatticeWindow window = resampler_.source_window(piece);
    view_.raster().read(view_.level() + plan_.steps, view_.on_lattice(window, plan_.steps),
                        resampler_.planes_needed(wanted_), source_, progress);
    source_.window = window;
    resampler_.run(source_, piece, wanted_, result_);
    sink(result_);
  }

 private:
  const LevelView& view_;
  const ReadPlan& plan_;
  const BandSelection wanted_;
  Resampler resampler_;
  LayerPlanes source_;
  LayerPlanes result_;
};

}  // namespace

bool is_left_to_gdal(GDALRIOResampleAlg algorithm) noexcept {
  return algorithm == GRIORA_Mode || algorithm == GRIORA_Gauss || algorithm == GRIORA_RMS;
}

ReadPlan plan_read(const LevelView& view, const RasterRead& read) {
  const double scale_x = read.width / read.buffer_width;
  const double scale_y = read.height / read.buffer_height;
  const FusedRaster& raster = view.raster();
  ReadPlan plan;
  plan.steps = steps_for(scale_x, scale_y, raster.coarsest_level() - view.level());
  const double size = pixels_of(plan.steps);
  plan.columns = {read.col / size, scale_x / size, view.width() >> plan.steps};
  plan.rows = {read.row / size, scale_y / size, view.height() >> plan.steps};
  const bool reduces = scale_x > 1.0 + kPixelNoise || scale_y > 1.0 + kPixelNoise;
  plan.kernel = kernel_for(read.algorithm, reduces, raster.policy().overview);
  plan.exact = is_exact(plan.columns, read.buffer_width) && is_exact(plan.rows, read.buffer_height);
  plan.buffer_width = read.buffer_width;
  plan.buffer_height = read.buffer_height;
  return plan;
}

LatticeWindow exact_window(const LevelView& view, const ReadPlan& plan) {
  return view.on_lattice({std::llround(plan.columns.origin), std::llround(plan.rows.origin),
                          plan.buffer_width, plan.buffer_height},
                         plan.steps);
}

void read_pieces(const LevelView& view, const ReadPlan& plan, const BandSelection& wanted,
                 const FusedRaster::Progress& progress, const PieceSink& sink) {
  const std::int64_t cell = view.raster().lattice().cell_size();
  const LatticeWindow origin = view.on_lattice({0, 0, 0, 0}, plan.steps);
  const double source_rows = static_cast<double>(plan.buffer_height) * plan.rows.scale;
  const std::int64_t piece_rows = whole_cells(kPieceRows, cell);
  const auto read_rows =
      static_cast<std::int64_t>(std::clamp(source_rows, 1.0, static_cast<double>(piece_rows)));
  const std::int64_t piece_columns = whole_cells(kPiecePixels / read_rows, cell);
  const auto bottoms = cut(plan.rows, origin.row, plan.buffer_height, piece_rows);
  const auto rights = cut(plan.columns, origin.col, plan.buffer_width, piece_columns);
  const auto total = static_cast<double>(bottoms.size() * rights.size());
  PieceReader reader(view, plan, wanted);
  double done = 0.0;
  std::int64_t top = 0;
  for (const std::int64_t bottom : bottoms) {
    std::int64_t left = 0;
    for (const std::int64_t right : rights) {
      const auto piece_progress = [&](double part) {
        return !progress || progress((done + part) / total);
      };
      reader.read(LatticeWindow::from_edges(left, top, right, bottom), piece_progress, sink);
      done += 1.0;
      left = right;
    }
    top = bottom;
  }
}

}  // namespace topobathy
