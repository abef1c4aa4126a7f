#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "branchline/v1/edge_admin.pb.h"
#include "branchline/v1/event.pb.h"
#include "branchline/v1/till.pb.h"
#include "branchline/v1/till_devices.pb.h"
#include "branchline/v1/till_payments.pb.h"
#include "sync/base/cursor.h"

namespace branchline {

inline constexpr size_t kCommandIdSize = 16;  // bytes

// A till's key changed; made by pairing on the box itself.
struct PairTillCommand {
  std::string till;
  std::string key_hash;  // empty: the till is retired
};

// A PIN given for an approval was wrong.
struct WrongPinCommand {
  std::string staff;
};

// What a drawer did by itself, or with a sale; told by the device manager.
struct RecordDrawerCommand {
  v1::DrawerRecorded what;
};

// Where an attempt to move money stands; told by the payment book.
struct RecordPaymentCommand {
  v1::PaymentAttempt attempt;
  std::string staff;  // who began or settled it; empty: it went on by itself
};

// The item of labels that are asked for, and the digits that they carry.
struct LabelFound {
  std::string sku;
  std::string code;
  absl::Status status;  // why there can be none
};

// What one client asks to have committed.
struct Command {
  std::string till;     // who asks; empty for the box itself
  absl::Time wall_now;  // when it came in
  std::variant<v1::OpenDayRequest, v1::CloseDayRequest, v1::RingRequest,
               v1::ReturnGoodsRequest, v1::ChangeStockRequest,
               v1::SaveBasketRequest, v1::DropBasketRequest, PairTillCommand,
               v1::VoidReceiptRequest, v1::CancelBasketRequest,
               v1::SignOnRequest, v1::SignOffRequest, v1::OpenShiftRequest,
               v1::CloseShiftRequest, v1::MoveCashRequest, v1::CountCashRequest,
               WrongPinCommand, v1::OpenDrawerRequest, RecordDrawerCommand,
               RecordPaymentCommand, v1::SettlePaymentRequest,
               v1::SetTrainingRequest, v1::RequestInvoiceRequest,
               v1::MatchTendersRequest, v1::WriteOffTenderRequest,
               v1::ReprintReceiptRequest, v1::PrintLabelsRequest>
      request;  // without PINs: they are in no journal, and in no hash
  // RequestHash() of the command, by the thread that brings it so that the
  // committer need not; empty: the core makes it.
  std::string request_hash = {};
  // What checking the PINs of the request said, before they were taken out of
  // it: who approves, if his was right; whether that of a sign-on was.
  std::string approver = {};
  bool pin_right = false;
  // Of MatchTenders: what was found on the bill, by the thread that brings it.
  std::vector<v1::MatchedTender> matches = {};
  // Of PrintLabels: what stands on them, made likewise.
  LabelFound label = {};
};

// What became of it. Valid once it is on disk.
struct Outcome {
  Cursor at;              // where the event stands; unset for a basket
  bool repeated = false;  // answered from an earlier commit
  v1::Event event;        // envelope, postings and body as committed
  uint64_t basket_revision = 0;
  // What the cashier should know; of a repeat: nothing.
  std::vector<std::string> warnings = {};
};

}  // namespace branchline
