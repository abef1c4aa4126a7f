#pragma once

#include <cstdint>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/event.pb.h"
#include "branchline/v1/replication.pb.h"
#include "sync/base/cursor.h"
#include "sync/journal/store.h"
#include "sync/journal/verify.h"

namespace branchline {

// Rows and registers as the journal's payloads give them, made without the
// fold's code. Holds every one in memory: about 150 bytes for each receipt.
class VerifyDocs {
 public:
  // A piece of the snapshot on disk, for a stream that starts at `base`; before
  // its records. One of another place: the next snapshot is half installed.
  void AddSnapshot(const Cursor& base, const v1::SnapshotChunk& chunk);

  // What `event` of `writer`'s stream, which counts, leaves behind: all of it
  // if it is `in_books`, else only what never lags; see kBooksEndKey. Call in
  // the order of the stream.
  void Add(absl::string_view writer, uint64_t epoch, uint64_t seq,
           const v1::Event& event, bool in_books);

  // What its detachable parts leave behind.
  void AddParts(const v1::Record& record, const v1::Event& event);

  // Compares with the docs in `store`. Call once.
  //   DATA_LOSS  the disk cannot read them to the end
  absl::Status Compare(const Store& store, DocsVerdict* verdict);

 private:
  struct Row {
    std::string value;
    bool seen = false;  // in the docs
  };

  void Put(std::string key, std::string value);
  // A receipt's row; `counts`: it was numbered in this epoch.
  void AddReceipt(absl::string_view branch, uint64_t epoch, uint64_t seq,
                  const std::string& till, const std::string& receipt_no,
                  uint64_t counter, bool counts);
  void AddPayments(absl::string_view branch, const v1::SalePayments& sale);
  // That the sale was paid through the edge; `counts`: what is open after it.
  void AddPaidSale(absl::string_view branch, const v1::Sale& sale, bool counts);
  // A Z's row; `counts`: it is its till's last, and its shift is over.
  void AddUnknownCodes(absl::string_view writer, const v1::Event& outer,
                       const v1::Sale& sale);
  void AddZ(absl::string_view branch, uint64_t epoch, uint64_t seq,
            const v1::ShiftClosed& closed, bool counts);
  // Shifts, sessions, PINs and what rules them. False: `event` is none of it.
  bool AddOfTill(absl::string_view writer, uint64_t epoch, uint64_t seq,
                 const v1::Event& event);
  // Training, invoices, payments matched later, members. False: none of it.
  bool AddAfterSale(absl::string_view writer, uint64_t epoch, uint64_t seq,
                    const v1::Event& event);
  void AddUnconfirmed(absl::string_view writer, const v1::Event& outer,
                      const v1::Event& document);
  void CompareRow(absl::string_view key, absl::string_view value,
                  DocsVerdict* verdict);

  absl::flat_hash_map<std::string, Row> rows_;  // by key in the docs
  std::string half_installed_;                  // the stream whose snapshot is
};

}  // namespace branchline
