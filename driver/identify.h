#pragma once

class GDALOpenInfo;

namespace topobathy {

/// pfnIdentify: by the name's prefix or the header GDAL has read already; no I/O, no error. TRUE,
/// FALSE, or unknown (-1) for a text that so far is comment only.
int identify(GDALOpenInfo* info);

/// Like identify(), but reads on in a file that begins with a long comment. Quiet.
bool is_policy(GDALOpenInfo* info);

}  // namespace topobathy
