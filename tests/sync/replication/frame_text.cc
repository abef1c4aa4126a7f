#include "tests/sync/replication/frame_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "sync/replication/position.h"
#include "sync/replication/refusal.h"
#include "tests/sync/replication/fake_journal.h"

namespace branchline {

std::string PlaceText(const v1::Position& at) {
  return at.epoch() <= 1 ? absl::StrCat(at.seq())
                         : absl::StrCat(at.epoch(), "/", at.seq());
}

namespace {

std::string RangeText(
    const google::protobuf::RepeatedPtrField<std::string>& records) {
  if (records.empty()) return "nothing";
  return absl::StrCat(
      PlaceText(PositionOf(CursorOfBytes(records[0]))), "..",
      PlaceText(PositionOf(CursorOfBytes(records[records.size() - 1]))));
}

std::string CursorsText(
    const google::protobuf::RepeatedPtrField<v1::StreamCursor>& cursors) {
  return absl::StrJoin(cursors, ", ", [](std::string* out, const auto& cursor) {
    absl::StrAppend(out, cursor.stream(), " ", PlaceText(cursor.at()));
  });
}

}  // namespace

std::string FrameText(const v1::EdgeFrame& frame) {
  if (frame.has_hello()) {
    const v1::Hello& hello = frame.hello();
    return absl::StrCat(
        "hello, head ", PlaceText(hello.head()), ", ",
        hello.session_secret().empty() ? "no secret" : hello.session_secret(),
        hello.pulled().empty() ? "" : ", has ", CursorsText(hello.pulled()));
  }
  if (frame.has_push()) {
    return absl::StrCat("push ", RangeText(frame.push().records()));
  }
  if (frame.has_secret_confirmed()) {
    return absl::StrCat("confirms ", frame.secret_confirmed().secret());
  }
  if (frame.has_pulled_to()) {
    return absl::StrCat("has pulled ",
                        CursorsText(frame.pulled_to().cursors()));
  }
  if (frame.has_returned()) {
    return absl::StrCat("gives back ", frame.returned().stream(), " ",
                        RangeText(frame.returned().records()),
                        frame.returned().end() ? ", the end" : "");
  }
  if (frame.has_heartbeat()) {
    return absl::StrCat("heartbeat ", frame.heartbeat().number());
  }
  return "an unknown frame";
}

std::string FrameText(const v1::HubFrame& frame) {
  if (frame.has_welcome()) {
    return absl::StrCat("welcome, has ", PlaceText(frame.welcome().cursor()),
                        ", offers ", frame.welcome().offered_secret());
  }
  if (frame.has_ack()) return absl::StrCat("ack ", PlaceText(frame.ack().at()));
  if (frame.has_records()) {
    return absl::StrCat(frame.records().stream(), " records ",
                        RangeText(frame.records().records()));
  }
  if (frame.has_snapshot()) {
    const v1::SnapshotChunk& chunk = frame.snapshot();
    return absl::StrCat(chunk.stream(), " snapshot at ", PlaceText(chunk.at()),
                        ", chunk ", chunk.index(),
                        chunk.last() ? ", the last" : "");
  }
  if (frame.has_refused()) {
    return absl::StrCat("refused: ", RefusalText(frame.refused()));
  }
  if (frame.has_want_back()) {
    return absl::StrCat("wants back ", frame.want_back().stream(), " after ",
                        PlaceText(frame.want_back().after()));
  }
  if (frame.has_heartbeat()) {
    return absl::StrCat("heartbeat ", frame.heartbeat().number());
  }
  return "an unknown frame";
}

}  // namespace branchline
