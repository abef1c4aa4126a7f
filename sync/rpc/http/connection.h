#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "sync/rpc/http/http_limits.h"
#include "sync/rpc/http/tls_context.h"

struct ssl_st;

namespace branchline {

// One accepted connection, plain or TLS, on which nothing takes for ever: every
// wait has a deadline and every request a budget of bytes.
//
// Used by one thread, but for Abort(). SIGPIPE must be ignored.
class Connection {
 public:
  // Why Read() failed.
  enum class Failure { kNone, kTooLong, kTimedOut, kBroken };

  struct Wake {
    int stop_fd = -1;   // readable: the listener stops
    int yield_fd = -1;  // a semaphore: one idle connection is to be closed
  };

  // Takes `fd`, which is non-blocking. `tls` is null for plain.
  Connection(int fd, std::string peer, bool is_loopback,
             std::shared_ptr<const TlsContext> tls, Wake wake,
             const HttpLimits& limits);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // For TLS; true at once for plain. False: close it.
  bool Handshake();

  // Waits for the first byte of a request, and starts its budget and deadline.
  // False: there is none to come, or the listener needs the thread; close it.
  bool AwaitRequest();

  // Up to `size` bytes of the request; 0: the peer sent its last; -1: see
  // failure().
  int64_t Read(char* out, size_t size);

  // Lets `bytes` more be read for this request.
  void ExtendBudget(size_t bytes) { budget_bytes_ += bytes; }

  // All of `bytes`, or false.
  bool Write(absl::string_view bytes);

  // Says that no more will come, then drops what the peer still sends, within
  // the limits, so that the last answer arrives.
  void Finish();

  // Makes every wait above fail, now and later. From any thread.
  void Abort();

  bool stopping() const;
  Failure failure() const { return failure_; }
  const std::string& peer() const { return peer_; }
  bool is_loopback() const { return is_loopback_; }
  bool is_encrypted() const { return ssl_ != nullptr; }
  absl::Duration started() const { return started_; }

 private:
  void SayGoodbye();
  // As recv() and send(): but -1 only after waiting until `deadline` in vain.
  int64_t ReadSome(char* out, size_t size, absl::Duration deadline);
  int64_t WriteSome(absl::string_view bytes, absl::Duration deadline);
  bool WaitAsTlsWants(int result, absl::Duration deadline);
  bool WaitFor(int16_t events, absl::Duration deadline);

  const int fd_;
  const std::string peer_;
  const bool is_loopback_;
  const std::shared_ptr<const TlsContext> tls_;  // outlives ssl_
  const Wake wake_;
  const HttpLimits& limits_;
  ssl_st* ssl_ = nullptr;  // owned

  std::string buffer_;  // read and not yet taken
  size_t buffer_taken_ = 0;
  size_t budget_bytes_ = 0;
  absl::Duration started_;
  absl::Duration read_deadline_;
  Failure failure_ = Failure::kNone;
};

}  // namespace branchline
