#include "driver/connection_string.h"

#include <gtest/gtest.h>

#include <cpl_vsi.h>

#include "fusion/error.h"

namespace topobathy {
namespace {

template <class Action>
std::string message_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(ConnectionString, a_plain_name_is_a_path) {
  const auto connection = parse_connection_string("/data/a?b.yaml");
  EXPECT_EQ(connection.path, "/data/a?b.yaml");
  EXPECT_TRUE(connection.options.empty());
}

TEST(ConnectionString, takes_path_and_options_apart) {
  const auto connection = parse_connection_string(
      "topobathy:/data/my coast.yaml?resolution=10&bbox=-74.1,40.5,-73.7,40.7&crs=EPSG:3857");
  EXPECT_EQ(connection.path, "/data/my coast.yaml");
  EXPECT_EQ(
      connection.options,
      (NamedValues{{"resolution", "10"}, {"bbox", "-74.1,40.5,-73.7,40.7"}, {"crs", "EPSG:3857"}}));
}

TEST(ConnectionString, values_are_percent_decoded_and_plus_stays) {
  const auto connection = parse_connection_string(
      "TOPOBATHY:a.yaml?CACHE_DIR=/tmp/a%26b%20c&CRS=+proj=utm+zone%3d19&NODATA=50%");
  EXPECT_EQ(connection.options[0].second, "/tmp/a&b c");
  EXPECT_EQ(connection.options[1].second, "+proj=utm+zone=19");
  EXPECT_EQ(connection.options[2].second, "50%");
}

TEST(ConnectionString, an_empty_query_is_no_option) {
  EXPECT_TRUE(parse_connection_string("TOPOBATHY:a.yaml?").options.empty());
  EXPECT_EQ(parse_connection_string("TOPOBATHY:a.yaml?").path, "a.yaml");
}

TEST(ConnectionString, json_and_yaml_text_may_stand_in_line) {
  EXPECT_EQ(parse_connection_string("TOPOBATHY:{\"name\": \"a?b\"}").text, "{\"name\": \"a?b\"}");
  EXPECT_EQ(parse_connection_string("TOPOBATHY:\nname: a").text, "\nname: a");
  const auto with_options = parse_connection_string("TOPOBATHY:?resolution=10&zoom=3\nname: a?b");
  EXPECT_EQ(with_options.text, "\nname: a?b");
  EXPECT_EQ(with_options.options, (NamedValues{{"resolution", "10"}, {"zoom", "3"}}));
}

TEST(ConnectionString, refuses_what_it_cannot_read) {
  EXPECT_EQ(
      message_of([] { parse_connection_string("TOPOBATHY:"); }),
      "Connection string: no policy given; write TOPOBATHY:path or TOPOBATHY:path?option=value");
  EXPECT_EQ(
      message_of([] { parse_connection_string("TOPOBATHY:?resolution=10"); }),
      "Connection string: no policy given; write TOPOBATHY:path or TOPOBATHY:path?option=value");
  EXPECT_EQ(
      message_of([] { parse_connection_string("TOPOBATHY:a.yaml?resolution"); }),
      "Connection string: \"resolution\" is not option=value; a \"?\" inside the path is written "
      "%3F, a \"&\" inside a value %26");
  EXPECT_EQ(message_of([] { parse_connection_string("TOPOBATHY:a.yaml?zoom=1&ZOOM=1"); }),
            "Connection string: option ZOOM is given twice");
}

TEST(ConnectionString, path_is_literal_where_such_a_file_exists_else_decoded) {
  VSIFCloseL(VSIFOpenL("/vsimem/100%25.yaml", "w"));
  EXPECT_EQ(resolve_path("/vsimem/100%25.yaml"), "/vsimem/100%25.yaml");
  EXPECT_EQ(resolve_path("/vsimem/a%3Fb.yaml"), "/vsimem/a?b.yaml");
  EXPECT_EQ(resolve_path("/vsimem/plain.yaml"), "/vsimem/plain.yaml");
  VSIUnlink("/vsimem/100%25.yaml");
}

TEST(ConnectionString, open_options_join_and_conflicts_are_refused) {
  auto connection = parse_connection_string("TOPOBATHY:a.yaml?resolution=10");
  const char* const options[] = {"RESOLUTION=10", "CRS=EPSG:3857", "OVERVIEW_LEVEL=1", "@X=1",
                                 nullptr};
  add_open_options(connection, options);
  EXPECT_EQ(connection.options, (NamedValues{{"resolution", "10"}, {"CRS", "EPSG:3857"}}));
  const char* const other[] = {"Resolution=20", nullptr};
  EXPECT_EQ(
      message_of([&] { add_open_options(connection, other); }),
      "Option Resolution is 10 in the connection string and 20 in the open options; give it once");
}

}  // namespace
}  // namespace topobathy
