#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "sync/base/check.h"

namespace branchline {

// Who calls, and until when the answer is of use.
struct CallContext {
  std::string bearer;  // from "authorization: Bearer x"; a secret: never log it
  std::string peer;    // "127.0.0.1:53412"
  std::string accept_language;  // "zh-TW, en;q=0.5", as it came
  bool is_loopback = false;     // the peer is this machine
  bool is_encrypted = false;    // it came over TLS
  // In SystemClock().MonotonicNow(). A handler that would start after it may
  // answer DEADLINE_EXCEEDED instead.
  absl::Duration deadline = absl::InfiniteDuration();
};

// Fills `*response` and returns OK, or an error and leaves it to be dropped.
using UnaryHandler = std::function<absl::Status(
    const CallContext&, const google::protobuf::Message& request,
    google::protobuf::Message* response)>;

struct UnaryMethod {
  const google::protobuf::Message* request_prototype;   // not owned
  const google::protobuf::Message* response_prototype;  // not owned
  UnaryHandler handler;
};

// The unary methods a node answers, apart from how they arrive: whatever
// speaks HTTP, or a test, looks a method up by name and calls it.
//
// Filled by one thread before it is served; read-only and safe for concurrent
// use from then on. Handlers are called on many threads at once.
class UnaryRegistry {
 public:
  // `name` is "branchline.v1.Till/Ring". It must be in the compiled contract
  // with exactly these types, and be registered once.
  //
  // `fn`: absl::Status(const CallContext&, const Req&, Resp*).
  template <typename Req, typename Resp, typename Fn>
  void Register(absl::string_view name, Fn fn) {
    Add(name, &Req::default_instance(), &Resp::default_instance(),
        [fn = std::move(fn)](const CallContext& context,
                             const google::protobuf::Message& request,
                             google::protobuf::Message* response) {
          BL_CHECK(request.GetDescriptor() == Req::descriptor(),
                   "request of another type");
          BL_CHECK(response->GetDescriptor() == Resp::descriptor(),
                   "response of another type");
          return fn(context, static_cast<const Req&>(request),
                    static_cast<Resp*>(response));
        });
  }

  // Null if there is no such method.
  const UnaryMethod* Find(absl::string_view name) const;

  // In alphabetical order.
  std::vector<std::string> Names() const;

 private:
  void Add(absl::string_view name, const google::protobuf::Message* request,
           const google::protobuf::Message* response, UnaryHandler handler);

  std::map<std::string, UnaryMethod> methods_;
};

}  // namespace branchline
