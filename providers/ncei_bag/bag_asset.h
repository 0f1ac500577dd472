#pragma once

#include <string>
#include <vector>

#include "providers/archive/asset.h"
#include "providers/ncei_bag/survey_query.h"

namespace topobathy {

/// A BAG of a survey as an asset. Its id is the file's name without .bag; its edition is told by
/// the name and the day on which the survey's data were last changed (the catalogue states no
/// checksum, and asking for each file's ETag would be a request a file).
///
/// Rank, the lowest first: ellipsoidal heights under heights to a chart datum (NCEI publishes most
/// surveys to both, and where nothing is shifted the two are tens of metres apart); then files
/// that state no resolution; then coarse under fine; variable-resolution BAGs, which are as fine as
/// the survey was, on top; among equals the older below.
Asset bag_asset(const Survey& survey, const std::string& url);

/// Stands for a survey that should have BAGs but names none, so that its absence is an error where
/// it lies, not a hole. Its id is the survey's.
Asset survey_without_bags(const Survey& survey);
bool is_without_bags(const Asset& asset);

/// One asset an id: what two squares, two records or two links (.bag before .bag.gz) say of one
/// file. In order of id.
std::vector<Asset> merge_by_id(std::vector<Asset> assets);

}  // namespace topobathy
