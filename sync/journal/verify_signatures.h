#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/event.pb.h"
#include "branchline/v1/record.pb.h"
#include "sync/base/cursor.h"
#include "sync/journal/store.h"
#include "sync/journal/verify.h"

namespace branchline {

// Who wrote a stream, for StreamVerifier: the grants of its epochs by the hub,
// the checkpoints by each epoch's key, the snapshot that it starts from, and
// how far the hub has signed that it has it. Adds what it finds to `verdict`.
// Fed the records in order.
class SignatureVerifier {
 public:
  // `verdict` must outlive it.
  SignatureVerifier(absl::string_view stream, absl::string_view writer,
                    absl::string_view hub_public_key, StreamVerdict* verdict);

  // Reads the stream's checkpoints, and the signature of its snapshot if
  // `base` is not its start.
  //   DATA_LOSS  the disk cannot be read
  absl::Status Read(const Store& store, const Cursor& base);

  // `event` is the payload of `record`, empty if it cannot be read; `before` is
  // where the stream ended; verdict->records counts this record already.
  void OnRecord(const v1::Record& record, const v1::Event& event,
                const Cursor& before);

  // All records were seen; the last is at `end`.
  void OnEnd(const Cursor& end);
  // Records are passed over here: a snapshot stands for them.
  void OnPassedOver() { base_events_known_ = false; }

 private:
  absl::Status CheckSnapshot(const Store& store, const Cursor& base);
  // The hub's last ack, if this is the stream that a box has of its own.
  absl::Status ReadAck(const Store& store);
  void CheckEpoch(const v1::Record& record, const v1::Event& event,
                  const Cursor& before);
  void CheckGrant(const v1::Record& record, const v1::EpochOpened& opened,
                  const Cursor& before);
  void CheckCheckpoint(const v1::Record& record,
                       const v1::Checkpoint& checkpoint);

  const std::string stream_;
  const std::string writer_;
  const std::string hub_public_key_;
  StreamVerdict& verdict_;

  std::optional<Cursor> acked_;

  // Of the epoch being read; empty: its grant is not to be trusted.
  std::string epoch_key_;
  std::vector<v1::Checkpoint> checkpoints_;  // ascending
  size_t next_checkpoint_ = 0;
  // What checkpoints count beyond the records here: those before a snapshot.
  bool base_events_known_ = false;
  uint64_t base_events_ = 0;
};

// "record 5 of epoch 1".
std::string PlaceText(uint64_t epoch, uint64_t seq);

// PlaceText() of `record`, and `what`, as a fault.
void AddFault(const v1::Record& record, absl::string_view what, Faults* faults);

// "<kind> <stream> 00": where a stream's keys of one kind begin.
std::string StreamPrefix(char kind, absl::string_view stream);

}  // namespace branchline
