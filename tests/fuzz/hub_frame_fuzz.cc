// Whatever a box sends, in whatever order: the hub's session answers every push
// that it took at most once and in order, sends nothing after a refusal, and
// never holds more than its maxima. Input: frames, each after its size as one
// byte, or, if that is 0, an event of the hub's own side.

#include <cstdint>
#include <deque>

#include "absl/strings/string_view.h"
#include "sync/base/check.h"
#include "sync/replication/hub_session.h"
#include "sync/replication/limits.h"
#include "tests/sync/replication/fake_hub.h"

namespace branchline {
namespace {

// A session, and what it owes.
class Driver {
 public:
  Driver() : session_(PeerIdentity{"S014", 1}, &hub_) {
    hub_.AddBranch("S014");
    hub_.Publish("chain", 3);
  }

  void Frame(absl::string_view bytes) {
    v1::EdgeFrame frame;
    if (frame.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
      session_.OnFrame(std::move(frame));
    }
    Poll();
  }

  void Event(uint8_t kind) {
    if (kind % 4 == 0) hub_.Publish("chain", 1);
    if (kind % 4 == 1) now_ += absl::Seconds(kind);
    if (kind % 4 == 2) session_.OnChanged();
    if (kind % 4 == 3 && !takes_.empty()) {
      HubSession::Take take = std::move(takes_.front());
      takes_.pop_front();
      hub_.Take(session_.peer(), std::move(take.push),
                [&](absl::StatusOr<HubPort::Taken> taken) {
                  session_.OnTaken(take.number, std::move(taken));
                });
    }
    Poll();
  }

 private:
  void Poll() {
    HubSession::Actions actions = session_.Poll(now_);
    BL_CHECK(!over_ || actions.frames.empty(), "nothing follows the end");
    for (const v1::HubFrame& frame : actions.frames) {
      BL_CHECK(!over_, "a refusal is the last frame");
      if (frame.has_ack()) ++answers_;
      if (!frame.has_refused()) continue;
      if (frame.refused().code() == v1::REFUSAL_CODE_GAP) {
        ++answers_;
      } else {
        over_ = true;
      }
    }
    if (actions.close.has_value()) over_ = true;
    for (HubSession::Take& take : actions.takes) {
      BL_CHECK(take.number == ++taken_, "pushes are taken in order");
      takes_.push_back(std::move(take));
    }
    BL_CHECK(answers_ <= taken_, "a push is answered once");
    BL_CHECK(takes_.size() <= kHubPushesMax, "pushes held have a maximum");
  }

  FakeHub hub_;
  HubSession session_;
  absl::Duration now_ = absl::Seconds(1000);
  std::deque<HubSession::Take> takes_;
  uint64_t taken_ = 0;
  uint64_t answers_ = 0;
  bool over_ = false;
};

}  // namespace
}  // namespace branchline

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  absl::string_view input(reinterpret_cast<const char*>(data), size);
  branchline::Driver driver;
  // Most inputs would end at the greeting: every other one begins after it.
  if (size % 2 == 0) {
    branchline::v1::EdgeFrame hello;
    hello.mutable_hello()->set_protocol(branchline::kProtocolVersion);
    hello.mutable_hello()->set_branch("S014");
    driver.Frame(hello.SerializeAsString());
  }
  while (input.size() >= 2) {
    const auto frame_size = static_cast<uint8_t>(input[0]);
    if (frame_size == 0) {
      driver.Event(static_cast<uint8_t>(input[1]));
      input.remove_prefix(2);
      continue;
    }
    input.remove_prefix(1);
    const absl::string_view frame = input.substr(0, frame_size);
    driver.Frame(frame);
    input.remove_prefix(frame.size());
  }
  return 0;
}
