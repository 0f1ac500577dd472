#include "providers/archive/two_editions.h"

#include "fusion/error.h"
#include "providers/http/http_client.h"

namespace topobathy {

void TwoEditions::add(const RasterCatalogue& cell) {
  for (const CatalogueFile& file : cell.files()) {
    const auto known = revisions_.try_emplace(file.path, file.header.revision).first;
    if (found_.empty() && known->second != file.header.revision) found_ = file.path;
  }
}

void TwoEditions::refuse() const {
  throw Error(ErrorCode::kUnreadable,
              "'" + without_secrets(found_) + "': was replaced by a new edition: read again");
}

}  // namespace topobathy
