#include <gtest/gtest.h>

#include "archives/archive_fixture.h"
#include "fusion/policy/provider_table.h"

namespace topobathy {
namespace {

class MakeArchive : public test::ArchiveTest {};

TEST_F(MakeArchive, there_is_one_for_every_product_that_a_policy_may_name) {
  for (const ProviderDeclaration& provider : provider_table()) {
    if (provider.name == kRasterProvider) continue;
    EXPECT_TRUE(archive(provider.name)) << provider.name;
    for (const std::string& product : provider.products)
      EXPECT_TRUE(archive(provider.name, product)) << provider.name << " " << product;
  }
  EXPECT_FALSE(archive("raster"));
  EXPECT_TRUE(http_->calls().empty());
}

}  // namespace
}  // namespace topobathy
