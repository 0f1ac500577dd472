#include "utils/serve/server/follow_hub.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <exception>
#include <utility>

#include "utils/serve/server/service_log.h"

namespace topobathy {

struct FollowHub::Topic {
  std::unique_ptr<Followed> followed;
  std::shared_ptr<const std::string> last;  ///< null before the first look
  std::vector<std::weak_ptr<Follower>> followers;
  bool looking = false;
};

FollowHub::FollowHub(boost::asio::io_context& io, WorkQueue& queue, std::chrono::milliseconds look,
                     std::chrono::milliseconds ping)
    : io_(io), queue_(queue), look_every_(look), ping_every_(ping), timer_(io) {}

FollowHub::~FollowHub() = default;

void FollowHub::follow(const std::string& what, std::unique_ptr<Followed> followed,
                       const std::shared_ptr<Follower>& follower) {
  if (stopped_) return;
  if (topics_.empty()) next_ping_ = std::chrono::steady_clock::now() + ping_every_;
  auto& topic = topics_[what];
  if (!topic) {
    topic = std::make_shared<Topic>();
    topic->followed = std::move(followed);
  }
  topic->followers.push_back(follower);
  if (topic->last)
    follower->tell(topic->last, false);
  else
    look_at(what, topic);
  wait();
}

void FollowHub::stop() {
  stopped_ = true;
  topics_.clear();
  timer_.cancel();
}

void FollowHub::wait() {
  if (waiting_ || stopped_ || topics_.empty()) return;
  waiting_ = true;
  timer_.expires_after(look_every_);
  timer_.async_wait([this](const boost::system::error_code& error) {
    waiting_ = false;
    if (error) return;
    look_at_all();
    wait();
  });
}

void FollowHub::forget_gone(Topic& topic) {
  auto& followers = topic.followers;
  followers.erase(std::remove_if(followers.begin(), followers.end(),
                                 [](const auto& follower) { return follower.expired(); }),
                  followers.end());
}

void FollowHub::look_at_all() {
  const auto now = std::chrono::steady_clock::now();
  const bool pings = now >= next_ping_;
  if (pings) next_ping_ = now + ping_every_;
  for (auto at = topics_.begin(); at != topics_.end();) {
    Topic& topic = *at->second;
    forget_gone(topic);
    if (topic.followers.empty()) {
      at = topics_.erase(at);
      continue;
    }
    if (pings)
      for (const auto& weak : topic.followers)
        if (const auto follower = weak.lock()) follower->ping();
    look_at(at->first, at->second);
    ++at;
  }
}

/// One look at a time; what the queue has no place for now is looked at the next time.
void FollowHub::look_at(const std::string& what, const std::shared_ptr<Topic>& topic) {
  if (topic->looking) return;
  topic->looking = true;
  const auto work = queue_.offer([this, &io = io_, what, topic] {
    std::shared_ptr<const std::string> text;
    bool over = true;
    try {
      text = std::make_shared<const std::string>(topic->followed->look());
      over = topic->followed->is_over();
    } catch (const std::exception& error) {
      log_event(LogLevel::kError, "follow", {{"what", what}, {"reason", error.what()}});
    }
    boost::asio::post(io, [this, what, topic, text, over] { take(what, topic, text, over); });
  });
  if (!work) topic->looking = false;
}

/// \param text null: the look has failed, so that nothing will come any more
void FollowHub::take(const std::string& what, const std::shared_ptr<Topic>& topic,
                     std::shared_ptr<const std::string> text, bool over) {
  topic->looking = false;
  const bool news = text && (!topic->last || *topic->last != *text);
  if (news) topic->last = std::move(text);
  const auto current = topics_.find(what);
  if (current != topics_.end() && current->second == topic && over) topics_.erase(current);
  if (!news && !over) return;
  for (const auto& weak :
       std::exchange(topic->followers, over ? decltype(topic->followers)() : topic->followers))
    if (const auto follower = weak.lock()) follower->tell(news ? topic->last : nullptr, over);
}

}  // namespace topobathy
