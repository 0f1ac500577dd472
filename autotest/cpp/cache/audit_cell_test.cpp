#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "as_nobody.h"
#include "audit_fixture.h"
#include "cache/atomic_file.h"
#include "cache/audit/check_cell.h"
#include "cache/cell_codec.h"
#include "cache/json_text.h"
#include "cache/source_table.h"
#include "cache/zarr_writer.h"

namespace topobathy {
namespace {

using testing_support::AuditTest;
using testing_support::content_of;
using testing_support::write_file;
using State = CellVerdict::State;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

class AuditCell : public ::testing::Test {
 protected:
  CellVerdict check(const Bytes& file) const { return check(file, place_); }
  static CellVerdict check(const Bytes& file, const CellPlace& place) {
    CellScratch scratch;
    return check_cell(file, place, scratch);
  }
  /// The cell with its consolidated metadata changed, every CRC right.
  Bytes with_attributes(const std::function<void(nlohmann::json&)>& change) const {
    const ZipReader zip(file_);
    Bytes text, chunk;
    EXPECT_TRUE(zip.read(".zmetadata", file_.size(), text));
    auto document = nlohmann::json::parse(text.begin(), text.end());
    const auto checksums =
        nlohmann::json::parse(document["metadata"][".zattrs"]["checksums_json"].get<std::string>());
    change(document["metadata"]);
    ZipWriter writer;
    for (const auto& [name, unused] : checksums.items()) {
      EXPECT_TRUE(zip.read(name, file_.size(), chunk));
      writer.add(name, chunk);
    }
    const std::string changed = document.dump();
    writer.add(".zmetadata", Bytes(changed.begin(), changed.end()));
    return writer.finish();
  }
  std::string what_of(const std::function<void(nlohmann::json&)>& change) const {
    const CellVerdict verdict = check(with_attributes(change));
    EXPECT_EQ(verdict.state, State::kDamaged);
    return verdict.what;
  }

  const CellKey key_ = sample::key(sample::degrees(86));
  const Bytes file_ = encode_cell(key_, sample::terrain(key_), "", "2024-01-01T00:00:00Z");
  const CellPlace place_{key_.path_hash(), key_.policy_hash.substr(0, 8), ""};
};

TEST_F(AuditCell, sound_cell_is_sound_and_tells_its_sources) {
  const CellVerdict verdict = check(file_);
  EXPECT_EQ(verdict.state, State::kSound) << verdict.what;
  EXPECT_EQ(verdict.sources.size(), 3u);
  EXPECT_EQ(check(with_attributes([](nlohmann::json&) {})).what, "");
}

/// Whatever a reader refuses, the audit finds.
TEST_F(AuditCell, every_flipped_byte_that_a_reader_refuses_is_found) {
  int refused = 0;
  for (std::size_t i = 0; i < file_.size(); i += 7) {
    Bytes damaged = file_;
    damaged[i] = static_cast<unsigned char>(damaged[i] ^ (1 << (i % 8)));
    if (decode_cell(damaged, key_)) continue;
    ++refused;
    ASSERT_EQ(check(damaged).state, State::kDamaged) << "byte " << i;
  }
  EXPECT_GT(refused, 1000);
}

TEST_F(AuditCell, cut_short_at_any_length) {
  for (std::size_t size = 0; size < file_.size(); size += 101)
    EXPECT_EQ(check(Bytes(file_.begin(), file_.begin() + static_cast<std::ptrdiff_t>(size))).state,
              State::kDamaged);
}

TEST_F(AuditCell, name_and_folder_must_be_those_of_its_key) {
  EXPECT_EQ(check(file_, {std::string(64, 'b'), place_.policy8, ""}).what,
            "its name is not the hash of its key");
  EXPECT_EQ(check(file_, {place_.key_hash, "fedcba98", ""}).what,
            "it is of another policy than its folder");
  EXPECT_EQ(check(file_, {place_.key_hash, "", "ncei_bag"}).what,
            "it is of another provider than its folder");
}

TEST_F(AuditCell, other_versions_are_stale_not_damaged) {
  const auto verdict =
      check(with_attributes([](nlohmann::json& all) { all[".zattrs"]["cell_layout"] = 3; }));
  EXPECT_EQ(verdict.state, State::kStale);
  EXPECT_EQ(verdict.what, "cell_layout 3, this version reads 4");
}

TEST_F(AuditCell, each_attribute_counts) {
  for (const char* name :
       {"key_hash", "policy_hash", "provider", "crs", "pixel_size", "cell_size", "level", "cell",
        "created_at", "nan_fraction", "provenance_json", "step_outcomes_json",
        "source_revisions_json", "checksums_json", "cell_layout", "engine_schema"})
    EXPECT_NE(what_of([&](nlohmann::json& all) { all[".zattrs"].erase(name); }), "") << name;
}

TEST_F(AuditCell, arrays_must_have_the_size_of_the_cell) {
  const auto smaller = [](nlohmann::json& all) { all["elevation/.zarray"]["shape"][0] = 5; };
  EXPECT_EQ(what_of(smaller), "array elevation has not the cell's size");
  const auto none = [](nlohmann::json& all) { all.erase("x/.zarray"); };
  EXPECT_EQ(what_of(none), "array x is missing");
}

TEST_F(AuditCell, ids_of_pixels_must_be_in_the_provenance) {
  const auto drop_one = [](nlohmann::json& all) {
    auto& text = all[".zattrs"]["provenance_json"];
    auto rows = nlohmann::json::parse(text.get<std::string>());
    rows.erase(rows.begin());
    text = rows.dump();
  };
  EXPECT_EQ(what_of(drop_one), "source id 70000 is not in its provenance");
}

TEST_F(AuditCell, other_checksum) {
  const auto other = [](nlohmann::json& all) {
    auto& text = all[".zattrs"]["checksums_json"];
    auto sums = nlohmann::json::parse(text.get<std::string>());
    sums["elevation/0.0"] = std::string(32, '0');
    text = sums.dump();
  };
  EXPECT_EQ(what_of(other), "chunk elevation/0.0 has not its checksum");
}

TEST_F(AuditCell, header_alone_finds_what_it_can) {
  TestDirectory directory;
  const std::string path = directory.path() + "/cell";
  write_file(path, std::string(file_.begin(), file_.end()));
  EXPECT_EQ(check_cell_header(path, place_).state, State::kSound);
  testing_support::cut(path, 0.5);
  EXPECT_EQ(check_cell_header(path, place_).state, State::kDamaged);
}

using AuditOfCells = AuditTest;

TEST_F(AuditOfCells, sound_cache_has_no_finding) {
  add_cell(1);
  add_cell(2, "ncei_bag");
  EXPECT_THAT(audit(), IsEmpty());
  EXPECT_EQ(summary_.files, 3u);  // with the registry
  settings_.quick = true;
  EXPECT_THAT(audit(), IsEmpty());
}

TEST_F(AuditOfCells, damaged_ones_are_found_and_deleted_and_no_others) {
  const std::string damaged = add_cell(1), sound = add_cell(2), other = add_cell(3, "ncei_bag");
  testing_support::flip_byte(damaged, std::filesystem::file_size(damaged) / 3);
  testing_support::cut(other, 0.7);
  const auto both = ElementsAre(Pair(AuditKind::kDamagedCell, relative(damaged)),
                                Pair(AuditKind::kDamagedCell, relative(other)));
  EXPECT_THAT(audit(), both);
  EXPECT_TRUE(std::filesystem::exists(damaged));
  EXPECT_THAT(clean(), both);
  EXPECT_EQ(summary_.left(), 0u);
  EXPECT_FALSE(std::filesystem::exists(damaged));
  EXPECT_FALSE(std::filesystem::exists(other));
  EXPECT_TRUE(std::filesystem::exists(sound));
  EXPECT_THAT(audit(), IsEmpty());
}

TEST_F(AuditOfCells, source_that_the_registry_has_lost_is_entered_under_its_id) {
  add_cell(1);
  const std::string registry = path("sources.sqlite");
  const auto before = SourceTable::open(registry, false)->all();
  std::filesystem::remove(registry);
  open_source_registry(settings_.root, false);
  add_cell(2);  // registers all three again
  {
    SqliteDatabase database(registry, SQLITE_OPEN_READWRITE);
    database.run("DELETE FROM sources WHERE key LIKE '%70000%'");
  }
  const auto found = audit();
  ASSERT_EQ(found.size(), 1u);  // once, though two cells name it
  EXPECT_EQ(found[0].first, AuditKind::kUnknownSource);
  EXPECT_EQ(clean().size(), 1u);
  EXPECT_THAT(audit(), IsEmpty());
  const auto after = SourceTable::open(registry, false)->all();
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < after.size(); ++i) {
    EXPECT_EQ(after[i].first, before[i].first);
    EXPECT_EQ(after[i].second.key, before[i].second.key);
  }
}

TEST_F(AuditOfCells, id_that_the_registry_gives_to_another_source) {
  const std::string cell = add_cell(1);
  {
    SqliteDatabase database(path("sources.sqlite"), SQLITE_OPEN_READWRITE);
    database.run("UPDATE sources SET key = 'file:other.tif' WHERE key LIKE '%80000%'");
  }
  EXPECT_THAT(audit(), ElementsAre(Pair(AuditKind::kSourceConflict, relative(cell))));
  EXPECT_THAT(whats_[relative(cell)], HasSubstr("and in the registry raster file:other.tif"));
  clean();
  EXPECT_FALSE(std::filesystem::exists(cell));
  EXPECT_EQ(SourceTable::open(path("sources.sqlite"), false)->all().size(), 3u);
  EXPECT_THAT(audit(), IsEmpty());
}

TEST_F(AuditOfCells, damaged_registry_is_emptied_and_ids_come_back_from_cells) {
  add_cell(1);
  const auto before = SourceTable::open(path("sources.sqlite"), false)->all();
  write_file(path("sources.sqlite"), std::string(8192, 'x'));
  EXPECT_THAT(audit(), ElementsAre(Pair(AuditKind::kDamagedDatabase, "sources.sqlite")));
  EXPECT_EQ(clean().size(), 4u);  // the file, and its three sources
  EXPECT_EQ(summary_.left(), 0u);
  EXPECT_THAT(audit(), IsEmpty());
  const auto after = SourceTable::open(path("sources.sqlite"), false)->all();
  ASSERT_EQ(after.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_EQ(after[i].first, before[i].first);
}

TEST_F(AuditOfCells, checking_is_no_use_of_a_cell) {
  const std::string cell = add_cell(1);
  testing_support::make_old(cell, 90000);
  struct stat before, after;
  ASSERT_EQ(::stat(cell.c_str(), &before), 0);
  for (const bool quick : {false, true}) {
    settings_.quick = quick;
    EXPECT_THAT(audit(), IsEmpty());
    ASSERT_EQ(::stat(cell.c_str(), &after), 0);
    EXPECT_EQ(after.st_atim.tv_sec, before.st_atim.tv_sec);
  }
}

TEST_F(AuditOfCells, unreadable_file_is_told_and_left_alone) {
  const std::string cell = add_cell(1);
  ::chmod(cell.c_str(), 0);
  const testing_support::AsNobody nobody(directory_.path());
  ASSERT_TRUE(nobody.holds());
  EXPECT_THAT(clean(), ElementsAre(Pair(AuditKind::kUnreadable, relative(cell))));
  EXPECT_EQ(summary_.left(), 1u);
}

}  // namespace
}  // namespace topobathy
