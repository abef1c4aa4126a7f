#include "tools/drill/till_client.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "sync/base/check.h"
#include "sync/base/status_macros.h"
#include "sync/rpc/grpc_status.h"

namespace branchline::drill {
namespace {

constexpr absl::Duration kAnswerTimeout = absl::Seconds(20);
constexpr absl::Duration kRepeatAfter = absl::Milliseconds(20);
constexpr absl::Duration kGiveUpAfter = absl::Seconds(120);
constexpr absl::Duration kAskEvery = absl::Milliseconds(200);

gpr_timespec InTime(absl::Duration wait) {
  return gpr_time_add(
      gpr_now(GPR_CLOCK_MONOTONIC),
      gpr_time_from_micros(absl::ToInt64Microseconds(wait), GPR_TIMESPAN));
}

template <typename Request>
struct MethodOf;
#define BL_METHOD(method)                                               \
  template <>                                                           \
  struct MethodOf<v1::method##Request> {                                \
    using Response = v1::method##Response;                              \
    static auto Ask(v1::Till::Stub* stub, grpc::ClientContext* context, \
                    const v1::method##Request& request,                 \
                    grpc::CompletionQueue* queue) {                     \
      return stub->Async##method(context, request, queue);              \
    }                                                                   \
  }
BL_METHOD(OpenDay);
BL_METHOD(CloseDay);
BL_METHOD(Ring);
BL_METHOD(ChangeStock);
#undef BL_METHOD

bool IsLost(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::UNAVAILABLE ||
         status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED ||
         status.error_code() == grpc::StatusCode::CANCELLED;
}

}  // namespace

// One command, with one try after the other.
class TillClient::Call {
 public:
  Call(Till* till, const void* tag, TillRequest request, absl::Duration now)
      : till_(till), tag_(tag), request_(std::move(request)), begun_(now) {}

  void Start(v1::Till::Stub* stub, grpc::CompletionQueue* queue) {
    ++tries_;
    context_ = std::make_unique<grpc::ClientContext>();
    context_->AddMetadata("authorization", absl::StrCat("Bearer ", till_->key));
    context_->set_deadline(InTime(kAnswerTimeout));
    std::visit(
        [&](const auto& request) {
          using Method = MethodOf<std::decay_t<decltype(request)>>;
          auto response = std::make_shared<typename Method::Response>();
          auto reader = std::shared_ptr(
              Method::Ask(stub, context_.get(), request, queue));
          reader->Finish(response.get(), &status_, this);
          landed_ = [reader, response] { return response->landed(); };
        },
        request_);
  }

  void Forget() { context_->TryCancel(); }
  const grpc::Status& status() const { return status_; }
  absl::Duration begun() const { return begun_; }
  absl::Duration repeat_at() const { return repeat_at_; }
  void RepeatAt(absl::Duration at) { repeat_at_ = at; }

  Answer TakeAnswer() {
    Answer answer{till_, tag_, FromGrpc(status_), false, tries_};
    if (!status_.ok()) return answer;
    const v1::Landed landed = landed_();
    answer.repeated = landed.repeated();
    // A repeated answer may be older than what the till saw since.
    const v1::Position& at = landed.at();
    if (std::pair(at.epoch(), at.seq()) >
        std::pair(till_->last_seen.epoch(), till_->last_seen.seq())) {
      till_->last_seen = at;
    }
    return answer;
  }

 private:
  Till* const till_;
  const void* const tag_;
  const TillRequest request_;
  const absl::Duration begun_;
  absl::Duration repeat_at_;
  int tries_ = 0;
  std::unique_ptr<grpc::ClientContext> context_;
  grpc::Status status_;
  std::function<v1::Landed()> landed_;
};

TillClient::TillClient(std::function<absl::Status()> alive, const Clock* clock)
    : alive_(std::move(alive)), clock_(*clock) {}

TillClient::~TillClient() {
  for (Call* call : asked_) call->Forget();
  queue_.Shutdown();
  void* tag = nullptr;
  bool ok = false;
  while (queue_.Next(&tag, &ok)) delete static_cast<Call*>(tag);
}

void TillClient::Connect(uint16_t port) {
  grpc::ChannelArguments arguments;
  // A subchannel of its own: one that is shared would wait before it connects
  // again to a port that refused.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 20);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 20);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 200);
  // Lost answers are repeated by us, who count them.
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  stub_ = v1::Till::NewStub(
      grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", port),
                                grpc::InsecureChannelCredentials(), arguments));
}

void TillClient::Send(Till* till, TillRequest request, const void* tag) {
  std::visit(
      [&](auto& command) {
        if (till->last_seen.epoch() != 0) {
          *command.mutable_header()->mutable_last_seen() = till->last_seen;
        }
      },
      request);
  ++under_way_;
  Start(std::make_unique<Call>(till, tag, std::move(request),
                               clock_.MonotonicNow()));
}

void TillClient::Start(std::unique_ptr<Call> call) {
  BL_CHECK(stub_ != nullptr, "a till's command before Connect()");
  asked_.insert(call.get());
  call.release()->Start(stub_.get(), &queue_);
}

absl::Status TillClient::RepeatWhatIsDue() {
  const absl::Duration now = clock_.MonotonicNow();
  while (!waiting_.empty() && waiting_.front()->repeat_at() <= now) {
    BL_RETURN_IF_ERROR(alive_());
    std::unique_ptr<Call> call = std::move(waiting_.front());
    waiting_.pop_front();
    Start(std::move(call));
  }
  return absl::OkStatus();
}

absl::StatusOr<TillClient::Answer> TillClient::Next(absl::Duration patience) {
  BL_CHECK(under_way_ > 0, "an answer is awaited to nothing");
  const absl::Duration until = clock_.MonotonicNow() + patience;
  while (true) {
    BL_RETURN_IF_ERROR(RepeatWhatIsDue());
    const absl::Duration wait =
        waiting_.empty() ? std::min(patience, kAskEvery) : kRepeatAfter;
    void* tag = nullptr;
    bool ok = false;
    const auto got = queue_.AsyncNext(&tag, &ok, InTime(wait));
    const absl::Duration now = clock_.MonotonicNow();
    if (got != grpc::CompletionQueue::GOT_EVENT) {
      if (now >= until) return absl::DeadlineExceededError("no answer yet");
      continue;
    }
    std::unique_ptr<Call> call(static_cast<Call*>(tag));
    asked_.erase(call.get());
    if (!IsLost(call->status())) {
      --under_way_;
      return call->TakeAnswer();
    }
    if (now - call->begun() > kGiveUpAfter) {
      --under_way_;
      return Annotate(FromGrpc(call->status()),
                      absl::StrCat("a command found no answer in ",
                                   absl::FormatDuration(kGiveUpAfter)));
    }
    call->RepeatAt(now + kRepeatAfter);
    waiting_.push_back(std::move(call));
  }
}

}  // namespace branchline::drill
