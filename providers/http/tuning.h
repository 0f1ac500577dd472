#pragma once

#include <cstddef>
#include <cstdint>

/// Every number of fetching, with what it trades. Those with an option of their own (see
/// http_limits.h) are defaults.
namespace topobathy::http_tuning {

/// Tries of one request. Archives on object stores fail about once in 10^4 and answer the second
/// time; more tries only lengthen an outage.
constexpr int kAttempts = 5;
/// The first pause; each further one is twice as long. Shorter than this a broken load balancer has
/// not noticed yet.
constexpr double kFirstPause = 0.5;
/// The longest pause of ours. A server that wants more says so (Retry-After).
constexpr double kLongestPause = 20.0;
/// A pause is between this share of itself and all of it, by chance, so that clients that failed
/// together do not come back together.
constexpr double kJitter = 0.5;

/// Seconds to connect. A packet that is lost three times takes 7.
constexpr double kConnectSeconds = 10.0;
/// Slower than this many bytes a second ...
constexpr long kSlowBytes = 1000;
/// ... for this many seconds is a server that hangs. NCEI takes up to 20 s to think.
constexpr long kSlowSeconds = 30;
/// Seconds for one answer, tries and pauses included. A reader waits for it.
constexpr double kRequestSeconds = 120.0;
/// The same for a file: 8 GB at 1.5 MB/s is an hour and a half.
constexpr double kDownloadSeconds = 7200.0;
/// A try that brought this much of a file is a success that broke off: tries are counted anew.
constexpr std::uint64_t kProgressBytes = std::uint64_t{1} << 20;

/// Requests at once to one server. S3 takes thousands, NCEI's web servers answer 429 from about ten
/// on.
constexpr int kParallel = 6;
/// The largest file that is fetched: BAGs reach 3 GB, the Great Barrier Reef's zip 6 GB.
constexpr std::uint64_t kMaxDownload = std::uint64_t{16} << 30;

/// Redirects in a row: http to https, and a moved site or two.
constexpr int kRedirects = 5;
/// Of a refusal's body so much is kept, for its text.
constexpr std::size_t kRefusalBytes = std::size_t{16} << 10;
/// All header lines of an answer. Real ones take 2 kB.
constexpr std::size_t kHeaderBytes = std::size_t{64} << 10;

/// Of a body at once: fewer, larger writes; memory a running request.
constexpr long kPieceBytes = 128L << 10;
/// A file in the making is synced each time this much has come. After a crash of the machine only
/// that is sure to be there, so a later process resumes from there: less costs syncs, more is
/// fetched again.
constexpr std::uint64_t kSyncBytes = std::uint64_t{16} << 20;
/// Longer ETags are not kept with a broken download, which then starts over: they must fit into a
/// file name twice over. Real ones have 18 to 40 characters.
constexpr std::size_t kEtagBytes = 80;

}  // namespace topobathy::http_tuning
