#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "audit_fixture.h"
#include "cache/audit/check_json.h"
#include "cache/audit/check_npy.h"
#include "cache/audit/check_sqlite.h"
#include "cache/audit/zip_entries.h"
#include "cache/fact_file.h"
#include "cache/sqlite.h"
#include "cache/zip_archive.h"

namespace topobathy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using testing_support::AuditTest;
using testing_support::content_of;
using testing_support::cut;
using testing_support::flip_byte;
using testing_support::write_file;

/// Version 1.0, as numpy.save writes it.
std::string npy(const std::string& shape, std::size_t bytes) {
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }";
  header.resize(117, ' ');
  header += '\n';
  return std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(header.size()) + '\0' + header +
         std::string(bytes, '\1');
}

std::string zip_of(const std::string& name, const std::string& content) {
  ZipWriter writer;
  writer.add(name, Bytes(content.begin(), content.end()));
  const Bytes archive = writer.finish();
  return {archive.begin(), archive.end()};
}

using AuditFiles = AuditTest;

TEST_F(AuditFiles, numpy_arrays_have_the_size_their_header_states) {
  const std::string file = path("a.npy");
  write_file(file, npy("(3, 4)", 48));
  EXPECT_EQ(check_npy(file), "");
  write_file(file, npy("(3, 4)", 47));
  EXPECT_EQ(check_npy(file), "it has 175 bytes where its header states 176");
  write_file(file, npy("(99999999999, 99999999999, 99999999999)", 48));
  EXPECT_EQ(check_npy(file), "its header states no array of numbers");
  write_file(file, npy("(), ", 4));
  EXPECT_EQ(check_npy(file), "");
  write_file(file, "\x93NUMPY");
  EXPECT_EQ(check_npy(file), "no NumPy array");
  write_file(file, "");
  EXPECT_EQ(check_npy(file), "no NumPy array");
}

TEST_F(AuditFiles, archives_of_arrays) {
  const std::string file = path("a.npz");
  write_file(file, zip_of("source_elevation.npy", npy("(5, 5)", 100)));
  EXPECT_EQ(check_npz(file, false), "");
  flip_byte(file, 200);
  EXPECT_THAT(check_npz(file, false), HasSubstr("member source_elevation.npy: is damaged: CRC"));
  EXPECT_EQ(check_npz(file, true), "");
  write_file(file, zip_of("source_elevation.npy", "text"));
  EXPECT_EQ(check_npz(file, false), "member source_elevation.npy: no NumPy array");
}

TEST_F(AuditFiles, members_of_a_zip) {
  const std::string file = path("a.zip");
  write_file(file, zip_of("grid.tif", std::string(3000000, 'z')));
  EXPECT_EQ(check_zip(file, false), "");
  flip_byte(file, 2000000);
  EXPECT_THAT(check_zip(file, false), HasSubstr("member grid.tif is damaged"));
  EXPECT_EQ(check_zip(file, true), "");
  cut(file, 0.9);
  EXPECT_EQ(check_zip(file, true), "no zip archive, or cut short");
}

TEST_F(AuditFiles, json) {
  write_file(path("a"), R"({"a": [1]})");
  EXPECT_EQ(check_json(path("a"), JsonShape::kObject), "");
  write_file(path("a"), "[1]");
  EXPECT_EQ(check_json(path("a"), JsonShape::kAny), "");
  EXPECT_EQ(check_json(path("a"), JsonShape::kObject), "its JSON is no object");
  write_file(path("a"), R"({"a": [1)");
  EXPECT_EQ(check_json(path("a"), JsonShape::kAny), "no JSON, or cut short");
}

class AuditDatabases : public AuditTest {
 protected:
  /// Remembers headers of many files, so that the database has some pages.
  void remember() {
    std::vector<Fact> facts;
    for (int i = 0; i < 500; ++i)
      facts.push_back({{"/data/" + std::to_string(i) + ".tif", "1"}, std::string(200, 'v')});
    make_fact_file(headers_, false, [](const std::string&) {})->keep(facts);
  }
  std::string check() const { return check_database(headers_, DatabaseUse::kHeaders, false); }
  bool remembers() const {
    const auto facts = make_fact_file(headers_, false, [](const std::string&) {});
    return facts->find({{"/data/7.tif", "1"}}).front() == std::string(200, 'v');
  }
  const std::string headers_ = path("raster/headers.sqlite");
};

TEST_F(AuditDatabases, sound_and_empty_ones) {
  remember();
  EXPECT_EQ(check(), "");
  write_file(headers_, "");
  EXPECT_EQ(check(), "");
}

TEST_F(AuditDatabases, damaged_pages_and_rows) {
  remember();
  SqliteDatabase(headers_, SQLITE_OPEN_READWRITE)
      .run("UPDATE facts SET value = x'00' WHERE name = '/data/9.tif'");
  EXPECT_EQ(check(), "a row has not its checksum");
  std::string content = content_of(headers_);
  std::fill_n(content.begin() + 8192, 4096, '\x7f');
  write_file(headers_, content);
  EXPECT_NE(check(), "");
  cut(headers_, 0.6);
  EXPECT_NE(check(), "");
}

TEST_F(AuditDatabases, another_programs_file_is_refused) {
  std::filesystem::create_directories(path("raster"));
  SqliteDatabase(headers_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE).run("CREATE TABLE t(x)");
  EXPECT_EQ(check(), "it is another program's database");
  EXPECT_EQ(check_database(headers_, DatabaseUse::kGeoPackage, true),
            "table gpkg_contents is missing");
  EXPECT_EQ(check_database(headers_, DatabaseUse::kOther, false), "");
}

TEST_F(AuditDatabases, geopackage_must_have_the_layers_it_lists) {
  const std::string file = path("a.gpkg");
  std::filesystem::create_directories(settings_.root);
  SqliteDatabase database(file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  database.run(
      "CREATE TABLE gpkg_contents(table_name TEXT); CREATE TABLE gpkg_spatial_ref_sys(x);"
      "INSERT INTO gpkg_contents VALUES('tiles')");
  EXPECT_EQ(check_database(file, DatabaseUse::kGeoPackage, false), "layer tiles is missing");
  database.run("CREATE TABLE tiles(x)");
  EXPECT_EQ(check_database(file, DatabaseUse::kGeoPackage, false), "");
}

TEST_F(AuditDatabases, damaged_ones_are_emptied_and_used_again) {
  write_file(headers_, std::string(20000, 'x'));
  write_file(path("ncei_bag/discovery.sqlite"), "SQLite format 3");
  EXPECT_THAT(audit(), ElementsAre(Pair(AuditKind::kDamagedDatabase, "ncei_bag/discovery.sqlite"),
                                   Pair(AuditKind::kDamagedDatabase, "raster/headers.sqlite")));
  clean();
  EXPECT_EQ(summary_.left(), 0u);
  EXPECT_THAT(audit(), IsEmpty());
  remember();
  EXPECT_TRUE(remembers());
}

TEST_F(AuditDatabases, journal_of_a_killed_writer_is_rolled_back) {
  remember();
  const pid_t child = start_child([&]() -> int {
    SqliteDatabase database(headers_, SQLITE_OPEN_READWRITE);
    database.run("PRAGMA cache_size = 1; BEGIN; UPDATE facts SET value = x'01'");
    ::kill(::getpid(), SIGKILL);
    return 0;
  });
  wait_for(child);
  ASSERT_TRUE(std::filesystem::exists(headers_ + "-journal"));
  testing_support::make_old(headers_ + "-journal");
  EXPECT_FALSE(remembers());
  EXPECT_THAT(clean(),
              ElementsAre(Pair(AuditKind::kLeftoverJournal, "raster/headers.sqlite-journal")));
  EXPECT_THAT(audit(), IsEmpty());
  EXPECT_TRUE(remembers());
}

TEST_F(AuditFiles, tiles_and_what_belongs_to_them_go_together) {
  const std::string stem = "tiles/data/3/1/2_0123abcd";
  write_file(path(stem + ".npy"), npy("(2, 2)", 16));
  write_file(path(stem + "_meta.json"), "{}");
  write_file(path(stem + "_src.npz"), zip_of("source_elevation.npy", npy("(5, 5)", 100)));
  EXPECT_THAT(audit(), IsEmpty());
  cut(path(stem + "_src.npz"), 0.5);
  EXPECT_THAT(clean(), ElementsAre(Pair(AuditKind::kDamagedTile, stem + "_src.npz")));
  EXPECT_THAT(directory_.files(), IsEmpty());
}

TEST_F(AuditFiles, progress_can_stop_it) {
  for (int i = 0; i < 50; ++i)
    write_file(path("hydration_jobs/" + std::to_string(i) + ".json"), "x");
  const auto summary = audit_cache(
      settings_, [](const AuditFinding&, const AuditOutcome&) {},
      [](const AuditProgress& progress) { return progress.files < 5; });
  EXPECT_TRUE(summary.stopped);
  EXPECT_LT(summary.files, 50u);
}

TEST_F(AuditFiles, a_root_that_is_no_folder_is_an_error) {
  write_file(settings_.root, "x");
  EXPECT_ANY_THROW(audit());
}

}  // namespace
}  // namespace topobathy
