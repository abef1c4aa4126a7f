// What ThreadSanitizer must be told of Abseil and gRPC. Debian builds both
// without it, so a thread that hands something over under an absl::Mutex, or an
// operation that gRPC ends on another thread, looks like a race. Every program
// of the tsan preset links this file: its functions come before the libraries',
// say what they order, and then call the library's own. What gRPC itself does
// under an absl::Mutex passes through them too.
//
// A condition of Await is read by whichever thread unlocks: those reads are
// under the lock, and the sanitizer is told to look away while the library
// runs.
//
// An operation of gRPC is ordered by its tag, from its start to its end.
//
// Abseil is bound by its symbols (Debian 12: inline namespace debian3); a
// symbol that is not there stops the program at its first use.

#include <dlfcn.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

extern "C" {
void __tsan_acquire(void* address);
void __tsan_release(void* address);
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);
}

namespace {

struct Duration {  // absl::Duration and absl::Time: 12 bytes, in registers
  int64_t hi;
  uint32_t lo;
};

template <typename Function>
Function* Real(std::atomic<void*>& known, const char* symbol) {
  void* found = known.load(std::memory_order_relaxed);
  if (found == nullptr) {
    found = dlsym(RTLD_NEXT, symbol);
    if (found == nullptr) {
      std::fprintf(stderr, "tsan_abseil: Abseil has no %s\n", symbol);
      std::abort();
    }
    known.store(found, std::memory_order_relaxed);
  }
  return reinterpret_cast<Function*>(found);
}

class LookAway {
 public:
  LookAway() { AnnotateIgnoreReadsBegin(__FILE__, __LINE__); }
  ~LookAway() { AnnotateIgnoreReadsEnd(__FILE__, __LINE__); }
};

}  // namespace

#define ABSL_SYMBOL(kind, name) "_ZN" kind "4absl7debian3" name

// Defines `own`, which stands before the library's `symbol`. `released` and
// `acquired` are the addresses ordered before and after; null is none.
#define INTERPOSE(result, own, symbol, parameters, arguments, released,     \
                  acquired)                                                 \
  extern "C" result own parameters __asm__(symbol);                         \
  extern "C" __attribute__((no_sanitize("thread"))) result own parameters { \
    static constinit std::atomic<void*> known{nullptr};                     \
    if (void* address = (released)) __tsan_release(address);                \
    struct Acquire {                                                        \
      void* address;                                                        \
      ~Acquire() {                                                          \
        if (address != nullptr) __tsan_acquire(address);                    \
      }                                                                     \
    } after{acquired};                                                      \
    LookAway look_away;                                                     \
    return Real<result parameters>(known, symbol) arguments;                \
  }

#define MUTEX(own, name, released, acquired)                                 \
  INTERPOSE(void, own, ABSL_SYMBOL("", "5Mutex" name), (void* self), (self), \
            released, acquired)

MUTEX(BlLock, "4LockEv", nullptr, self)
MUTEX(BlUnlock, "6UnlockEv", self, nullptr)
MUTEX(BlReaderLock, "10ReaderLockEv", nullptr, self)
MUTEX(BlReaderUnlock, "12ReaderUnlockEv", self, nullptr)

INTERPOSE(bool, BlTryLock, ABSL_SYMBOL("", "5Mutex7TryLockEv"), (void* self),
          (self), nullptr, self)
INTERPOSE(void, BlAwait, ABSL_SYMBOL("", "5Mutex5AwaitERKNS0_9ConditionE"),
          (void* self, const void* condition), (self, condition), self, self)
INTERPOSE(void, BlLockWhen,
          ABSL_SYMBOL("", "5Mutex8LockWhenERKNS0_9ConditionE"),
          (void* self, const void* condition), (self, condition), nullptr, self)
INTERPOSE(bool, BlAwaitWithTimeout,
          ABSL_SYMBOL("",
                      "5Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_"
                      "8DurationE"),
          (void* self, const void* condition, Duration timeout),
          (self, condition, timeout), self, self)
INTERPOSE(bool, BlAwaitWithDeadline,
          ABSL_SYMBOL("",
                      "5Mutex17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE"),
          (void* self, const void* condition, Duration deadline),
          (self, condition, deadline), self, self)

INTERPOSE(void, BlWait, ABSL_SYMBOL("", "7CondVar4WaitEPNS0_5MutexE"),
          (void* self, void* mutex), (self, mutex), mutex, mutex)
INTERPOSE(bool, BlWaitWithTimeout,
          ABSL_SYMBOL("",
                      "7CondVar15WaitWithTimeoutEPNS0_5MutexENS0_"
                      "8DurationE"),
          (void* self, void* mutex, Duration timeout), (self, mutex, timeout),
          mutex, mutex)
INTERPOSE(bool, BlWaitWithDeadline,
          ABSL_SYMBOL("", "7CondVar16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE"),
          (void* self, void* mutex, Duration deadline), (self, mutex, deadline),
          mutex, mutex)

INTERPOSE(void, BlNotify, ABSL_SYMBOL("", "12Notification6NotifyEv"),
          (void* self), (self), self, nullptr)
INTERPOSE(void, BlWaitForNotification,
          ABSL_SYMBOL("K", "12Notification19WaitForNotificationEv"),
          (void* self), (self), nullptr, self)
INTERPOSE(bool, BlWaitForNotificationWithTimeout,
          ABSL_SYMBOL("K",
                      "12Notification30WaitForNotificationWithTimeoutENS0_"
                      "8DurationE"),
          (void* self, Duration timeout), (self, timeout), nullptr, self)

namespace {

struct CompletionEvent {  // grpc_event
  int type;
  int success;
  void* tag;
};

struct Deadline {  // gpr_timespec
  int64_t seconds;
  int32_t nanos;
  int32_t clock;
};

}  // namespace

INTERPOSE(int, BlStartBatch, "grpc_call_start_batch",
          (void* call, const void* operations, size_t count, void* tag,
           void* reserved),
          (call, operations, count, tag, reserved), tag, nullptr)

extern "C" CompletionEvent BlNextEvent(
    void* queue, Deadline deadline,
    void* reserved) __asm__("grpc_completion_queue_next");
extern "C" __attribute__((no_sanitize("thread"))) CompletionEvent BlNextEvent(
    void* queue, Deadline deadline, void* reserved) {
  static constinit std::atomic<void*> known{nullptr};
  const CompletionEvent event = Real<CompletionEvent(void*, Deadline, void*)>(
      known, "grpc_completion_queue_next")(queue, deadline, reserved);
  constexpr int kOperationComplete = 2;  // else there is no tag
  if (event.type == kOperationComplete) __tsan_acquire(event.tag);
  return event;
}
