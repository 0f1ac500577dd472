#pragma once

#include <string>
#include <vector>

#include "providers/archive/asset.h"
#include "providers/coastal/bucket.h"
#include "providers/coastal/tile_index.h"
#include "providers/ncei_cudem/cudem_product.h"

namespace topobathy {

/// What the archive says of a product's tiles.
struct CudemIndex {
  std::string list;                            ///< one address a line
  std::vector<coastal::IndexedFile> polygons;  ///< of the tile index
  std::vector<S3Object> listing;               ///< of the folder; may be empty
};

/// The tiles, by id. The list says which there are; the index where they lie; the listing how
/// large they are and which bytes they hold. Of the editions of one cell the newest (year, then
/// version) has the cell's name as its id. Older editions, rows of the index that the list lacks,
/// and files that nothing places are kept as unusable ones (coastal/unusable.h).
/// \throws Error(kUnreadable): the list is none
std::vector<Asset> cudem_tiles(const CudemProduct& product, const CudemIndex& index);

/// The folder's key in the bucket ("dem/<folder>/"), and addresses in it.
std::string cudem_prefix(const CudemProduct& product);
std::string cudem_list_url(const CudemProduct& product);

}  // namespace topobathy
