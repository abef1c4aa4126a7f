#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "sync/base/clock.h"
#include "sync/rpc/http/http_message.h"
#include "sync/rpc/http/unary_registry.h"

namespace branchline {

struct ConnectOptions {
  Clock* clock = &SystemClock();  // not owned

  // Origins whose pages may call: "https://till.example". A request of a
  // browser page from anywhere else is refused, so a web page that happens to
  // be open on the till's computer cannot ring up sales through loopback.
  std::vector<std::string> allowed_origins;

  // GET /healthz: OK is 200; an error is 503 with its message. Null: always OK.
  std::function<absl::Status()> healthy;

  // GET /metrics, in Prometheus' text format. Null: 404.
  std::function<std::string()> metrics_text;
  // Turnover can be read from metrics, so without this only this machine may.
  bool metrics_from_anywhere = false;

  // Called after each call of a known method that got as far as its handler.
  std::function<void(absl::string_view method, absl::StatusCode code,
                     absl::Duration elapsed)>
      observe;
};

// The Connect protocol, unary, as a function of a request: no socket in sight.
//
//   POST /branchline.v1.Till/Ring
//   content-type: application/json  or  application/proto
//   authorization: Bearer x     connect-protocol-version: 1
//   connect-timeout-ms: 5000    all three optional
//
// JSON is protobuf's: camelCase or the .proto's names in, camelCase out, bytes
// in base64, 64-bit numbers as strings out. An unknown field is an error. A
// refusal is {"code":"...","message":"..."} with the code's HTTP status, but
// for those that HTTP has a better one for:
//
//   404 unimplemented       no such method
//   405 unimplemented       not POST (GET for /healthz and /metrics)
//   413 resource_exhausted  body over kBodyBytesMax
//   415 invalid_argument    content type is neither of the two
//
// Safe for concurrent use. The registry outlives it.
class ConnectHandler {
 public:
  ConnectHandler(const UnaryRegistry* registry, ConnectOptions options)
      : registry_(registry), options_(std::move(options)) {}

  // The answer, if there is one without the body; it is not read then.
  std::optional<HttpResponse> BeforeBody(const HttpRequest& request) const;

  // The answer to a request that BeforeBody() let pass, with its body.
  HttpResponse Handle(const HttpRequest& request) const;

  // `status` as an answer; `http_status` 0 is the code's own.
  static HttpResponse Refuse(const absl::Status& status, int http_status = 0);

  // For a body that turned out too long while it was read.
  static HttpResponse RefuseBodySize(absl::string_view found);

 private:
  absl::Status Call(const UnaryMethod& method, absl::string_view name,
                    const HttpRequest& request, std::string* body) const;
  std::optional<HttpResponse> Route(const HttpRequest& request) const;
  static std::optional<HttpResponse> CheckCall(const HttpHeaders& headers);
  HttpResponse Health() const;
  HttpResponse Metrics(const HttpRequest& request) const;
  HttpResponse Preflight(const std::string& origin) const;

  const UnaryRegistry* const registry_;
  const ConnectOptions options_;
};

}  // namespace branchline
