#include "providers/raster/subdataset_name.h"

#include <gtest/gtest.h>

namespace topobathy {
namespace {

TEST(SubdatasetName, is_taken_apart_and_put_together) {
  for (const char* const text : {"NETCDF:\"data/a.nc\":z", "NETCDF:data/a.nc:z"}) {
    const auto name = parse_subdataset_name(text);
    ASSERT_TRUE(name) << text;
    EXPECT_EQ("data/a.nc", name->file);
    EXPECT_EQ("NETCDF:\"data/a.nc\":z", name->text());
  }
  const auto bag = parse_subdataset_name("BAG:\"a.bag\":supergrid:1:2");
  ASSERT_TRUE(bag);
  EXPECT_EQ(":supergrid:1:2", bag->part);
}

TEST(SubdatasetName, a_quoted_file_may_hold_a_colon) {
  const auto name = parse_subdataset_name("HDF5:\"/vsicurl/https://host/a.h5\"://group/z");
  ASSERT_TRUE(name);
  EXPECT_EQ("/vsicurl/https://host/a.h5", name->file);
  EXPECT_EQ("://group/z", name->part);
}

TEST(SubdatasetName, other_names_are_files) {
  for (const char* const text :
       {"", "a.tif", "survey:1.tif", "C:/a.tif", "https://host/a.tif", "NETCDF:", "NETCDF:a.nc",
        "NETCDF:\"a.nc", "WMS:http://host:80/x", "netcdf:a.nc:z"})
    EXPECT_FALSE(parse_subdataset_name(text)) << text;
}

}  // namespace
}  // namespace topobathy
