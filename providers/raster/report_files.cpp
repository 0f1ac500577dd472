#include "providers/raster/report_files.h"

#include <algorithm>
#include <string>

#include "providers/align/transformer.h"

namespace topobathy {
namespace {

void warn(SourceReport& report, const std::string& message) {
  report.findings.push_back({Finding::Severity::kWarning, message, {}});
}

/// "'a.nc'", "'a.nc' and 3 more".
std::string named(const std::string& first, std::size_t count) {
  return "'" + first + "'" + (count > 1 ? " and " + std::to_string(count - 1) + " more" : "");
}

void report_assumed_crs(const RasterCatalogue& catalogue, SourceReport& report) {
  const auto& files = catalogue.files();
  const auto assumed = [](const CatalogueFile& file) { return file.crs_assumed; };
  const auto count = std::count_if(files.begin(), files.end(), assumed);
  if (count == 0) return;
  const auto first = std::find_if(files.begin(), files.end(), assumed);
  warn(report, "no CRS in " + named(first->path, static_cast<std::size_t>(count)) + ": " +
                   first->header.crs_wkt +
                   " is assumed, as the axes are in degrees; state it with crs");
}

void report_ballpark(const RasterCatalogue& catalogue, int crs, const Lattice& lattice,
                     SourceReport& report) {
  const OperationInfo& operation =
      Transformer(lattice.crs(), catalogue.crs_list()[static_cast<std::size_t>(crs)]).operation();
  if (!operation.ballpark) return;
  const auto& files = catalogue.files();
  const auto mine = [crs](const CatalogueFile& file) { return file.crs == crs; };
  const auto count = std::count_if(files.begin(), files.end(), mine);
  const auto first = std::find_if(files.begin(), files.end(), mine);
  warn(report, named(first->path, static_cast<std::size_t>(count)) +
                   ": no datum shift is known or installed, positions may be metres off (PROJ: " +
                   operation.name + ")");
}

}  // namespace

SourceReport report_files(const RasterCatalogue& catalogue, const Lattice& lattice) {
  SourceReport report;
  report.named = catalogue.named();
  // A list that cannot be made is a loss too, of no file.
  report.readable = catalogue.named() - std::min(catalogue.named(), catalogue.losses().size());
  for (const std::string& loss : catalogue.losses())
    report.findings.push_back({Finding::Severity::kError, loss, {}});
  report_assumed_crs(catalogue, report);
  for (std::size_t crs = 0; crs < catalogue.crs_list().size(); ++crs)
    report_ballpark(catalogue, static_cast<int>(crs), lattice, report);
  if (catalogue.files().empty() && catalogue.losses().empty())
    warn(report, "the filter leaves none of the " + std::to_string(catalogue.named()) +
                     " files: look at include_patterns and exclude_patterns");
  return report;
}

}  // namespace topobathy
