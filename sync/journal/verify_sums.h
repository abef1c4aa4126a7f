#pragma once

#include <cstdint>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/event.pb.h"
#include "sync/journal/store.h"
#include "sync/journal/verify.h"

namespace branchline {

// The books as the journal's payloads give them, summed without the fold's
// code. Holds every account and day figure in memory: about 100 bytes each.
class VerifySums {
 public:
  // Adds what `event` of `writer`'s stream does to the books. Its postings must
  // have passed CheckPostings().
  void Add(absl::string_view writer, const v1::Event& event);

  // Compares with the books in `store`, and no floored account may be below
  // zero. Call once.
  //   DATA_LOSS  the disk cannot read them to the end
  absl::Status Compare(const Store& store, BooksVerdict* verdict);

 private:
  struct Sum {
    __int128 amount = 0;
    bool seen = false;  // in the books
  };

  void Plus(const std::string& key, absl::string_view field, __int128 amount);
  void AddSale(const std::string& branch, const v1::Event& outer,
               const v1::Sale& sale);
  void AddReturn(const std::string& branch, const v1::Event& outer,
                 const v1::Return& back);
  // What came back of earlier receipts.
  void AddTakenBack(const std::string& branch, const v1::Sale& sale);
  void AddTakenBack(const std::string& branch, const v1::Return& back);
  void AddStockChange(const std::string& branch, const v1::Event& outer,
                      const v1::StockChange& change);
  // One document in its day's figures, and in those of the day it was posted on
  // if its own was sealed.
  void AddDay(const std::string& branch, const v1::Event& outer,
              absl::string_view currency, int64_t lines, __int128 net_minor,
              __int128 discount_minor);
  void CompareCell(absl::string_view key, absl::string_view bytes,
                   BooksVerdict* verdict);

  // By length of key:2 || key in the books || field.
  absl::flat_hash_map<std::string, Sum> sums_;
};

}  // namespace branchline
