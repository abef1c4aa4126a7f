#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "edge/commit/command.h"
#include "sync/base/cursor.h"
#include "tests/sim/box.h"
#include "tests/sim/context.h"

namespace branchline {

// One answer that somebody outside the system got.
struct Told {
  const SimBox* box = nullptr;
  Cursor at;
  std::string receipt_no;  // empty: a document without a number
  int64_t net_minor = 0;
  std::map<std::string, int64_t> shelf_milli;  // by SKU: what left (< 0), came
  bool destroyed = false;                      // with the disk it stood on
};

// One thing that somebody wanted done, under one command id.
struct Wanted {
  std::string branch;
  std::string till;
  std::string what;  // "sale", "return" ...
  std::vector<Told> told;
  // Tried at least once without an answer: it may have happened.
  bool unanswered = false;
};

// The world outside: what customers, staff and shelves know, in plain maps. It
// shares nothing with the ledger. Not thread-safe.
class SimModel {
 public:
  explicit SimModel(SimContext* context) : context_(*context) {}

  Wanted& At(const std::string& command_id) { return wanted_[command_id]; }
  const std::map<std::string, Wanted>& wanted() const { return wanted_; }

  // Writes down an answer, and looks whether it can be true.
  void Tell(const std::string& command_id, const SimBox* box,
            const Command& command, const Outcome& outcome);

  // The disk of `box` from after `kept` on is gone.
  void Destroy(const SimBox* box, const Cursor& kept);

  // Prices that the office has ever set.
  void SetPrice(const std::string& sku, int64_t minor_e4) {
    prices_[sku].push_back(minor_e4);
  }

 private:
  void CheckPrices(const Command& command, const v1::Sale& sale);

  SimContext& context_;
  std::map<std::string, Wanted> wanted_;
  std::map<std::string, std::vector<int64_t>> prices_;
};

// What a document says, wherever it was found.
Told ReadDocument(const v1::Event& event);

}  // namespace branchline
