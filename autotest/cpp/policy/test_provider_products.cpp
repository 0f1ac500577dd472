#include <gtest/gtest.h>

#include "fusion/policy/provider_names.h"
#include "fusion/policy/provider_products.h"

namespace topobathy {
namespace {

TEST(ProviderProducts, TheDefaultComesFirst) {
  EXPECT_EQ("10m", products("usgs_3dep").front());
  EXPECT_EQ("glo30", products("copernicus_dsm").front());
  EXPECT_EQ("stac", products("nasadem").front());
  EXPECT_TRUE(products("raster").empty());
}

TEST(ProviderProducts, EachIsTaken) {
  for (const ProviderName& provider : provider_names())
    for (const std::string& product : products(provider.name))
      EXPECT_EQ("", product_refusal(provider.name, product));
}

TEST(ProviderProducts, RefusalsSayWhatThereIs) {
  EXPECT_EQ(
      "unknown product \"Glo90\" of provider 'copernicus_dsm'; did you mean \"glo90\"? "
      "(products: glo30, glo90, stac)",
      product_refusal("copernicus_dsm", "Glo90"));
  EXPECT_EQ("provider 'raster' has no products to choose from: leave product out",
            product_refusal("raster", "x"));
}

}  // namespace
}  // namespace topobathy
