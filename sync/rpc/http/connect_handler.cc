#include "sync/rpc/http/connect_handler.h"

#include <algorithm>
#include <exception>
#include <memory>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "sync/base/status_macros.h"
#include "sync/rpc/http/connect_code.h"
#include "sync/rpc/http/connect_codec.h"
#include "sync/rpc/http/connect_headers.h"
#include "sync/rpc/http/http_limits.h"

namespace branchline {
namespace {

constexpr absl::Duration kPreflightMaxAge = absl::Hours(2);

// Without it the browser keeps the answer from the page. The origin has been
// checked.
void LetPageRead(const HttpRequest& request, HttpResponse* response) {
  const std::string* origin = FindHeader(request.headers, "origin");
  if (origin == nullptr) return;
  response->headers.emplace_back("Access-Control-Allow-Origin", *origin);
  response->headers.emplace_back("Vary", "Origin");
}

HttpResponse WrongVerb(const HttpRequest& request, absl::string_view want) {
  HttpResponse response = ConnectHandler::Refuse(
      absl::UnimplementedError(absl::StrCat(ShortPrintable(request.path),
                                            " was called with ", request.method,
                                            ", it takes ", want)),
      405);
  response.headers.emplace_back("Allow", std::string(want));
  return response;
}

}  // namespace

HttpResponse ConnectHandler::Refuse(const absl::Status& status,
                                    int http_status) {
  HttpResponse response;
  response.status =
      http_status != 0 ? http_status : ConnectCodeOf(status.code()).http_status;
  response.body = ConnectErrorBody(status);
  return response;
}

HttpResponse ConnectHandler::RefuseBodySize(absl::string_view found) {
  return Refuse(absl::ResourceExhaustedError(absl::StrCat(
                    "request body is ", found, ", at most ", kBodyBytesMax,
                    " bytes are taken: send less at once")),
                413);
}

std::optional<HttpResponse> ConnectHandler::BeforeBody(
    const HttpRequest& request) const {
  if (const absl::Status framing = CheckFraming(request.headers);
      !framing.ok()) {
    return Refuse(framing);
  }
  const std::string* origin = FindHeader(request.headers, "origin");
  if (origin != nullptr) {
    const auto& allowed = options_.allowed_origins;
    if (std::find(allowed.begin(), allowed.end(), *origin) == allowed.end()) {
      return Refuse(absl::PermissionDeniedError(absl::StrCat(
          "pages from ", ShortPrintable(*origin),
          " may not call this node: add it to the allowed origins")));
    }
    if (request.method == "OPTIONS") return Preflight(*origin);
  }
  std::optional<HttpResponse> response = Route(request);
  if (response.has_value()) LetPageRead(request, &*response);
  return response;
}

std::optional<HttpResponse> ConnectHandler::Route(
    const HttpRequest& request) const {
  if (request.path == "/healthz") {
    return request.method == "GET" ? Health() : WrongVerb(request, "GET");
  }
  if (request.path == "/metrics") {
    return request.method == "GET" ? Metrics(request)
                                   : WrongVerb(request, "GET");
  }
  if (registry_->Find(absl::StripPrefix(request.path, "/")) == nullptr) {
    return Refuse(absl::UnimplementedError(absl::StrCat(
                      "this node has no method ", ShortPrintable(request.path),
                      ": check the name, or bring both sides to one version")),
                  404);
  }
  if (request.method != "POST") return WrongVerb(request, "POST");

  return CheckCall(request.headers);
}

// What the headers of a call to a known method may say.
std::optional<HttpResponse> ConnectHandler::CheckCall(
    const HttpHeaders& headers) {
  const std::string* type = FindHeader(headers, "content-type");
  if (type == nullptr || !ConnectCodecOf(*type).has_value()) {
    HttpResponse response = Refuse(
        absl::InvalidArgumentError(absl::StrCat(
            "content-type is \"", type == nullptr ? "" : ShortPrintable(*type),
            "\", want application/json or application/proto")),
        415);
    response.headers.emplace_back("Accept-Post",
                                  "application/json, application/proto");
    return response;
  }
  const std::string* encoding = FindHeader(headers, "content-encoding");
  if (encoding != nullptr && *encoding != "identity") {
    return Refuse(absl::UnimplementedError(
        absl::StrCat("content-encoding is \"", ShortPrintable(*encoding),
                     "\", only identity is supported")));
  }
  if (const absl::Status version = CheckConnectVersion(headers);
      !version.ok()) {
    return Refuse(version);
  }
  if (const auto timeout = ConnectTimeoutOf(headers); !timeout.ok()) {
    return Refuse(timeout.status());
  }
  const std::string* length = FindHeader(headers, "content-length");
  if (length != nullptr) {
    uint64_t bytes = 0;
    if (!absl::SimpleAtoi(*length, &bytes) || bytes > kBodyBytesMax) {
      return RefuseBodySize(absl::StrCat(ShortPrintable(*length), " bytes"));
    }
  }
  return std::nullopt;
}

HttpResponse ConnectHandler::Handle(const HttpRequest& request) const {
  const std::string name(absl::StripPrefix(request.path, "/"));
  const UnaryMethod* method = registry_->Find(name);
  BL_CHECK(method != nullptr, "BeforeBody() has looked the method up");
  HttpResponse response;
  const absl::Status status = Call(*method, name, request, &response.body);
  if (status.ok()) {
    response.content_type = std::string(ContentTypeOf(
        *ConnectCodecOf(*FindHeader(request.headers, "content-type"))));
  } else {
    response = Refuse(status);
  }
  LetPageRead(request, &response);
  return response;
}

absl::Status ConnectHandler::Call(const UnaryMethod& method,
                                  absl::string_view name,
                                  const HttpRequest& request,
                                  std::string* body) const {
  CallContext context;
  context.bearer = BearerOf(request.headers);
  context.peer = request.peer;
  if (const std::string* wanted =
          FindHeader(request.headers, "accept-language")) {
    context.accept_language = *wanted;
  }
  context.is_loopback = request.is_loopback;
  context.is_encrypted = request.is_encrypted;
  BL_ASSIGN_OR_RETURN(const absl::Duration timeout,
                      ConnectTimeoutOf(request.headers));
  context.deadline = request.started + timeout;
  const absl::Duration before = options_.clock->MonotonicNow();
  if (before >= context.deadline) {
    return absl::DeadlineExceededError(absl::StrCat(
        "the request took longer to arrive than its connect-timeout-ms of ",
        absl::ToInt64Milliseconds(timeout), "; nothing was done"));
  }

  const ConnectCodec codec =
      *ConnectCodecOf(*FindHeader(request.headers, "content-type"));
  const std::unique_ptr<google::protobuf::Message> input(
      method.request_prototype->New());
  BL_RETURN_IF_ERROR(DecodeMessage(codec, request.body, input.get()));
  const std::unique_ptr<google::protobuf::Message> output(
      method.response_prototype->New());
  absl::Status status;
  try {
    status = method.handler(context, *input, output.get());
    if (status.ok()) status = EncodeMessage(codec, *output, body);
  } catch (const std::exception& e) {
    // Ours do not throw; a library below one may. The node goes on.
    status = absl::InternalError(
        absl::StrCat(name, " failed unexpectedly: ", e.what()));
  }
  if (options_.observe) {
    options_.observe(name, status.code(),
                     options_.clock->MonotonicNow() - before);
  }
  return status;
}

HttpResponse ConnectHandler::Health() const {
  const absl::Status status =
      options_.healthy ? options_.healthy() : absl::OkStatus();
  if (!status.ok()) return Refuse(status, 503);
  HttpResponse response;
  response.body = "{\"status\":\"ok\"}";
  return response;
}

HttpResponse ConnectHandler::Metrics(const HttpRequest& request) const {
  if (!options_.metrics_text) {
    return Refuse(absl::UnimplementedError("this node keeps no metrics"), 404);
  }
  if (!request.is_loopback && !options_.metrics_from_anywhere) {
    return Refuse(absl::PermissionDeniedError(
        "metrics are shown to this machine only: scrape them over loopback"));
  }
  HttpResponse response;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = options_.metrics_text();
  return response;
}

HttpResponse ConnectHandler::Preflight(const std::string& origin) const {
  HttpResponse response;
  response.status = 204;
  response.headers = {{"Access-Control-Allow-Origin", origin},
                      {"Access-Control-Allow-Methods", "POST"},
                      {"Access-Control-Allow-Headers",
                       "authorization, content-type, connect-protocol-version, "
                       "connect-timeout-ms"},
                      {"Access-Control-Max-Age",
                       absl::StrCat(absl::ToInt64Seconds(kPreflightMaxAge))},
                      {"Vary", "Origin"}};
  return response;
}

}  // namespace branchline
