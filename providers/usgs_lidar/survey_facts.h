#pragma once

#include <string>

#include "providers/archive/asset.h"

namespace topobathy {

/// What is true of every survey of 3DEP: who made it, that it is free, and heights above NAVD88,
/// which is assumed until its own metadata say so. `survey`: its name ("NY_LongIsland_Z18_2014").
void describe_survey(Asset& asset, const std::string& survey);

/// Metres of height that an archive states: the vertical CRS, made metric.
void state_heights(Asset& asset, const std::string& vertical_crs, StatedBy by);

/// The year of a survey by the name of its project: the first number of four digits from 1990 to
/// 2089, else a letter and two digits at the end of a word ("_B23": 2023); 0 = neither.
int year_of_project(const std::string& name);

/// Metres between points that lie evenly; 0 where there are none.
double mean_spacing(double square_metres, double points);
/// Of a lon/lat box, on a sphere.
double square_metres(const LonLatBox& box);

}  // namespace topobathy
