#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/till.pb.h"
#include "edge/commit/command.h"
#include "edge/commit/decide_view.h"
#include "edge/people/authority.h"

namespace branchline {

// A till that trains does what any till does, decided by the same rules, and
// nothing of it counts: its receipts have a series of their own, its postings
// move accounts of kind training, its paper says so, its drawer stays shut.

// Starts or ends it. Wants the right `training`: whoever sells in training
// keeps the money.
//   INVALID_ARGUMENT     the reason is too long
//   FAILED_PRECONDITION  it is so already; no day is open
absl::Status DecideSetTraining(const DecideView& view, absl::string_view till,
                               bool trains_now,
                               const v1::SetTrainingRequest& request,
                               Authority* authority, v1::Event* event);

// Whether a till that trains may do this: sell, give back, void, cancel.
//   FAILED_PRECONDITION  no: the training is to be ended first
absl::Status CheckMayTrain(const Command& command);

// Makes what was decided for a till that trains an event of training.
void MakeTraining(const DecideView& view, absl::string_view till,
                  v1::Event* event);

// "S014-T1-1-T000001"
std::string TrainingReceiptNo(absl::string_view branch, absl::string_view till,
                              uint64_t epoch, uint64_t counter);

}  // namespace branchline
