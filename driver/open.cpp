#include "driver/open.h"

#include <memory>

#include "driver/connection_string.h"
#include "driver/dataset.h"
#include "driver/guard.h"
#include "driver/identify.h"
#include "fusion/error.h"
#include "providers/open.h"

namespace topobathy {
namespace {

void check_inline_allowed() {
  // An inline policy can name any file: a server that passes user text on as a dataset name
  // switches it off.
  if (CPLTestBool(CPLGetConfigOption("TOPOBATHY_ALLOW_INLINE", "YES"))) return;
  throw Error(ErrorCode::kUsage,
              "Inline policies are switched off (TOPOBATHY_ALLOW_INLINE=NO); name a policy file");
}

std::unique_ptr<Dataset> open(const GDALOpenInfo& info) {
  ConnectionString connection = parse_connection_string(info.pszFilename);
  if (!connection.text.empty()) check_inline_allowed();
  add_open_options(connection, info.papszOpenOptions);
  OpenSettings settings = read_settings(connection.options);
  settings.request.policy_text = connection.text;
  // Only the path of a connection string can be percent-encoded; a plain name is what GDAL has
  // opened already.
  settings.request.policy_path =
      has_connection_prefix(info.pszFilename) ? resolve_path(connection.path) : connection.path;
  auto dataset = std::make_unique<Dataset>(open_policy(settings.request), settings);
  dataset->SetDescription(info.pszFilename);
  return dataset;
}

}  // namespace

GDALDataset* open_dataset(GDALOpenInfo* info) {
  if (!is_policy(info)) return nullptr;
  if (info->eAccess == GA_Update) {
    CPLError(CE_Failure, CPLE_NotSupported,
             "The TOPOBATHY driver does not support update access: a fused raster is computed, not "
             "stored. Open it read-only, or edit the policy.");
    return nullptr;
  }
  return guarded(static_cast<GDALDataset*>(nullptr),
                 [&]() -> GDALDataset* { return open(*info).release(); });
}

}  // namespace topobathy
