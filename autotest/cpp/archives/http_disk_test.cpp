#include <sys/resource.h>

#include <csignal>
#include <filesystem>

#include "failing_file_system.h"
#include "fusion/sha256.h"
#include "http_fixture.h"

namespace topobathy {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class HttpDisk : public HttpTest {
 protected:
  HttpDisk() { limits_.sync_bytes = 1000; }

  /// Downloads onto a disk whose n-th call fails; the message, "" = all went well.
  std::string download_failing_at(int n, bool* failed) {
    FailingFileSystem files(n);
    HttpSetup failing = setup();
    failing.files = &files;
    std::string message;
    try {
      make_http_client(failing)->download(wanted());
    } catch (const Error& error) {
      EXPECT_EQ(ErrorCode::kCache, error.code()) << error.what();
      message = error.what();
    }
    *failed = files.failed();
    return message;
  }
  Download wanted() const { return {published("/a"), path_, std::nullopt, sha256_hex(body_)}; }
  /// Nothing at all, or the whole file.
  void expect_all_or_nothing(int n) const {
    for (const std::string& file : directory_.files())
      EXPECT_EQ(path_, file) << n;
    if (std::filesystem::exists(path_)) {
      EXPECT_EQ(body_, content_of(path_)) << n;
    }
  }

  TestDirectory directory_;
  const std::string path_ = directory_.path() + "/raw/a";
  const std::string body_ = std::string(3500, 'x') + std::string(3500, 'y');
};

TEST_F(HttpDisk, AnyFailingCallLeavesNothingOrTheFile) {
  int n = 1;
  for (bool failed = true; failed; ++n) {
    std::filesystem::remove_all(directory_.path() + "/raw");
    server_.put(place("/a"), {cut(body_, 3333), says(body_)});
    const std::string message = download_failing_at(n, &failed);
    EXPECT_EQ(failed, !message.empty()) << n;
    if (failed) {
      EXPECT_THAT(message, AllOf(StartsWith("cannot write " + path_ + ": injected"),
                                 HasSubstr("check the free space and the permissions")));
    }
    expect_all_or_nothing(n);
    // And the disk has room again.
    server_.put(place("/a"), {says(body_)});
    EXPECT_EQ(200, client().download(wanted()).status) << n;
    EXPECT_EQ(body_, content_of(path_)) << n;
  }
  // make_directories, create, writes up to each 1000 and each piece, syncs, close, rename,
  // sync_directory
  EXPECT_GE(n, 20);
}

TEST_F(HttpDisk, AnyFailingCallWhileGoingOnLeavesNothingOrTheFile) {
  int n = 1;
  for (bool failed = true; failed; ++n) {
    std::filesystem::remove_all(directory_.path() + "/raw");
    limits_.attempts = 1;
    client_.reset();
    server_.put(place("/a"), {cut(body_, 3333), says(body_)});
    testing_support::refusal(ErrorCode::kUnreadable, [&] { client().download(wanted()); });
    ASSERT_EQ(1U, directory_.files().size()) << n;
    const std::string message = download_failing_at(n, &failed);
    EXPECT_EQ(failed, !message.empty()) << n;
    // The first call is before the part is looked for: it stays.
    if (n > 1) expect_all_or_nothing(n);
    EXPECT_EQ(200, client().download(wanted()).status) << n;
    EXPECT_EQ(body_, content_of(path_)) << n;
  }
  EXPECT_GE(n, 14);
}

TEST_F(HttpDisk, AFullDiskIsAnErrorThatNamesIt) {
  // RLIMIT_FSIZE is the disk that fills in the middle of a file, for real; other tests in this
  // process write no files meanwhile.
  rlimit old;
  ASSERT_EQ(0, ::getrlimit(RLIMIT_FSIZE, &old));
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{5000, old.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  server_.put(place("/a"), {says(body_)});
  const std::string message =
      testing_support::refusal(ErrorCode::kCache, [&] { client().download(wanted()); });
  ::setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, handler);
  EXPECT_THAT(message, HasSubstr("cannot write " + path_));
  EXPECT_TRUE(directory_.files().empty());
}

TEST_F(HttpDisk, AStrangerInTheWayOfThePartIsRemoved) {
  std::filesystem::create_directories(directory_.path() + "/raw");
  const std::string stem = directory_.path() + "/raw/.part-" + sha256_hex("a").substr(0, 16) + "-";
  std::ofstream(stem + "zz") << "no ETag";
  std::ofstream(stem + "223122") << "too short to be of use";
  std::filesystem::create_symlink("/etc/passwd", stem + "223222");
  server_.put(place("/a"), {says(body_)});
  client().download(wanted());
  EXPECT_EQ(std::vector<std::string>{path_}, directory_.files());
  EXPECT_EQ("", server_.requests()[0].header("range"));
}

}  // namespace
}  // namespace topobathy
