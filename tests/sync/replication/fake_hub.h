#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "sync/replication/ports.h"
#include "tests/sync/replication/fake_journal.h"

namespace branchline {

// A hub core in memory. It keeps the contract of HubPort, and can be told to
// hold its answers, as a hub with a slow disk does. Safe for concurrent use.
class FakeHub final : public HubPort {
 public:
  enum class BranchState { kActive, kRetired, kFenced };
  struct Branch {
    FakeJournal journal;
    uint64_t epoch = 1;
    BranchState state = BranchState::kActive;
    std::string confirmed_secret;
    std::string offered_secret;
  };
  struct Stream {
    FakeJournal journal;
    uint64_t snapshot_chunks = 0;  // of what lies before the journal's base
  };

  void AddBranch(const std::string& branch);
  void SetState(const std::string& branch, BranchState state);
  void OpenEpoch(const std::string& branch, uint64_t epoch);
  void SetCredit(uint64_t bytes);
  Branch Image(const std::string& branch) const;
  void Restore(const std::string& branch, const Branch& image);
  Cursor HeldOf(const std::string& branch) const;

  void Publish(const std::string& stream, int count, size_t payload_bytes = 20);
  // The first `count` records of the stream are known by a snapshot only.
  void Fold(const std::string& stream, uint64_t chunks);
  void CutStream(const std::string& stream, size_t size);
  Cursor StreamEnd(const std::string& stream) const;

  // While it holds, pushes wait; ReleaseAll() takes them in order.
  void Hold(bool hold);
  void ReleaseAll();
  void FailTakeWith(absl::Status status);
  // While it stops, streams grow and nothing of them is sent.
  void StopFeed(bool stop);

  int lines_down() const;
  int welcomes() const;
  // What each greeting said of the time when its line opened.
  std::vector<uint64_t> greetings_at_open() const;

  // HubPort:
  absl::StatusOr<uint64_t> GreetingsTaken(const PeerIdentity& peer) override;
  absl::StatusOr<Greeting> Greet(const PeerIdentity& peer,
                                 uint64_t greetings_at_open,
                                 const v1::Hello& hello) override;
  void Take(const PeerIdentity& peer, v1::Push push,
            std::function<void(absl::StatusOr<Taken>)> done) override;
  absl::Status ConfirmSecret(const PeerIdentity& peer,
                             absl::string_view secret) override;
  absl::StatusOr<std::vector<v1::StreamCursor>> StreamsFor(
      const PeerIdentity& peer) override;
  absl::StatusOr<std::vector<v1::HubFrame>> ReadStream(
      const PeerIdentity& peer, absl::string_view stream,
      const FollowerPlace& after, size_t bytes_max) override;
  absl::StatusOr<v1::FetchJournalChunk> ReadJournal(const PeerIdentity& peer,
                                                    absl::string_view branch,
                                                    const Cursor& after,
                                                    size_t bytes_max) override;
  absl::Status TakeBack(const PeerIdentity& peer,
                        const v1::ReturnedRecords& records) override;
  absl::StatusOr<std::variant<std::monostate, v1::Refused>> CheckLive(
      const PeerIdentity& peer) override;
  void OnHeard(const PeerIdentity&) override {}
  void OnLineDown(const PeerIdentity&) override;
  void SetChangeListener(std::function<void()> changed) override;

 private:
  std::optional<v1::Refused> WhyNot(const PeerIdentity& peer)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<Taken> TakeNow(const PeerIdentity& peer, const v1::Push& push)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::vector<v1::StreamCursor> Heads() const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Changed();

  mutable absl::Mutex mutex_;
  std::map<std::string, Branch> branches_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, Stream> streams_ ABSL_GUARDED_BY(mutex_);
  uint64_t credit_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool hold_ ABSL_GUARDED_BY(mutex_) = false;
  bool feed_stops_ ABSL_GUARDED_BY(mutex_) = false;
  std::deque<std::function<void()>> held_ ABSL_GUARDED_BY(mutex_);
  absl::Status take_error_ ABSL_GUARDED_BY(mutex_);
  int secrets_made_ ABSL_GUARDED_BY(mutex_) = 0;
  int lines_down_ ABSL_GUARDED_BY(mutex_) = 0;
  int welcomes_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<uint64_t> greetings_at_open_ ABSL_GUARDED_BY(mutex_);

  absl::Mutex listener_mutex_;  // never taken while mutex_ is held
  std::function<void()> changed_ ABSL_GUARDED_BY(listener_mutex_);
};

}  // namespace branchline
