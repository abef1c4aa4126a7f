#pragma once

#include <google/protobuf/message.h>

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "branchline/v1/event.pb.h"
#include "branchline/v1/master.pb.h"
#include "branchline/v1/record.pb.h"
#include "tools/cli/table.h"

namespace branchline::cli {

// One message as JSON for programs: protobuf's form, names as in the proto
// files, with the members that are empty.
std::string MessageJson(const google::protobuf::Message& message);

// "1/57": epoch and record.
std::string PositionText(const v1::Position& position);

// "planned", "active", ...
std::string StatusText(v1::BranchStatus status);

// "2026-11-21T12:03:11Z"; empty for 0.
std::string TimeText(int64_t unix_micros);

// "2026-11-21T12:03:11" of a wall clock's seconds since 1970; empty for 0.
std::string LocalTimeText(int64_t seconds);

// A time as programs read it, and as people do: "3 min ago", "in 2 h", "never".
Value Ago(int64_t unix_micros, absl::Time now);

// "epoch 1, records 58 to 61: 3 receipts, GBP 12.34".
std::string LateText(const v1::LateSuffixFound& found);

// "safe drop, GBP 200.00".
std::string CashMoveText(const v1::CashMoved& moved);
// "drawer d1 opened by hand".
std::string DrawerText(const v1::DrawerRecorded& what);
// "card1 pays 12.00 GBP of sale T1-77: done"
std::string PaymentText(const v1::PaymentAttempt& attempt);
std::string PaymentKindText(v1::PaymentKind kind);     // "payment"
std::string PaymentStateText(v1::PaymentState state);  // "being undone"

// What an event is, in a line: "sale S014-T1-1-000012, 3 lines, GBP 12.34".
std::string EventText(const v1::Event& event);

}  // namespace branchline::cli
