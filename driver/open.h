#pragma once

class GDALDataset;
class GDALOpenInfo;

namespace topobathy {

/// pfnOpen: the dataset; quiet null when the name is none of ours; null and one CPLError when it is
/// ours and wrong.
GDALDataset* open_dataset(GDALOpenInfo* info);

}  // namespace topobathy
