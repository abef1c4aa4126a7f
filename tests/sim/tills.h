#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "branchline/v1/till.pb.h"
#include "edge/commit/command.h"
#include "tests/sim/box.h"
#include "tests/sim/context.h"
#include "tests/sim/model.h"

namespace branchline {

// One till as its client program: it keeps a command until it has an answer,
// and most remember the last position that they were shown.
struct SimTill {
  std::string branch;
  std::string name;
  bool remembers = true;
  SimBox* box = nullptr;
  v1::Position last_seen;
  std::optional<Command> asking;
  std::string last_answered;  // command id
  std::optional<Command> answered;
};

// The tills of every branch, and the people at them. Not thread-safe.
class SimTills {
 public:
  SimTills(SimContext* context, SimModel* model)
      : context_(*context), model_(*model) {}

  void Add(const std::string& branch, const std::string& name, bool remembers,
           SimBox* box);
  const std::vector<std::unique_ptr<SimTill>>& all() const { return tills_; }

  // One to three tills of a random branch ask at once: one sync for all.
  void Act();
  // Whoever waits for an answer asks again.
  void AskAgain();
  bool AnyWaits() const;

  // Staff of the branch open a day if none is open, or close it.
  void OpenDay(SimBox* box);
  void CloseDay(SimBox* box);

 private:
  void Ask(SimBox* box, const std::vector<SimTill*>& tills);
  void Answer(SimTill* till, SimBox* box, absl::StatusOr<Outcome> outcome);
  void Refuse(SimTill* till, SimBox* box, const absl::Status& why);
  Command NewCommand(const SimTill& till);
  v1::RingRequest NewSale();
  std::optional<v1::ReturnGoodsRequest> NewReturn(const SimTill& till);
  v1::ChangeStockRequest NewStockChange();
  std::string NewId();
  void RunOnce(SimBox* box, Command command, const std::string& what);

  SimContext& context_;
  SimModel& model_;
  std::vector<std::unique_ptr<SimTill>> tills_;
};

// What is sold in every run.
inline constexpr int kSkus = 6;
std::string SkuName(int64_t index);

}  // namespace branchline
