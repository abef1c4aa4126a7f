#pragma once

#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sync/replication/hub_session.h"
#include "tests/sim/box.h"
#include "tests/sim/context.h"
#include "tests/sim/hub.h"

namespace branchline {

// The lines between boxes and hub, and what is on them. Plays the part of the
// gRPC shell (sync/rpc): does what both sessions' Poll() says, and carries
// their frames, late, and not all of them if the plan says so. What was on an
// old line may still arrive at the hub when the new one is up.
//
// Not thread-safe. The context, hub and boxes outlive it.
class SimNetwork {
 public:
  SimNetwork(SimContext* context, SimHub* hub);

  void AddBox(SimBox* box) { boxes_.push_back(box); }

  // Lets time pass until `until` (micros), in the order of what happens. A box
  // or hub whose disk failed on the way is killed.
  void RunUntil(int64_t until);

  // The box's journal grew.
  void PollBox(SimBox* box);
  // Its line breaks now, and no new one comes up for `dark_micros`.
  void Cut(SimBox* box, int64_t dark_micros);
  void KillBox(SimBox* box);
  void KillHub();
  // From now on nothing is held back: lines are quick and whole. One that has
  // lost a frame breaks, as it would at once outside of the simulation.
  void Heal();

  // What the hub has acked to each branch, the greatest: it must be on the
  // hub's disk, whatever happens.
  const std::map<std::string, Cursor>& acked() const { return acked_; }
  // The same, whatever image the hub was restored from since: it must be there
  // again in the end.
  const std::map<std::string, Cursor>& acked_ever() const {
    return acked_ever_;
  }

  // The hub's disk is another one from now on.
  void OnHubRestored();
  // It has welcomed the branch since then.
  bool Heard(const std::string& branch) const {
    return heard_.count(branch) > 0;
  }

 private:
  static constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

  template <typename Frame>
  struct Pipe {
    std::deque<std::pair<int64_t, Frame>> frames;  // with time of arrival
    bool cut = false;     // what is sent from now on is lost
    bool faulty = false;  // a frame was lost, doubled or swapped
  };
  struct Line {
    SimBox* box = nullptr;  // null: the box's end is gone
    PeerIdentity peer;
    std::unique_ptr<HubSession> session;  // null: the hub's end is gone
    int64_t opens_at = kNever;            // both ends hear of it then
    int64_t fails_at = kNever;            // it cannot be opened
    Pipe<v1::EdgeFrame> to_hub;
    Pipe<v1::HubFrame> to_box;
    int64_t box_told_at = kNever;  // that the line broke
    int64_t hub_told_at = kNever;
    int64_t replaced_at = kNever;
    std::deque<std::pair<int64_t, HubSession::Take>> takes;
    int64_t hub_wakes_at = kNever;
    bool welcomed = false;
  };

  int64_t NextEvent() const;
  int64_t NextOf(const Line& line) const;
  // The hub's streams have grown: every line that it has hears of it.
  void TellHubsChanges();
  void HandleDue(int64_t now);
  void HandleLine(uint64_t id, Line* line, int64_t now);
  void Open(uint64_t id, Line* line);
  void Connect(SimBox* box);
  void PollHub(uint64_t id, Line* line);
  void Welcomed(uint64_t id, Line* line);
  void TakeFirst(uint64_t id, Line* line);
  void LookForFailures();
  void Sweep();

  template <typename Frame>
  void Send(Pipe<Frame>* pipe, Frame frame);
  // Of the hub's streams, where few frames matter much, more go wrong.
  static uint64_t FaultsOneIn(const v1::EdgeFrame&) { return 30; }
  static uint64_t FaultsOneIn(const v1::HubFrame& frame) {
    return frame.has_records() ? 8 : 30;
  }
  // Of what is on its way some arrives, perhaps late; the rest is lost.
  template <typename Frame>
  int64_t Break(Pipe<Frame>* pipe, bool may_be_late);
  int64_t Delay();
  // When an end hears of a break: at once, soon, or not before its own timeout.
  int64_t ToldAt(int64_t after);

  SimContext& context_;
  SimHub& hub_;
  std::vector<SimBox*> boxes_;
  std::map<uint64_t, Line> lines_;
  uint64_t last_line_ = 0;
  std::map<std::string, uint64_t> line_of_branch_;  // the last that greeted
  std::map<std::string, Cursor> acked_;
  std::map<std::string, Cursor> acked_ever_;
  std::set<std::string> heard_;
};

}  // namespace branchline
