#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "devices/printer/print_job.h"
#include "devices/printer/printer_profile.h"
#include "devices/printer/printer_status.h"

namespace branchline {

// A printer's queue as a state machine: no port, no disk, no clock. The driver
// reports what happened with On...() and does what Poll() says.
//
// The rule: a slip comes out once, or whatever comes out again says that it is
// a copy. So an attempt is on disk (kSending) before its first byte is sent,
// and once a byte may have reached the printer the slip counts as printed only
// by the printer's own word. Without that word it is printed again marked as a
// copy, which opens no drawer, at most kAttemptsMax times; then a person
// decides. An attempt of which not one byte was sent leaves no trace.
//
// Jobs are printed in the order in which they were added, a reprint before
// those that wait; a failed one does not hold up the others. Times are
// monotonic. Not thread-safe.
class PrintQueue {
 public:
  static constexpr size_t kWaitingMax = 200;  // jobs
  static constexpr size_t kKeptMax = 50;      // printed or failed, for reprints
  static constexpr int kAttemptsMax = 3;
  // After the last byte: how long the printer may take to prove it, not
  // counting the time in which it says that it cannot print.
  static constexpr absl::Duration kProofTimeout = absl::Seconds(20);
  // For printers that cannot prove: this long without trouble will do.
  static constexpr absl::Duration kQuietTime = absl::Seconds(3);
  static constexpr absl::Duration kAskWhenBusy = absl::Seconds(1);
  static constexpr absl::Duration kAskWhenIdle = absl::Seconds(10);
  static constexpr absl::Duration kAnswerTimeout = absl::Seconds(3);

  enum class ActionKind {
    kNone,    // nothing until `wake_at`, or until something happens
    kAsk,     // send kStatusQuestions
    kSave,    // save `job`, remove `forget`, then OnSaved() with the outcome
    kSend,    // send `bytes`, then OnSent() or OnSendBroken()
    kResync,  // send what the printer takes of `bytes`, then OnResync()
    kDrop,    // the printer does not answer: close the line, then OnLinkDown()
  };
  struct Action {
    ActionKind kind = ActionKind::kNone;
    absl::Duration wake_at = absl::InfiniteDuration();
    PrintJob job;                  // kSave
    std::vector<uint64_t> forget;  // kSave
    std::string bytes;             // kSend, kResync
  };

  // `loaded`: what the store had.
  PrintQueue(const PrinterProfile& profile, std::vector<PrintJob> loaded);

  // Adds a slip. The caller saves the job that is returned before it tells
  // anybody that the slip is in the queue. Adding an id that is there already
  // changes nothing and returns that job.
  //
  //   INVALID_ARGUMENT    the id or a form is empty or too long
  //   RESOURCE_EXHAUSTED  kWaitingMax jobs wait; the printer needs a person
  absl::StatusOr<PrintJob> Add(absl::string_view id, std::string original,
                               std::string copy);

  // Prints `id` again, as a copy, next. Save what returns.
  //
  //   NOT_FOUND            no such job any more
  //   FAILED_PRECONDITION  it is not through yet
  absl::StatusOr<PrintJob> Reprint(absl::string_view id);

  // Gives a job up that has not begun or of which nobody knows what came out.
  // Save what returns.
  //
  //   NOT_FOUND, FAILED_PRECONDITION  as Reprint(), or it is printing now
  absl::StatusOr<PrintJob> GiveUp(absl::string_view id);

  // A slip that is to go to another printer: Hold() keeps it from beginning
  // here, Withdraw() takes it out once the other has it; Release() lets it go
  // on. What is held is forgotten with the process. Withdraw() returns the
  // number to remove from the store.
  //
  //   NOT_FOUND            no such job any more
  //   FAILED_PRECONDITION  bytes of it may be on paper, or it was not held
  absl::Status Hold(absl::string_view id);
  void Release(absl::string_view id);
  absl::StatusOr<uint64_t> Withdraw(absl::string_view id);

  // The job of `number` could not be saved when it was added: it is not here.
  void Forget(uint64_t number);

  void OnLinkUp();
  void OnLinkDown();
  void OnStatus(const PrinterStatus& status, absl::Duration now);
  void OnAsked(absl::Duration now);
  void OnSaved(uint64_t number, const absl::Status& status, absl::Duration now);
  // All bytes of the action were taken.
  void OnSent(absl::Duration now);
  // Only `written` were, and no more come.
  void OnSendBroken(size_t written);
  // A question, or another short command, was cut in the middle.
  void OnShortWriteBroken() { NeedResync(); }
  // `written` bytes of the resynchronisation were taken.
  void OnResync(size_t written);
  // The printer's word: GS ( H with its token, or GS r.
  void OnProcessReply(absl::string_view token);
  void OnBufferedReply();

  Action Poll(absl::Duration now);

  const std::optional<PrinterStatus>& printer_status() const { return status_; }
  // In the order of the queue.
  std::vector<PrintJob> Jobs() const;
  size_t waiting_count() const;  // waiting, printing or unproven

 private:
  enum class Phase {
    kIdle,
    kSaving,    // the attempt goes to disk
    kSaved,     // it is there: send
    kSending,   // the driver is at it
    kAwaiting,  // all is sent: wait for the proof
  };

  PrintJob* Find(absl::string_view id);
  PrintJob& Current() { return jobs_.at(current_); }
  bool IsCurrent(const PrintJob& job) const {
    return phase_ != Phase::kIdle && job.number == current_;
  }
  // The first job that is not through and not held, or nullptr.
  PrintJob* Head();
  // Begins the head's next attempt, or fails it. False if it must wait.
  bool Advance(absl::Duration now);
  void End(PrintState state);
  void BecomeUnproven();
  void Prune();
  std::string BytesToSend();
  void NeedResync();
  bool IsDue(absl::Duration now) const;
  Action AskOrWait(absl::Duration now);
  std::string TokenOf(const PrintJob& job, int attempt) const;
  bool IsTokenOf(const PrintJob& job, absl::string_view token) const;

  const PrinterProfile profile_;
  std::map<uint64_t, PrintJob> jobs_;  // by number
  std::set<uint64_t> dirty_;           // not saved as they are
  std::set<uint64_t> held_;            // do not begin
  std::vector<uint64_t> forget_;       // to be removed from the store
  absl::Duration save_again_at_ = -absl::InfiniteDuration();

  bool link_up_ = false;
  std::optional<PrinterStatus> status_;
  absl::Duration status_at_ = -absl::InfiniteDuration();
  absl::Duration asked_at_ = -absl::InfiniteDuration();
  bool answer_due_ = false;

  Phase phase_ = Phase::kIdle;
  uint64_t current_ = 0;  // number of the job of phase_, unless it is kIdle
  bool proof_in_ = false;
  // In kAwaiting: when the proof is late; when trouble was last seen (or the
  // last byte sent). While the printer says that it cannot print: for ever.
  absl::Duration proof_deadline_ = absl::InfiniteDuration();
  absl::Duration quiet_since_ = absl::InfiniteDuration();
  // What is still to be sent before anything else, because the printer may
  // stand in the middle of a slip, a picture or a command.
  std::string resync_;

  // Invariant: in every phase but kIdle the job of current_ is kSending.
};

// DLE EOT 1 to 4: four bytes come back, in this order, at once.
absl::string_view StatusQuestions();

// Brings a printer that was left in the middle of something back to the start
// of a line: as many NULs as a picture of ours can still lack, then ESC @.
// Elsewhere a NUL does nothing, and where the size of a picture is expected it
// makes an empty one; any other byte there could promise a megabyte, and all
// that follows would vanish into it.
std::string ResyncBytes();

}  // namespace branchline
