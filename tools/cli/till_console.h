#pragma once

#include <functional>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/till.grpc.pb.h"
#include "branchline/v1/till_devices.grpc.pb.h"
#include "branchline/v1/till_payments.grpc.pb.h"
#include "sync/base/clock.h"
#include "sync/base/random.h"
#include "tools/cli/till_paper.h"
#include "tools/cli/till_words.h"

namespace branchline::cli {

inline constexpr size_t kTillWordsMax = 64;  // of a line

// A till without a screen: one command a line, through the same till service as
// any other till. It keeps the basket, and sends a command again under the same
// id when the answer was lost, also when it is typed again. Not thread-safe;
// all pointers outlive it.
class TillConsole {
 public:
  struct Options {
    std::string key;       // of the till
    std::string currency;  // the branch's
    Language language = Language::kEnglish;
    bool json = false;  // the service's answers, one object a line
    bool colours = false;
    size_t columns = 0;  // where a refusal is broken between words; 0: nowhere
    // How long a line waits for a daemon that does not answer, which may be
    // starting again. 0: it is refused at once.
    int patience_seconds = 0;
    // Of the same edge; null: cards and codes are only keyed. Outlives the
    // till.
    v1::TillPaymentService::StubInterface* payments = nullptr;
    // Likewise; null: nothing is printed from here.
    v1::TillDeviceService::StubInterface* devices = nullptr;
  };

  TillConsole(v1::Till::StubInterface* till, Options options,
              const Clock* clock, Random* random, std::ostream* out);

  // Runs one line; empty ones and those that start with # do nothing.
  //   INVALID_ARGUMENT  not a command, or its words are wrong: nothing was sent
  //   and what the service refuses, in the chosen language
  absl::Status Do(const std::string& line);
  // The same of a line that is apart already: its words, the command first.
  absl::Status DoWords(const std::vector<std::string>& words);

  bool done() const { return done_; }

  // The names of all commands; of one that is named, its words and what it does
  // in the chosen language; "all": that of every one.
  std::string Help(absl::string_view command = "") const;

  // What could stand where `line` ends: commands, the words that a command
  // takes, names of parked baskets. In order.
  std::vector<std::string> Complete(absl::string_view line);

  // Whether there are goods in the basket that would be lost with this till.
  bool HoldsGoods() const { return !basket_.lines().empty(); }
  // Says so, and is not done then.
  bool StaysForGoods();

  // "till> ", or what says that this one trains.
  std::string Prompt() const;

  // A refusal as it is shown: a JSON object, or a sentence.
  std::string Refusal(const absl::Status& status) const;

  // Whether a line holds a PIN, which is kept in no history.
  static bool IsSecret(absl::string_view line);

 private:
  using Words = std::vector<std::string>;
  struct Command {
    const char* usage;  // "add CODE [QUANTITY]"; till_help.h says what it does
    size_t words_min;
    size_t words_max;
    absl::Status (TillConsole::*run)(const Words& words);
  };
  static const std::map<std::string, Command, std::less<>>& Commands();

  absl::Status RunWords(const Words& words);  // refuses in English
  absl::Status InLanguage(const absl::Status& status) const;
  absl::Status Day(const Words& words);
  absl::Status Sign(const Words& words);
  absl::Status Approve(const Words& words);
  absl::Status Shift(const Words& words);
  absl::Status Report(const Words& words);
  absl::Status Move(const Words& words);
  absl::Status Count(const Words& words);
  absl::Status ChangeLine(const Words& words);
  absl::Status Discount(const Words& words);
  absl::Status Remark(const Words& words);
  absl::Status Tax(const Words& words);
  absl::Status DropChange(const Words& words);
  absl::Status Basket(const Words& words);
  absl::Status Park(const Words& words);
  absl::Status Pay(const Words& words);
  absl::Status Receipt(const Words& words);
  absl::Status GiveBack(const Words& words);
  absl::Status Other(const Words& words);
  // till_console_catalogue.cc
  absl::Status Add(const Words& words);
  absl::Status Pick(const Words& words);
  absl::Status Search(const Words& words);
  absl::Status OpenDepartment(const Words& words);
  absl::Status Why(const Words& words);
  // Puts `match` into the basket, words[2] times.
  absl::Status AddLine(const v1::ItemMatch& match, const Words& words);
  std::string ItemNameOf(const v1::Item& item) const;
  std::string MatchesText() const;
  // till_console_after.cc
  absl::Status Train(const Words& words);
  absl::Status Invoice(const Words& words);
  absl::Status Exchange(const Words& words);
  absl::Status ByCode(const Words& words);
  absl::Status Unconfirmed(const Words& words);
  absl::Status Match(const Words& words);
  absl::Status WriteOff(const Words& words);
  absl::Status Drop(const Words& words);
  absl::Status Paper(const Words& words);
  absl::Status State(const Words& words);
  // till_console_print.cc
  absl::Status PrintX(const Words& words);
  absl::Status Reprint(const Words& words);
  absl::Status Labels(const Words& words);
  void ShowPrinter(const google::protobuf::Message& answer,
                   const std::string& printer);
  // till_console_pay.cc
  absl::Status Take(const Words& words);
  absl::Status ListOpen(const Words& words);
  absl::Status Unsettled(const Words& words);
  absl::Status GiveBackPaid(const Words& words);
  absl::Status TerminalJob(const Words& words);
  void ShowPayment(const v1::PaymentAnswer& answer);
  // Says how it goes until it is settled or open.
  absl::StatusOr<v1::PaymentAnswer> AwaitEnd(v1::PaymentAnswer answer);
  // What this sale was paid by it is a tender of `pay`.
  void NotePaid(const v1::PaymentAttempt& attempt);
  // Before a basket is put aside or given up.
  absl::Status CheckNothingPaid() const;

  // A command of which nobody knows whether it was done: what was asked,
  // without ids, and the id under which it was. Empty: there is none.
  struct Unanswered {
    std::string asked;
    std::string id;
  };
  template <typename Request, typename Response>
  static std::string AskedText(const Request& request);
  // Whether Ring of `request` is that one.
  bool IsUnanswered(const v1::RingRequest& request) const;

  // Sends `request`, again on UNAVAILABLE, with the approval that waits.
  template <typename Request, typename Response>
  absl::StatusOr<Response> Ask(grpc::Status (v1::Till::StubInterface::*method)(
                                   grpc::ClientContext*, const Request&,
                                   Response*),
                               Request request);
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> AskOf(
      Stub& stub,
      grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                   Response*),
      Request request);

  absl::Status ShowBasket();
  absl::Status Save(const std::string& name);
  absl::StatusOr<int64_t> Amount(absl::string_view text) const;
  absl::StatusOr<v1::RingLine*> Line(absl::string_view number);
  // "12.50", or notes and coins: "20x3+5x2".
  absl::Status FillCash(absl::string_view text, v1::CashAmount* cash) const;
  // Asks what the items of these lines are called, where that is not known.
  template <typename Lines>
  void LearnNames(const Lines& lines);
  void LearnName(const std::string& sku);
  // Of `words` from `first` on: LINE QUANTITY, again and again, and a reason.
  absl::Status FillReturn(const Words& words, size_t first,
                          v1::ReturnGoodsRequest* request) const;
  // JSON, or what `text` makes for people.
  void Show(const google::protobuf::Message& answer,
            const std::function<std::string()>& text);
  void Say(absl::string_view word);
  void Warn(const google::protobuf::RepeatedPtrField<std::string>& warnings);
  std::string Coloured(absl::string_view text, absl::string_view code) const;
  void ShowSale(const v1::Sale& sale, const google::protobuf::Message& answer);
  void Clear();

  v1::Till::StubInterface& till_;
  Options options_;
  const Clock& clock_;
  Random& random_;
  std::ostream& out_;

  v1::RingRequest basket_;        // lines, member, pricing
  std::string sale_id_;           // of what was paid; empty: nothing was tried
  std::vector<v1::Tender> paid_;  // by terminal and wallet, for this basket
  std::string parked_as_;         // the saved basket that was recalled
  uint64_t revision_ = 0;         // of it
  v1::ApprovalRequest approval_;
  Unanswered unanswered_;
  v1::Position last_seen_;
  ItemNames names_;
  std::vector<v1::ItemMatch> choices_;  // of the last list, for `pick`
  bool training_ = false;               // as far as is known here
  bool done_ = false;
};

}  // namespace branchline::cli
