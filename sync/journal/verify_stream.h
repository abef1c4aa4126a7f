#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/event.pb.h"
#include "branchline/v1/record.pb.h"
#include "sync/base/cursor.h"
#include "sync/journal/store.h"
#include "sync/journal/verify.h"
#include "sync/journal/verify_docs.h"
#include "sync/journal/verify_signatures.h"
#include "sync/journal/verify_sums.h"

namespace branchline {

// Reads one stream for VerifyJournal(), record by record, and adds what counts
// to `sums` and `docs`. Goes on after a fault, from what is stored, so that one
// bad record is one fault.
class StreamVerifier {
 public:
  using Place = std::pair<uint64_t, uint64_t>;  // epoch, seq

  // All must outlive it. `writer` is who may append to `stream`. What stands
  // behind `books_end` is not in the books yet, and not added to `sums`.
  StreamVerifier(const Store& store, absl::string_view stream,
                 absl::string_view writer, absl::string_view hub_public_key,
                 std::optional<Place> books_end, VerifySums* sums,
                 VerifyDocs* docs);
  StreamVerifier(const StreamVerifier&) = delete;
  StreamVerifier& operator=(const StreamVerifier&) = delete;

  // Call once. Never fails: what cannot be read is a fault.
  StreamVerdict Run();

 private:
  absl::Status ReadAll();
  absl::Status ReadBase();
  // From here on the records follow the snapshot.
  void StartAtBase();
  absl::Status ReadExceptions();
  void OnStored(absl::string_view key, absl::string_view value);
  void OnRecord(const v1::Record& record);
  void CheckPlace(const v1::Record& record);
  void CheckHash(const v1::Record& record);
  void CheckParts(const v1::Record& record, const v1::Event& event);
  void CheckLate(const v1::Record& record, const v1::LateRecord& late);
  void CheckWhatCounts(const v1::Record& record, const v1::Event& event,
                       bool readable);
  // Whether this node may have put `event` aside.
  bool MayBeAside(const v1::Record& record, const v1::Event& event) const;
  void Fault(const v1::Record& record, absl::string_view what);

  const Store& store_;
  const std::string stream_;
  const std::string writer_;
  const std::optional<Place> books_end_;
  VerifySums& sums_;
  VerifyDocs& docs_;

  StreamVerdict verdict_;
  SignatureVerifier signatures_;  // writes to verdict_
  Cursor head_;
  // Where the snapshot stands, until the records have come to it: older ones
  // may lie before it, from before this node was too far behind for records.
  std::optional<Cursor> base_;
  std::map<Place, std::string> exceptions_;  // why it was listed, in words
};

// SHA-256 over the bytes that docs/JOURNAL.md names, written a second time so
// that a slip in HashRecord() does not agree with itself.
std::string VerifyHashOf(absl::string_view stream, const v1::Record& record);

}  // namespace branchline
