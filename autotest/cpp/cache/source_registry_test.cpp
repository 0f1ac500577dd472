#include "cache/source_registry.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <thread>
#include <unordered_map>

#include "cache/sqlite.h"
#include "cell_matchers.h"
#include "fusion/error.h"
#include "sample_cells.h"
#include "source_registry_fixture.h"

namespace topobathy {
namespace {

using sample::record;

SourceRecord step(const std::string& name) {
  SourceRecord result;
  result.provider = "raster";
  result.key = name;
  result.whole_step = true;
  return result;
}

/// Two steps that want the same id (65534 ids: found after a few hundred names).
std::pair<SourceRecord, SourceRecord> colliding_steps() {
  std::unordered_map<SourceId, SourceRecord> seen;
  for (int i = 0;; ++i) {
    const SourceRecord next = step("step " + std::to_string(i));
    const auto [other, is_new] = seen.try_emplace(preferred_source_id(next), next);
    if (!is_new) return {other->second, next};
  }
}

TEST_F(SourceRegistryTest, gives_the_preferred_id_and_remembers_it) {
  {
    const auto ids = open();
    EXPECT_EQ(ids->assign(record("a")), preferred_source_id(record("a")));
    EXPECT_EQ(ids->assign(record("a")), preferred_source_id(record("a")));
  }
  const auto ids = open();
  const auto found = ids->find(preferred_source_id(record("a")));
  ASSERT_TRUE(found);
  EXPECT_TRUE(same_record(*found, record("a")));
  EXPECT_FALSE(ids->find(70000));
}

TEST_F(SourceRegistryTest, every_field_and_any_bytes_survive) {
  SourceRecord odd;
  odd.provider = "ncei_bag";
  odd.key = std::string("H1\0'; \xe9", 7);
  odd.location =
      "/donn\xe9"
      "es/H1.bag";
  odd.whole_step = true;
  odd.survey_id = "H12345";
  odd.institution =
      "Qu\xc3\xa9"
      "bec";
  odd.date_start = "2001-01-01";
  odd.date_end = "2001-02-01";
  odd.license_name = "CC0";
  odd.license_url = "https://example.org";
  odd.vertical_datum = "MLLW";
  const SourceId id = open()->assign(odd);
  EXPECT_TRUE(same_record(open()->find(id).value(), odd));
  EXPECT_EQ(open()->assign(odd), id);
}

TEST_F(SourceRegistryTest, all_is_ascending_and_complete) {
  const auto ids = open();
  for (const char* name : {"c", "a", "b"})
    ids->assign(record(name));
  const auto rows = open()->all();
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_LT(rows[0].first, rows[1].first);
  EXPECT_LT(rows[1].first, rows[2].first);
  for (const auto& [id, source] : rows)
    EXPECT_EQ(id, preferred_source_id(source));
}

TEST_F(SourceRegistryTest, colliding_sources_get_different_ids_for_good) {
  const auto [first, second] = colliding_steps();
  SourceId first_id, second_id;
  {
    const auto ids = open();
    first_id = ids->assign(first);
    second_id = ids->assign(second);
    EXPECT_EQ(first_id, preferred_source_id(second));
    EXPECT_EQ(second_id, next_source_id(first_id));
  }
  const auto ids = open();  // asked the other way round
  EXPECT_EQ(ids->assign(second), second_id);
  EXPECT_EQ(ids->assign(first), first_id);
}

TEST_F(SourceRegistryTest, sources_of_one_key_in_two_places_get_two_ids_for_good) {
  SourceRecord north = record("a"), south = record("a");
  south.location = "/south/a.tif";
  const SourceId north_id = open()->assign(north);
  EXPECT_EQ(north_id, preferred_source_id(south));
  const SourceId south_id = open()->assign(south);
  EXPECT_EQ(south_id, next_source_id(north_id));
  for (const bool read_only : {false, true}) {
    const auto ids = open(read_only);  // asked the other way round
    EXPECT_EQ(ids->assign(south), south_id);
    EXPECT_EQ(ids->assign(north), north_id);
    EXPECT_EQ(ids->find(south_id)->location, south.location);
  }
}

TEST_F(SourceRegistryTest, what_a_source_states_now_replaces_its_row) {
  const SourceId id = open()->assign(record("a"));
  const auto elsewhere = open();  // another process that reads later
  SourceRecord newer = record("a");
  newer.survey_id = "H12345";
  newer.license_url = "https://example.org";
  {
    const auto ids = open();
    EXPECT_EQ(ids->assign(record("a")), id);
    ids->refresh(newer);
    EXPECT_EQ(ids->assign(newer), id);
    EXPECT_TRUE(same_record(ids->find(id).value(), newer));
  }
  EXPECT_TRUE(same_record(elsewhere->find(id).value(), newer));
  EXPECT_EQ(open()->all().size(), 1u);
}

TEST_F(SourceRegistryTest, a_process_that_has_not_met_the_source_refreshes_it_too) {
  const SourceId id = open()->assign(record("a"));
  SourceRecord newer = record("a");
  newer.date_end = "2024-12-31";
  open()->refresh(newer);
  EXPECT_TRUE(same_record(open()->find(id).value(), newer));
}

TEST_F(SourceRegistryTest, a_source_without_an_id_gets_none_by_refreshing) {
  const auto ids = open();
  ids->refresh(record("a"));
  EXPECT_TRUE(ids->all().empty());
}

TEST_F(SourceRegistryTest, a_second_hand_record_does_not_change_the_row) {
  const SourceId id = open()->assign(record("a"));
  SourceRecord older = record("a");
  older.survey_id = "as an old cell has it";
  const auto ids = open();
  EXPECT_EQ(ids->assign(older), id);
  EXPECT_TRUE(same_record(ids->find(id).value(), record("a")));
}

TEST_F(SourceRegistryTest, read_only_keeps_what_a_source_states_now_to_itself) {
  const SourceId id = open()->assign(record("a"));
  SourceRecord newer = record("a");
  newer.institution = "another";
  const auto ids = open(true);
  ids->refresh(newer);
  EXPECT_TRUE(same_record(ids->find(id).value(), newer));
  EXPECT_TRUE(same_record(open(true)->find(id).value(), record("a")));
}

TEST_F(SourceRegistryTest, processes_that_refresh_at_once_leave_one_of_the_rows) {
  const SourceId id = open()->assign(record("a"));
  const auto stated = [](int version) {
    SourceRecord result = record("a");
    result.survey_id = result.institution = result.license_name = std::to_string(version);
    return result;
  };
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i)
    children.push_back(start_child([&] {
      const auto ids = open();
      for (int turn = 0; turn < 10; ++turn)
        ids->refresh(stated(10 * turn + i));
      return ids->assign(record("a")) == id ? 0 : 1;
    }));
  for (const pid_t child : children)
    EXPECT_EQ(wait_for(child), 0);
  const SourceRecord left = open()->find(id).value();
  EXPECT_EQ(left.survey_id, left.institution);
  EXPECT_EQ(left.survey_id, left.license_name);
  EXPECT_GE(std::stoi(left.survey_id), 90) << "the last word of one of them";
  EXPECT_EQ(open()->all().size(), 1u);
}

TEST_F(SourceRegistryTest, a_registry_without_locations_is_refused_and_told_what_to_do) {
  std::filesystem::create_directories(root_);
  SqliteDatabase older(file_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  older.run(
      "CREATE TABLE sources(id INTEGER PRIMARY KEY, provider TEXT, key TEXT,"
      " UNIQUE(provider, key))");
  older.run("PRAGMA user_version = 1");
  for (const bool read_only : {false, true}) {
    const std::string message = open_message(read_only);
    EXPECT_NE(message.find("version 1"), std::string::npos) << message;
    EXPECT_NE(message.find("delete the file"), std::string::npos) << message;
  }
}

TEST_F(SourceRegistryTest, processes_that_assign_at_once_agree) {
  const auto [first, second] = colliding_steps();
  SourceRecord elsewhere = record("s0");
  elsewhere.location = "/elsewhere/s0.tif";
  std::vector<SourceRecord> sources{first, second, elsewhere};
  for (int i = 0; i < 20; ++i)
    sources.push_back(record("s" + std::to_string(i)));
  const auto assign_all = [&](const std::string& output, bool backwards) {
    auto order = sources;
    if (backwards) std::reverse(order.begin(), order.end());
    const auto ids = open();
    std::ofstream log(output);
    std::map<std::string, SourceId> given;
    for (const auto& source : order)
      given[source.key + ' ' + source.location] = ids->assign(source);
    for (const auto& [key, id] : given)
      log << key << ' ' << id << '\n';
    return 0;
  };
  std::vector<pid_t> children;
  const auto output = [&](int i) { return directory_.path() + "/ids" + std::to_string(i); };
  for (int i = 0; i < 4; ++i)
    children.push_back(start_child([&] { return assign_all(output(i), i % 2 != 0); }));
  for (const pid_t child : children)
    EXPECT_EQ(wait_for(child), 0);
  const auto text = [](const std::string& path) {
    std::ifstream file(path);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  EXPECT_FALSE(text(output(0)).empty());
  for (int i = 1; i < 4; ++i)
    EXPECT_EQ(text(output(i)), text(output(0)));
  EXPECT_EQ(open()->all().size(), sources.size());
}

TEST_F(SourceRegistryTest, threads_that_assign_at_once_agree) {
  const auto ids = open();
  std::vector<std::vector<SourceId>> given(4);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        given[t].push_back(ids->assign(record("s" + std::to_string(i))));
        EXPECT_TRUE(ids->find(given[t].back()));
      }
    });
  for (auto& thread : threads)
    thread.join();
  for (std::size_t t = 1; t < 4; ++t)
    EXPECT_EQ(given[t], given[0]);
}

TEST_F(SourceRegistryTest, a_known_source_needs_no_file) {
  const auto ids = open();
  const SourceId id = ids->assign(record("a"));
  std::filesystem::remove(file_);
  EXPECT_EQ(ids->assign(record("a")), id);
  EXPECT_TRUE(ids->find(id));
  EXPECT_FALSE(std::filesystem::exists(file_));
}

TEST_F(SourceRegistryTest, read_only_makes_nothing_on_disk) {
  const auto ids = open(true);
  EXPECT_EQ(ids->assign(record("a")), preferred_source_id(record("a")));
  EXPECT_TRUE(ids->find(preferred_source_id(record("a"))));
  EXPECT_EQ(ids->all().size(), 1u);
  EXPECT_FALSE(std::filesystem::exists(root_));
}

TEST_F(SourceRegistryTest, read_only_serves_the_file_and_keeps_the_rest_in_memory) {
  const auto [first, second] = colliding_steps();
  const SourceId first_id = open()->assign(first);
  {
    const auto ids = open(true);
    const SourceId second_id = ids->assign(second);
    EXPECT_EQ(second_id, next_source_id(first_id));  // not the one the file has given away
    EXPECT_EQ(ids->assign(first), first_id);
    EXPECT_EQ(ids->all().size(), 2u);
  }
  EXPECT_EQ(open()->all().size(), 1u);
}

TEST_F(SourceRegistryTest, read_only_never_changes_an_id_it_has_given) {
  const auto [first, second] = colliding_steps();
  open()->assign(record("makes the file"));
  const auto reader = open(true);
  const SourceId first_id = reader->assign(first);
  const auto writer = open();
  EXPECT_EQ(writer->assign(second), first_id);  // the writer knows nothing of the reader's
  EXPECT_NE(reader->assign(second), first_id);
  EXPECT_TRUE(same_record(reader->find(first_id).value(), first));
}

}  // namespace
}  // namespace topobathy
