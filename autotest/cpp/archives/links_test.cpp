#include "providers/archive/links.h"

#include <gtest/gtest.h>

namespace topobathy {
namespace {

using Links = std::vector<std::string>;

TEST(Links, AreResolvedAgainstTheirPage) {
  const std::string page = "https://www.ngdc.noaa.gov/nos/H12001-H14000/H99999.html";
  const auto link = [&](const std::string& href) { return resolve_link(page, href).value_or("-"); };
  EXPECT_EQ("https://a.gov/x.bag", link("https://a.gov/x.bag"));
  EXPECT_EQ("https://a.gov/x.bag", link("//a.gov/x.bag"));
  EXPECT_EQ("https://www.ngdc.noaa.gov/nos/H12001-H14000/x.bag", link("x.bag"));
  EXPECT_EQ("https://www.ngdc.noaa.gov/nos/coast/x.bag", link("../coast/x.bag#top"));
  EXPECT_EQ("https://www.ngdc.noaa.gov/x.bag?a=b", link("/x.bag?a=b"));
  for (const char* other :
       {"javascript:alert(1)", "mailto:a@b.gov", "file:///etc/passwd", "ftp://a.gov/x.bag", ""})
    EXPECT_EQ("-", link(other)) << other;
  EXPECT_EQ("-", link(std::string("x\0.bag", 6)));
  EXPECT_EQ("-", link(std::string(5000, 'a')));
}

TEST(Links, EndInTheNameOfAFile) {
  EXPECT_EQ("x.bag", file_name_of("https://a.gov/b/x.bag?download=1"));
  EXPECT_EQ("", file_name_of("https://a.gov/b/"));
  EXPECT_EQ("", file_name_of("no link"));
  EXPECT_EQ("../../x.bag", file_name_of("https://a.gov/b/..%2f..%2Fx.bag"));
}

TEST(Links, NamesOfFilesArePlain) {
  EXPECT_TRUE(is_plain_name("H12696_MB_0.5m_MLLW_1of3.bag.gz"));
  for (const std::string& name :
       {std::string(), std::string("../x.bag"), std::string("a/b"), std::string(".hidden"),
        std::string("-rf"), std::string("a b"), std::string("a\nb"), std::string("a\0b", 3),
        std::string("a\\b"), std::string(201, 'a'), std::string("{a}"), std::string("a\xc3\xa9")})
    EXPECT_FALSE(is_plain_name(name)) << name;
}

TEST(Links, AreFoundInTolerableHtml) {
  EXPECT_EQ((Links{"a", "b", "c", "d"}),
            hrefs_of("<a href=\"a\">x</a><A HREF = 'b'><a class=q href=c><a\nhref=d >"));
  EXPECT_EQ(Links{}, hrefs_of("<a xhref=\"a\"> href <a href=\"never closed"));
  EXPECT_EQ(Links{}, hrefs_of("href"));
}

TEST(Links, ValuesOfQueriesAreEncoded) {
  EXPECT_EQ("a%2Bb%2F%3D%20%C3%A9-_.~", percent_encoded("a+b/= \xc3\xa9-_.~"));
}

}  // namespace
}  // namespace topobathy
