// Cells in an object store: what is asked of it, and what becomes of answers that are none.
#include "providers/object_store/vsi_object_store.h"

#include <cpl_conv.h>
#include <cpl_vsi.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "fake_clock.h"
#include "fusion/error.h"
#include "loopback_server.h"
#include "providers/object_store/cache_place.h"

namespace topobathy {
namespace {

Bytes bytes(const std::string& text) {
  return {text.begin(), text.end()};
}

constexpr std::size_t kLimit = 1000000;
const char kMissing[] =
    "<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code><Message>There is none</Message></Error>";
const char kDenied[] =
    "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>Go away</Message></Error>";

ScriptedAnswer xml(int status, const std::string& body) {
  ScriptedAnswer answer;
  answer.status = status;
  answer.body = body;
  answer.headers = {{"Content-Type", "application/xml"}};
  return answer;
}

ScriptedAnswer object(const std::string& body) {
  ScriptedAnswer answer;
  answer.body = body;
  return answer;
}

/// A bucket on the loopback interface whose answers are scripted.
class VsiObjectStoreTest : public ::testing::Test {
 protected:
  VsiObjectStoreTest() {
    const std::string url = server_.url("");
    set("AWS_S3_ENDPOINT", url.substr(url.find("//") + 2).c_str());
    set("AWS_HTTPS", "NO");
    set("AWS_VIRTUAL_HOSTING", "FALSE");
    set("AWS_ACCESS_KEY_ID", "somebody");
    set("AWS_SECRET_ACCESS_KEY", "secret");
    set("AWS_REGION", "us-east-1");
    limits_.attempts = 4;
    store_ = make_vsi_object_store("/vsis3/bucket/cells", limits_, clock_);
  }
  void set(const char* key, const char* value) {
    options_.push_back(std::make_unique<CPLConfigOptionSetter>(key, value, false));
  }
  void answers(std::vector<ScriptedAnswer> answers) {
    server_.put("/bucket/cells/a/b.zip", std::move(answers));
  }
  std::optional<Bytes> get(std::size_t limit = kLimit) {
    return store_->get("a/b.zip", limit, Reading::kUse);
  }
  std::string failure_of_get() {
    return message_of([&] { get(); });
  }
  std::string failure_of_put() {
    return message_of([&] { store_->put("a/b.zip", bytes("new")); });
  }
  template <class Call>
  static std::string message_of(const Call& call) {
    try {
      call();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kCache);
      return error.what();
    }
    return "";
  }
  std::string asked() const {
    std::string text;
    for (const SeenRequest& request : server_.requests())
      text += (text.empty() ? "" : " ") + request.method;
    return text;
  }

  LoopbackServer server_;
  FakeClock clock_;
  HttpLimits limits_;
  std::vector<std::unique_ptr<CPLConfigOptionSetter>> options_;
  std::shared_ptr<ObjectStore> store_;
};

TEST_F(VsiObjectStoreTest, a_look_is_one_request) {
  const std::string large(300000, 'x');
  answers({object(large)});
  EXPECT_EQ(get(), bytes(large));
  EXPECT_EQ(asked(), "GET");
  EXPECT_EQ(server_.requests()[0].header("range"), "");
}

TEST_F(VsiObjectStoreTest, an_absent_object_is_one_request_and_no_trouble) {
  answers({xml(404, kMissing)});
  EXPECT_FALSE(get());
  EXPECT_EQ(asked(), "GET");
}

TEST_F(VsiObjectStoreTest, what_another_machine_puts_or_takes_is_seen_at_once) {
  answers({xml(404, kMissing), object("first"), object("second, longer"), xml(404, kMissing),
           object("third")});
  EXPECT_FALSE(get());
  EXPECT_EQ(get(), bytes("first"));
  EXPECT_EQ(get(), bytes("second, longer"));
  EXPECT_FALSE(get());
  EXPECT_EQ(get(), bytes("third"));
  EXPECT_EQ(server_.count(), 5U);
}

TEST_F(VsiObjectStoreTest, a_larger_object_than_can_be_is_none) {
  answers({object(std::string(5000, 'x'))});
  EXPECT_FALSE(get(4999));
  EXPECT_TRUE(get(5000));
}

TEST_F(VsiObjectStoreTest, an_object_is_put_with_one_request) {
  answers({object("")});
  // Of the size at which GDAL would begin a multi-part upload, were it not told otherwise.
  set("VSIS3_CHUNK_SIZE", "5");
  const Bytes content(std::size_t{12} << 20, 'x');
  store_->put("a/b.zip", content);
  EXPECT_EQ(asked(), "PUT");
  EXPECT_EQ(server_.requests()[0].body.size(), content.size());
}

TEST_F(VsiObjectStoreTest, a_busy_store_is_asked_again) {
  const ScriptedAnswer busy = xml(503, "<Error><Code>SlowDown</Code></Error>");
  answers({busy, busy, object("cell")});
  EXPECT_EQ(get(), bytes("cell"));
  EXPECT_EQ(clock_.pauses().size(), 2U);
}

TEST_F(VsiObjectStoreTest, a_busy_store_is_given_an_object_again) {
  int puts = 0;
  server_.put("/bucket/cells/a/b.zip", [&](const SeenRequest& request) {
    if (request.method != "PUT") return xml(404, kMissing);
    return ++puts < 3 ? xml(503, "") : object("");
  });
  store_->put("a/b.zip", bytes("new"));
  EXPECT_EQ(puts, 3);
  EXPECT_EQ(clock_.pauses().size(), 2U);
}

TEST_F(VsiObjectStoreTest, a_refusal_is_told_and_not_tried_again) {
  answers({xml(403, kDenied)});
  EXPECT_EQ(
      failure_of_get(),
      "cannot look for /vsis3/bucket/cells/a/b.zip: Go away; check the address and the rights "
      "of the object store, or set TOPOBATHY_CACHE_DIR to another place");
  EXPECT_EQ(asked(), "GET");
  EXPECT_EQ(failure_of_put().substr(0, 50),
            std::string("cannot write /vsis3/bucket/cells/a/b.zip: Go away; check").substr(0, 50));
  EXPECT_TRUE(clock_.pauses().empty());
}

TEST_F(VsiObjectStoreTest, a_store_that_may_only_be_read_takes_nothing) {
  server_.put("/bucket/cells/a/b.zip", [&](const SeenRequest& request) {
    return request.method == "PUT" ? xml(403, kDenied) : xml(404, kMissing);
  });
  const std::string told = failure_of_put();
  EXPECT_NE(told.find("the store did not take it, perhaps there is no right to write"),
            std::string::npos)
      << told;
}

TEST_F(VsiObjectStoreTest, a_store_that_keeps_failing_is_left_alone_for_a_while) {
  answers({xml(503, "<Error><Code>SlowDown</Code></Error>")});
  for (int request = 0; request < 3; ++request)
    EXPECT_NE(failure_of_get(), "");
  const std::size_t before = server_.count();
  EXPECT_NE(failure_of_get().find("has not answered for a while"), std::string::npos);
  EXPECT_NE(failure_of_put().find("has not answered for a while"), std::string::npos);
  EXPECT_EQ(server_.count(), before);
  clock_.advance(31);
  answers({object("cell")});
  EXPECT_EQ(get(), bytes("cell"));
}

TEST_F(VsiObjectStoreTest, trouble_is_told_once) {
  EXPECT_TRUE(store_->is_first_trouble());
  EXPECT_FALSE(store_->is_first_trouble());
}

TEST(VsiObjectStore, any_virtual_path_serves) {
  FakeClock clock;
  const auto store = make_vsi_object_store("/vsimem/objects", {}, clock);
  EXPECT_FALSE(store->get("a/b", kLimit, Reading::kLook));
  store->put("a/b", bytes("one"));
  store->put("a/b", bytes("two"));
  EXPECT_EQ(store->get("a/b", kLimit, Reading::kLook), bytes("two"));
  VSIUnlink("/vsimem/objects/a/b");
  EXPECT_FALSE(store->get("a/b", kLimit, Reading::kLook));
}

TEST(CachePlace, of_an_object_store_is_a_folder_of_the_machine_and_the_store) {
  const CPLConfigOptionSetter local("TOPOBATHY_LOCAL_CACHE_DIR", "/data/local", false);
  const CachePlace place = cache_place("/vsis3/bucket/cells//");
  ASSERT_TRUE(place.objects);
  EXPECT_EQ(place.objects->root(), "/vsis3/bucket/cells");
  EXPECT_EQ(place.folder, cache_place("/vsis3/bucket/cells").folder);
  EXPECT_EQ(place.folder.size(), std::string("/data/local/").size() + 16);
  EXPECT_EQ(place.folder.compare(0, 12, "/data/local/"), 0);
  EXPECT_NE(place.folder, local_cache_folder("/vsis3/bucket/other"));
}

TEST(CachePlace, of_a_folder_is_the_folder) {
  const CachePlace place = cache_place("/data/cache");
  EXPECT_EQ(place.folder, "/data/cache");
  EXPECT_FALSE(place.objects);
}

TEST(CachePlace, a_url_is_refused) {
  const auto refused = [](const std::string& root) {
    try {
      cache_place(root);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kUsage);
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(refused("gs://bucket/cells"),
            "the cache directory gs://bucket/cells is a URL; write /vsigs/bucket/cells");
  EXPECT_EQ(refused("https://host/root"),
            "the cache directory https://host/root is a URL; write a folder, or an object store as "
            "GDAL names it, such as /vsis3/bucket/prefix");
}

}  // namespace
}  // namespace topobathy
