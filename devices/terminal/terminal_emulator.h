#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "devices/terminal/zvt_apdu.h"

namespace branchline {

// A ZVT terminal byte for byte, with the bank behind it, and with whatever a
// terminal does wrong when it is told to. Pure: time comes in. Not thread-safe.
class TerminalEmulator {
 public:
  // What goes wrong with the next payment, refund or reversal (kForget and
  // kShowEarlier: with the next question for its last receipt). Once each, in
  // the order in which they were told.
  enum class Fault {
    kNone,
    kDropAfterCommand,  // the line goes before it begins: no money moves
    kDropBeforeStatus,  // money has moved, and then the line goes
    kDropAfterStatus,   // its word has left, and the line goes at once
    kDropAfterAck,      // it heard that we know, and the line goes
    kLateStatus,        // it thinks for 60 s
    kSilent,            // it takes the command and says no more
    kNoStatus,          // "completed", without a word on the payment
    kDeafToAck,         // it does not hear the acknowledgement
    kStatusTwice,
    kAbortAfterAck,  // an error after the approval; the money stands
    kDecline,
    kAbort,   // nobody showed a card
    kRefuse,  // takes no such command
    kBusy,
    kPartial,  // approves half
    kTip,      // the customer adds a tenth
    kOtherCurrency,
    kGarbled,      // its word cannot be read
    kForget,       // has no last receipt
    kShowEarlier,  // shows one before its last payment
  };

  struct Entry {  // what the bank knows
    int64_t receipt = 0;
    int64_t trace = 0;
    int64_t amount_minor = 0;  // what the customer's card lost; < 0: got
    int64_t original_trace = 0;
    bool taken_back = false;  // by itself
  };

  // Its word must be acknowledged within this time, else it takes it back.
  static constexpr absl::Duration kAckTimeout = absl::Seconds(5);
  static constexpr absl::Duration kLateBy = absl::Seconds(60);

  // A terminal that keeps the money although its word was not acknowledged
  // breaks the protocol; there are such.
  void SetTakesBack(bool takes_back) { takes_back_ = takes_back; }
  void AddFault(Fault fault) { faults_.push_back(fault); }
  // What goes wrong with the next questions for the last receipt.
  void AddAskFault(Fault fault) { ask_faults_.push_back(fault); }
  void ClearFaults() {
    faults_.clear();
    ask_faults_.clear();
  }
  // ISO 4217's number of what its cards are charged in; 978: euros.
  void SetCurrency(int number) { currency_ = number; }
  void SetTime(int mmdd, int hhmmss) {
    mmdd_ = mmdd;
    hhmmss_ = hhmmss;
  }

  void OnConnected();
  void OnDisconnected(absl::Duration now);
  void Accept(absl::string_view bytes, absl::Duration now);
  // Its timers.
  void Tick(absl::Duration now);
  absl::Duration wake_at() const;

  std::string TakeReplies();
  // It wants the line cut, once.
  bool TakeHangUp();

  // What all customers lost, in minor units.
  int64_t taken_minor() const;
  const std::vector<Entry>& entries() const { return entries_; }
  bool busy() const { return running_.has_value(); }
  // Somebody pays at it without the till.
  void PayBeside(int64_t amount_minor);

 private:
  struct Running {
    uint8_t instruction = 0;
    int64_t amount_minor = 0;
    int64_t original_receipt = 0;
    Fault fault = Fault::kNone;
    bool moved = false;      // money
    int acks_to_status = 0;  // of ours that it awaits before its word
    bool status_sent = false;
    bool acknowledged = false;
    absl::Duration think_until = absl::ZeroDuration();
    absl::Duration ack_until = absl::InfiniteDuration();
  };

  void OnApdu(const ZvtApdu& apdu, absl::Duration now);
  void OnAck(absl::Duration now);
  void Begin(const ZvtApdu& apdu, absl::Duration now);
  void Move();
  void SendStatus(absl::Duration now);
  void TakeBack();
  void Finish();
  void Repeat(bool quiet);
  void Send(uint8_t class_byte, uint8_t instruction, std::string data = "");
  void HangUp() { hang_up_ = true; }
  std::string StatusData(const Entry& entry, int64_t shown_amount_minor,
                         int currency) const;
  const Entry* FindReceipt(int64_t receipt) const;

  bool takes_back_ = true;
  std::deque<Fault> faults_;
  std::deque<Fault> ask_faults_;
  int currency_ = 978;
  int mmdd_ = 1121;
  int hhmmss_ = 100'000;
  bool registered_ = false;
  bool connected_ = false;
  bool hang_up_ = false;
  ZvtFramer framer_;
  std::string replies_;
  std::optional<Running> running_;
  std::vector<Entry> entries_;  // also of what was taken back
  // What follows when the till has acknowledged what was sent last.
  std::deque<ZvtApdu> after_ack_;
  int64_t next_receipt_ = 1;
  int64_t next_trace_ = 1;
};

}  // namespace branchline
