#pragma once

#include <string>

#include "providers/archive/asset.h"
#include "providers/noaa_topobathy/inport_item.h"
#include "providers/noaa_topobathy/project_list.h"

namespace topobathy {

/// A project as an asset of the region "projects": where it lies and where its metadata are.
Asset project_asset(const DemProject& project);
/// The InPort item's number that a project asset names, "" = none.
std::string item_of(const Asset& project);

/// What InPort says, as an asset of the region "inport:<number>": datum, dates, resolution,
/// institution; rank 1 where it speaks of what lies under water.
Asset facts_asset(const std::string& number, const InPortItem& item);

/// Takes the facts over into a project (or, with them, into a tile): heights, year, resolution,
/// record.
void adopt_facts(Asset& project, const Asset& facts);
void adopt_project(Asset& tile, const Asset& project);

/// Year of a folder name: four digits between underscores, else the last number of 1950 to 2030;
/// 0 = none.
int year_in_name(const std::string& folder);

/// Whether the folder's name speaks of topobathymetry.
bool named_topobathy(const std::string& folder);

}  // namespace topobathy
