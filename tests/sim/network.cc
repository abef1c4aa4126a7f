#include "tests/sim/network.h"

#include <algorithm>

#include "absl/status/status.h"
#include "sync/base/check.h"
#include "sync/journal/record.h"

namespace branchline {
namespace {

int64_t ToMicros(absl::Duration at) {
  return at == absl::InfiniteDuration() ? std::numeric_limits<int64_t>::max()
                                        : absl::ToInt64Microseconds(at);
}

}  // namespace

SimNetwork::SimNetwork(SimContext* context, SimHub* hub)
    : context_(*context), hub_(*hub) {}

void SimNetwork::Connect(SimBox* box) {
  const uint64_t id = ++last_line_;
  const int64_t now = context_.NowMicros();
  Line& line = lines_[id];
  line.box = box;
  line.peer = {box->branch(), box->identity.node.epoch()};
  box->line = id;
  if (hub_.running() && now >= box->dark_until) {
    line.opens_at = now + Delay();
  } else if (!context_.OneIn(3)) {
    line.fails_at = now + Delay();
  }  // else nobody answers, and the session gives up
}

void SimNetwork::Open(uint64_t id, Line* line) {
  line->opens_at = kNever;
  if (!hub_.running()) {
    line->fails_at = context_.NowMicros();
    return;
  }
  line->session = std::make_unique<HubSession>(line->peer, &hub_.node());
  context_.Count("lines opened");
  if (line->box != nullptr) {
    line->box->session().OnConnected();
    PollBox(line->box);
  }
  PollHub(id, line);
}

void SimNetwork::PollBox(SimBox* box) {
  if (!box->running() || box->core().broken()) return;
  EdgeSession::Actions actions =
      box->session().Poll(context_.clock.MonotonicNow());
  box->wakes_at = ToMicros(actions.wake_at);
  if (box->core().broken()) return;
  const auto it = lines_.find(box->line);
  if (actions.connect) {
    BL_CHECK(it == lines_.end() || it->second.box != box,
             "a session has one line at a time");
    Connect(box);
  }
  if (it != lines_.end() && it->second.box == box) {
    for (v1::EdgeFrame& frame : actions.frames) {
      Send(&it->second.to_hub, std::move(frame));
    }
  }
  if (actions.disconnect.has_value()) {
    context_.trace.Add(box->name, " drops its line: ", *actions.disconnect);
    if (it != lines_.end() && it->second.box == box) {
      Line& line = it->second;
      line.box = nullptr;
      line.to_box.frames.clear();
      line.to_box.cut = true;
      line.hub_told_at = ToldAt(Break(&line.to_hub, /*may_be_late=*/true));
    }
    box->line = 0;
    PollBox(box);
  }
}

void SimNetwork::PollHub(uint64_t id, Line* line) {
  if (line->session == nullptr || hub_.failed()) return;
  HubSession::Actions actions =
      line->session->Poll(context_.clock.MonotonicNow());
  if (hub_.failed()) return;  // it died before it could send this
  line->hub_wakes_at = ToMicros(actions.wake_at);
  if (line->session->welcomed() && !std::exchange(line->welcomed, true)) {
    Welcomed(id, line);
  }
  int64_t take_at = context_.NowMicros();
  if (!line->takes.empty()) take_at = line->takes.back().first;
  for (HubSession::Take& take : actions.takes) {
    take_at += context_.Between(0, 20 * kMilli);
    line->takes.emplace_back(take_at, std::move(take));
  }
  for (v1::HubFrame& frame : actions.frames) {
    if (frame.has_ack()) {
      const Cursor at = FromProto(frame.ack().at());
      for (auto* acks : {&acked_, &acked_ever_}) {
        Cursor& acked = (*acks)[line->peer.branch];
        if (acked.IsBefore(at)) acked = at;
      }
    }
    if (frame.has_snapshot() && frame.snapshot().last()) {
      context_.Count("snapshots sent");
    }
    if (frame.has_want_back()) context_.Count("streams asked back");
    if (frame.has_refused()) {
      context_.Count(absl::StrCat(
          "refused ", v1::RefusalCode_Name(frame.refused().code())));
      context_.trace.Add("hub refuses ", line->peer.branch, ": ",
                         frame.refused().message());
    }
    Send(&line->to_box, std::move(frame));
  }
  if (!actions.close.has_value()) return;
  context_.trace.Add("hub closes line ", id, " of ", line->peer.branch, ": ",
                     actions.close->ToString());
  line->to_box.cut = true;
  const int64_t sent =
      line->to_box.frames.empty() ? 0 : line->to_box.frames.back().first;
  line->box_told_at = std::max(sent, context_.NowMicros()) + Delay();
  line->hub_told_at = line->box_told_at;
  line->hub_wakes_at = kNever;
}

void SimNetwork::Welcomed(uint64_t id, Line* line) {
  heard_.insert(line->peer.branch);
  uint64_t& current = line_of_branch_[line->peer.branch];
  const uint64_t older = current < id ? std::exchange(current, id) : id;
  const auto it = lines_.find(older);
  if (it == lines_.end() || it->second.session == nullptr) return;
  it->second.replaced_at =
      context_.NowMicros() + context_.Between(0, 300 * kMilli);
}

void SimNetwork::TakeFirst(uint64_t id, Line* line) {
  HubSession::Take take = std::move(line->takes.front().second);
  line->takes.pop_front();
  hub_.node().Take(line->peer, std::move(take.push),
                   [&](absl::StatusOr<HubPort::Taken> taken) {
                     if (hub_.failed() || line->session == nullptr) return;
                     line->session->OnTaken(take.number, std::move(taken));
                   });
  PollHub(id, line);
}

int64_t SimNetwork::NextOf(const Line& line) const {
  int64_t next = std::min({line.opens_at, line.fails_at, line.box_told_at,
                           line.hub_told_at, line.replaced_at});
  if (line.session != nullptr) next = std::min(next, line.hub_wakes_at);
  if (!line.to_hub.frames.empty()) {
    next = std::min(next, line.to_hub.frames.front().first);
  }
  if (!line.to_box.frames.empty()) {
    next = std::min(next, line.to_box.frames.front().first);
  }
  if (!line.takes.empty()) next = std::min(next, line.takes.front().first);
  return next;
}

int64_t SimNetwork::NextEvent() const {
  int64_t next = kNever;
  for (const auto& [id, line] : lines_) next = std::min(next, NextOf(line));
  for (const SimBox* box : boxes_) {
    if (box->running()) next = std::min(next, box->wakes_at);
  }
  return next;
}

void SimNetwork::HandleLine(uint64_t id, Line* line, int64_t now) {
  const auto due = [&](int64_t* at) {
    if (*at > now) return false;
    *at = kNever;
    return true;
  };
  if (due(&line->opens_at)) return Open(id, line);
  if (!line->to_hub.frames.empty() && line->to_hub.frames[0].first <= now) {
    v1::EdgeFrame frame = std::move(line->to_hub.frames.front().second);
    line->to_hub.frames.pop_front();
    if (line->session == nullptr) return;
    line->session->OnFrame(std::move(frame));
    return PollHub(id, line);
  }
  if (!line->takes.empty() && line->takes.front().first <= now) {
    return TakeFirst(id, line);
  }
  if (!line->to_box.frames.empty() && line->to_box.frames[0].first <= now) {
    const v1::HubFrame frame = std::move(line->to_box.frames.front().second);
    line->to_box.frames.pop_front();
    if (line->box == nullptr) return;
    line->box->session().OnFrame(frame);
    return PollBox(line->box);
  }
  if (due(&line->replaced_at)) {
    if (line->session == nullptr) return;
    line->session->OnReplaced();
    return PollHub(id, line);
  }
  const bool fails = due(&line->fails_at);
  if (fails || due(&line->box_told_at)) {
    if (line->box == nullptr) return;
    SimBox* const box = std::exchange(line->box, nullptr);
    line->to_box.frames.clear();
    box->line = 0;
    box->session().OnDisconnected(absl::UnavailableError(
        fails ? "connection refused" : "connection reset"));
    return PollBox(box);
  }
  if (due(&line->hub_told_at)) {
    if (line->session == nullptr) return;
    line->session->OnClosed();
    line->session.reset();
    return;
  }
  if (line->session != nullptr && due(&line->hub_wakes_at)) PollHub(id, line);
}

void SimNetwork::TellHubsChanges() {
  if (!hub_.running() || !hub_.TakeChanged()) return;
  for (auto& [id, line] : lines_) {
    if (line.session == nullptr) continue;
    line.session->OnChanged();
    PollHub(id, &line);
  }
  LookForFailures();
}

void SimNetwork::HandleDue(int64_t now) {
  for (SimBox* box : boxes_) {
    if (box->running() && box->wakes_at <= now) PollBox(box);
  }
  LookForFailures();
  // Lines may be opened meanwhile; a map keeps its entries where they are.
  for (auto& [id, line] : lines_) {
    if (NextOf(line) <= now) HandleLine(id, &line, now);
    LookForFailures();
  }
  TellHubsChanges();
  Sweep();
}

void SimNetwork::RunUntil(int64_t until) {
  LookForFailures();
  TellHubsChanges();
  for (int64_t next = NextEvent(); next <= until; next = NextEvent()) {
    const int64_t now = std::max(next, context_.NowMicros());
    context_.clock.Advance(absl::Microseconds(now - context_.NowMicros()));
    HandleDue(now);
  }
  context_.clock.Advance(absl::Microseconds(until - context_.NowMicros()));
}

void SimNetwork::LookForFailures() {
  if (hub_.running() && hub_.failed()) {
    context_.Count("hub disk failures");
    KillHub();
  }
  for (SimBox* box : boxes_) {
    if (!box->running() || !box->core().broken()) continue;
    context_.Count("edge disk failures");
    KillBox(box);
  }
}

void SimNetwork::Sweep() {
  for (auto it = lines_.begin(); it != lines_.end();) {
    const Line& line = it->second;
    const bool over = line.box == nullptr && line.session == nullptr &&
                      line.takes.empty() && line.opens_at == kNever;
    it = over ? lines_.erase(it) : std::next(it);
  }
}

}  // namespace branchline
