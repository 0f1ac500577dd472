#pragma once

#include <string>

#include "utils/serve/route.h"

namespace topobathy {

/// The folder of the pages: TOPOBATHY_PAGES, else share/topobathy/pages beside the program's bin
/// (where installing and building put them), else pages/ of the sources that the program was built
/// from. "" where there is none.
std::string find_pages();

/// "/" (leads to /viewer/), "/viewer/..." and "/favicon.ico" from a folder of files; what is
/// outside of it, or hidden, is not there. \param folder "" = nothing is there
Routes page_routes(const std::string& folder);

/// A file of the folder. \param place what follows /viewer/  \throws HttpError(404)
ServiceAnswer page_answer(const std::string& folder, const std::string& place);

}  // namespace topobathy
