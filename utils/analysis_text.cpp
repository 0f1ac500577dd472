#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "fusion/policy/blend_text.h"
#include "utils/analysis_report.h"
#include "utils/byte_text.h"
#include "utils/json_values.h"
#include "utils/text_table.h"

namespace topobathy {
namespace {

using Access = InventoryItem::Access;
using State = LayerInventory::State;

/// Lines of a list before it is cut: a screen.
constexpr std::size_t kShownLines = 40;

/// Text in a column; a dash for what is not stated.
std::string cell(const std::string& text) {
  return text.empty() ? "-" : one_line(text);
}

std::string pixel_text(double resolution) {
  if (resolution <= 0) return "-";
  char text[40];
  std::snprintf(text, sizeof text, "%.4g m", resolution);
  return text;
}

std::string heights_text(const InventoryItem& item) {
  if (item.vertical_datum.empty()) return "-";
  return one_line(item.vertical_datum) +
         (item.vertical_basis.empty() ? "" : " (" + item.vertical_basis + ")");
}

const char* use_text(const InventoryItem& item) {
  switch (item.access) {
    case Access::kFile:
      return "here";
    case Access::kStream:
      return item.at_hand ? "here" : "by windows";
    case Access::kDownload:
      return item.at_hand ? "raw" : "to fetch";
    case Access::kService:
      return item.at_hand ? "raw" : "to ask";
  }
  return "";
}

std::string state_text(State state) {
  switch (state) {
    case State::kKnown:
      return "known";
    case State::kElsewhere:
      return "zone elsewhere";
    case State::kOffline:
      return "not known offline";
    case State::kFailed:
      return "failed";
  }
  return {};
}

std::string cells_text(const std::optional<CellCount>& cells) {
  if (!cells) return "-";
  return std::to_string(cells->stored) + " of " + std::to_string(cells->total) +
         (cells->partly > 0 ? ", " + std::to_string(cells->partly) + " in part" : "");
}

/// "3 (1.2 MiB)", "3 (1.2 MiB, 1 unknown)", "3 (unknown)", "0".
std::string amount_text(const Amount& amount) {
  std::string text = std::to_string(amount.files);
  if (amount.files == 0) return text;
  if (amount.unsized == amount.files) return text + " (unknown)";
  text += " (" + byte_text(amount.bytes);
  if (amount.unsized > 0) text += ", " + std::to_string(amount.unsized) + " unknown";
  return text + ")";
}

std::string box_text(const LonLatBox& box) {
  char text[160];
  std::snprintf(text, sizeof text, "%.7f %.7f %.7f %.7f", box.west, box.south, box.east, box.north);
  return text;
}

void print_head(std::ostream& out, const Analysis& analysis) {
  const FusedRaster& raster = *analysis.raster;
  const Policy& policy = raster.policy();
  const Lattice lattice = raster.lattice().at_level(analysis.level);
  out << "policy  " << policy.name << ' ' << policy.version << "  (" << policy.file << ")\n"
      << "box     " << box_text(analysis.box) << '\n'
      << "grid    level " << analysis.level << ", " << analysis.window.width << " x "
      << analysis.window.height << " pixels of " << shown_number(lattice.pixel_size()) << " in "
      << one_line(policy.crs) << '\n'
      << "cells   " << cells_text(analysis.inventory.cells) << '\n';
}

void print_table(std::ostream& out, const TextTable& table, std::size_t rows, std::size_t shown) {
  if (rows == 0) return;
  table.print(out, "  ");
  if (rows > shown) out << "  ... and " << rows - shown << " more; --all lists them\n";
}

void print_taken(std::ostream& out, const LayerInventory& step, std::size_t limit) {
  TextTable table({"file", "survey", "year", "pixels", "size", "access", "heights", "state"});
  std::size_t rows = 0;
  for (const InventoryItem& item : step.items)
    if (item.excluded.empty() && ++rows <= limit)
      table.add({cell(item.id), cell(item.survey_id),
                 item.year == 0 ? "-" : std::to_string(item.year), pixel_text(item.resolution),
                 byte_text(item.size), to_text(item.access), heights_text(item), use_text(item)});
  print_table(out, table, rows, std::min(rows, limit));
}

void print_left_out(std::ostream& out, const LayerInventory& step, std::size_t limit) {
  TextTable table({"left out", "survey", "year", "pixels", "why"});
  std::size_t rows = 0;
  for (const InventoryItem& item : step.items)
    if (!item.excluded.empty() && ++rows <= limit)
      table.add({cell(item.id), cell(item.survey_id),
                 item.year == 0 ? "-" : std::to_string(item.year), pixel_text(item.resolution),
                 one_line(item.excluded)});
  print_table(out, table, rows, std::min(rows, limit));
}

std::string title(const Step& step) {
  return step.name + ": " + step.provider + (step.product ? " " + *step.product : "") + ", " +
         blend_text(step.blend);
}

void print_step(std::ostream& out, const Step& step, const LayerInventory& inventory,
                std::size_t limit) {
  out << '\n' << one_line(title(step)) << '\n';
  if (inventory.state == State::kElsewhere) out << "  its zone lies elsewhere\n";
  for (const std::string& message : inventory.messages)
    out << "  " << state_text(inventory.state) << ": " << one_line(message) << '\n';
  if (inventory.state == State::kKnown && inventory.items.empty()) out << "  nothing there\n";
  print_taken(out, inventory, limit);
  print_left_out(out, inventory, limit);
}

std::vector<std::string> sums_row(const std::string& name, const InventorySums& sums) {
  return {name,
          std::to_string(sums.taken),
          std::to_string(sums.left_out),
          std::to_string(sums.at_hand),
          amount_text(sums.fetch),
          amount_text(sums.windows),
          amount_text(sums.service)};
}

void print_sums(std::ostream& out, const Analysis& analysis) {
  TextTable table({"sums", "files", "left out", "at hand", "to fetch", "by windows", "to ask",
                   "cells", "state"});
  const auto& steps = analysis.inventory.steps;
  for (std::size_t i = steps.size(); i-- > 0;) {
    auto row = sums_row(one_line(analysis.raster->policy().steps[i].name), sums_of({steps[i]}));
    row.push_back(cells_text(steps[i].cells));
    row.push_back(state_text(steps[i].state));
    table.add(std::move(row));
  }
  auto row = sums_row("all steps", sums_of(steps));
  row.insert(row.end(), {"", ""});
  table.add(std::move(row));
  out << '\n';
  table.print(out, "");
}

}  // namespace

const char* to_text(Access access) noexcept {
  switch (access) {
    case Access::kFile:
      return "file";
    case Access::kStream:
      return "stream";
    case Access::kDownload:
      return "download";
    case Access::kService:
      return "service";
  }
  return "";
}

void print_text(std::ostream& out, const Analysis& analysis, Detail detail) {
  print_head(out, analysis);
  const auto& steps = analysis.inventory.steps;
  const std::size_t limit = detail == Detail::kEvery ? static_cast<std::size_t>(-1) : kShownLines;
  if (detail != Detail::kSums)
    for (std::size_t i = steps.size(); i-- > 0;)
      print_step(out, analysis.raster->policy().steps[i], steps[i], limit);
  print_sums(out, analysis);
}

}  // namespace topobathy
