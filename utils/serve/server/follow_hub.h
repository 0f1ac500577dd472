#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "utils/serve/route.h"
#include "utils/serve/server/work_queue.h"

namespace topobathy {

/// Who is shown something that changes.
class Follower {
 public:
  virtual ~Follower() = default;
  /// A newer text makes one that is not sent yet needless. \param last nothing comes after it
  virtual void tell(const std::shared_ptr<const std::string>& text, bool last) = 0;
  /// Nothing has changed for a while.
  virtual void ping() {}
};

/// Looks at what is followed, once for all who follow the same, by one timer, on the threads of a
/// queue. Used by the thread of its io_context alone.
class FollowHub {
 public:
  FollowHub(boost::asio::io_context& io, WorkQueue& queue, std::chrono::milliseconds look,
            std::chrono::milliseconds ping);
  ~FollowHub();
  FollowHub(const FollowHub&) = delete;
  FollowHub& operator=(const FollowHub&) = delete;

  /// `what`: equal names are one thing; the first one's Followed is looked at. Forgotten with its
  /// last follower.
  void follow(const std::string& what, std::unique_ptr<Followed> followed,
              const std::shared_ptr<Follower>& follower);
  void stop();

 private:
  struct Topic;
  void wait();
  void look_at_all();
  void look_at(const std::string& what, const std::shared_ptr<Topic>& topic);
  void take(const std::string& what, const std::shared_ptr<Topic>& topic,
            std::shared_ptr<const std::string> text, bool over);
  static void forget_gone(Topic& topic);

  boost::asio::io_context& io_;
  WorkQueue& queue_;
  const std::chrono::milliseconds look_every_, ping_every_;
  boost::asio::steady_timer timer_;
  bool waiting_ = false, stopped_ = false;
  std::chrono::steady_clock::time_point next_ping_;
  std::map<std::string, std::shared_ptr<Topic>> topics_;
};

}  // namespace topobathy
