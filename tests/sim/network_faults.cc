// What goes wrong on the lines: SimNetwork's delays, losses and breaks.

#include <algorithm>

#include "tests/sim/network.h"

namespace branchline {
int64_t SimNetwork::Delay() {
  if (!context_.healing && context_.plan.slow_lines && context_.OneIn(25)) {
    context_.Count("frames that took seconds");
    return context_.Between(kSecond, 8 * kSecond);
  }
  return context_.Between(kMilli, 40 * kMilli);
}

int64_t SimNetwork::ToldAt(int64_t after) {
  if (context_.OneIn(3)) return kNever;  // it will find out by silence
  return std::max(after, context_.NowMicros()) +
         context_.Between(0, 2 * kSecond);
}

template <typename Frame>
void SimNetwork::Send(Pipe<Frame>* pipe, Frame frame) {
  if (pipe->cut) return;
  auto& frames = pipe->frames;
  int64_t at = context_.NowMicros() + Delay();
  if (!frames.empty()) at = std::max(at, frames.back().first);
  const bool faulty = !context_.healing && context_.plan.frame_faults &&
                      context_.OneIn(FaultsOneIn(frame));
  pipe->faulty |= faulty;
  const uint64_t fault = faulty ? context_.random.Below(3) : 3;
  if (fault == 0) {
    context_.Count("frames lost");
    return;
  }
  if (fault == 1) {
    context_.Count("frames doubled");
    frames.emplace_back(at, frame);
  }
  frames.emplace_back(at, std::move(frame));
  if (fault == 2 && frames.size() >= 2) {
    context_.Count("frames swapped");
    std::swap(frames.back().second, frames[frames.size() - 2].second);
  }
}

template <typename Frame>
int64_t SimNetwork::Break(Pipe<Frame>* pipe, bool may_be_late) {
  pipe->cut = true;
  pipe->frames.resize(context_.random.Below(pipe->frames.size() + 1));
  if (pipe->frames.empty()) return context_.NowMicros();
  if (may_be_late && !context_.healing && context_.plan.slow_lines &&
      context_.OneIn(2)) {
    context_.Count("frames of an old line that came late");
    const int64_t late = context_.Between(kSecond, 25 * kSecond);
    for (auto& frame : pipe->frames) frame.first += late;
  }
  return pipe->frames.back().first;
}

void SimNetwork::Cut(SimBox* box, int64_t dark_micros) {
  box->dark_until = context_.NowMicros() + dark_micros;
  const auto it = lines_.find(box->line);
  if (it == lines_.end()) return;
  Line& line = it->second;
  line.opens_at = kNever;
  line.hub_told_at = ToldAt(Break(&line.to_hub, /*may_be_late=*/true));
  line.box_told_at = ToldAt(Break(&line.to_box, /*may_be_late=*/false));
}

void SimNetwork::KillBox(SimBox* box) {
  context_.trace.Add(box->name, " loses power");
  const auto it = lines_.find(box->line);
  if (it != lines_.end() && it->second.box == box) {
    Line& line = it->second;
    line.box = nullptr;
    line.opens_at = line.fails_at = kNever;
    line.to_box.frames.clear();
    line.to_box.cut = true;
    line.hub_told_at = ToldAt(Break(&line.to_hub, /*may_be_late=*/true));
  }
  box->Kill();
  box->starts_at =
      context_.NowMicros() + context_.Between(100 * kMilli, 20 * kSecond);
}

void SimNetwork::KillHub() {
  context_.trace.Add("hub loses power");
  for (auto& [id, line] : lines_) {
    line.session.reset();
    line.takes.clear();
    line.to_hub.frames.clear();
    line.to_hub.cut = true;
    line.hub_told_at = line.hub_wakes_at = line.replaced_at = kNever;
    if (line.opens_at != kNever)
      line.fails_at = std::exchange(line.opens_at, kNever);
    if (line.box == nullptr || line.fails_at != kNever) continue;
    line.box_told_at = ToldAt(Break(&line.to_box, /*may_be_late=*/false));
  }
  line_of_branch_.clear();
  hub_.Kill();
  hub_.starts_at =
      context_.NowMicros() + context_.Between(100 * kMilli, 10 * kSecond);
}

void SimNetwork::OnHubRestored() {
  acked_.clear();
  heard_.clear();
}

void SimNetwork::Heal() {
  for (SimBox* box : boxes_) {
    box->dark_until = 0;
    const auto it = lines_.find(box->line);
    if (it == lines_.end()) continue;
    if (it->second.to_hub.faulty || it->second.to_box.faulty) Cut(box, 0);
  }
  for (auto& [id, line] : lines_) {
    // What was held back comes now, in its order.
    for (auto& frame : line.to_hub.frames) {
      frame.first = std::min(frame.first, context_.NowMicros() + 100 * kMilli);
    }
    for (auto& frame : line.to_box.frames) {
      frame.first = std::min(frame.first, context_.NowMicros() + 100 * kMilli);
    }
  }
}

template void SimNetwork::Send(Pipe<v1::EdgeFrame>*, v1::EdgeFrame);
template void SimNetwork::Send(Pipe<v1::HubFrame>*, v1::HubFrame);
template int64_t SimNetwork::Break(Pipe<v1::EdgeFrame>*, bool);
template int64_t SimNetwork::Break(Pipe<v1::HubFrame>*, bool);

}  // namespace branchline
