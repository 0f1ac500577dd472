#include "utils/hydrate/cell_record.h"

#include <iterator>

#include "cache/json_text.h"
#include "fusion/error.h"

namespace topobathy {
namespace {

using nlohmann::json;

constexpr std::int64_t kMostLines = 200'000;
constexpr std::size_t kMostReadAtOnce = std::size_t{256} << 10;
constexpr std::size_t kLongestReason = 500;

json box_of(const Lattice& lattice, const Transformer& to_degrees, CellIndex cell) {
  const LatticeWindow window = lattice.cell_window(cell);
  const auto image = to_degrees.transform_box({lattice.x(window.col), lattice.y(window.bottom()),
                                               lattice.x(window.right()), lattice.y(window.row)});
  if (!image) return nullptr;
  return {image->left, image->bottom, image->right, image->top};
}

/// The byte before a line is the end of another.
bool begins_line(std::ifstream& file, std::uint64_t from) {
  if (from == 0) return true;
  file.seekg(static_cast<std::streamoff>(from - 1));
  return file.get() == '\n';
}

}  // namespace

CellRecord::CellRecord(const std::string& path, const Lattice& lattice)
    : file_(path, std::ios::binary | std::ios::app),
      lattice_(lattice),
      to_degrees_(lattice.crs(), "EPSG:4326") {}

void CellRecord::add(const std::string& unit, const UnitResult& result) {
  const auto planned = cell_of_line(unit);
  if (!planned || lines_ == kMostLines) return;
  ++lines_;
  json line{{"level", planned->level},
            {"bbox", box_of(lattice_.at_level(planned->level), to_degrees_, planned->cell)},
            {"outcome", to_text(result.outcome)}};
  if (result.outcome == UnitResult::Outcome::kFailed) {
    line["step"] = result.step;
    line["error"] = result.reason.substr(0, kLongestReason);
  }
  // At once: a job that has ended has told of all its cells.
  file_ << line.dump(-1, ' ', false, json::error_handler_t::replace) << std::endl;
}

RecordedCells recorded_cells(const std::string& path, std::uint64_t from) {
  RecordedCells found;
  found.next = from;
  std::ifstream file(path, std::ios::binary);
  if (!file && from == 0) return found;
  if (!begins_line(file, from))
    throw Error(ErrorCode::kUsage, "no line of the record begins at " + std::to_string(from));
  std::string text(kMostReadAtOnce, '\0');
  file.seekg(static_cast<std::streamoff>(from));
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  found.more = text.size() == kMostReadAtOnce;
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    json cell = parse_foreign_json(text.substr(begin, end - begin));
    if (cell.is_object()) found.cells.push_back(std::move(cell));
  }
  found.next += begin;
  return found;
}

}  // namespace topobathy
