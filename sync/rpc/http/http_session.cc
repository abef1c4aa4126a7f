#include "sync/rpc/http/http_session.h"

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "sync/base/clock.h"
#include "sync/rpc/http/connection.h"
#include "sync/rpc/http/httplib_debian.h"

namespace branchline {
namespace {

// On the wire a chunked body may be this many times its content.
constexpr size_t kChunkOverheadMax = 2;

// A Connection as cpp-httplib sees one.
class HttpStream final : public httplib::Stream {
 public:
  explicit HttpStream(Connection* connection) : connection_(connection) {}

  bool is_readable() const override { return true; }
  bool is_writable() const override { return true; }
  ssize_t read(char* out, size_t size) override {
    return connection_->Read(out, size);
  }
  ssize_t write(const char* bytes, size_t size) override {
    const bool sent = connection_->Write(absl::string_view(bytes, size));
    return sent ? static_cast<ssize_t>(size) : -1;
  }
  // HttpRequest has the peer; the library needs none.
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return INVALID_SOCKET; }

 private:
  Connection* const connection_;
};

// process_request() is what we want of the class, and it is protected.
class HttpSession final : public httplib::Server {
 public:
  HttpSession(const ConnectHandler* handler, const HttpLimits& limits);
  void Serve(Connection& connection);

 private:
  void AnswerBody(const httplib::Request& from, httplib::Response& to,
                  const httplib::ContentReader& reader);
  void AnswerBadRequest(httplib::Response& to);
  void Fill(const HttpResponse& from, httplib::Response& to);
  HttpRequest Convert(const httplib::Request& from) const;

  const ConnectHandler* const handler_;
  const HttpLimits limits_;

  // While a request is served:
  Connection* connection_ = nullptr;
  std::optional<HttpRequest> request_;
  bool body_taken_ = false;  // else its bytes would pass for the next request
};

HttpSession::HttpSession(const ConnectHandler* handler,
                         const HttpLimits& limits)
    : handler_(handler), limits_(limits) {
  set_keep_alive_timeout(
      static_cast<time_t>(absl::ToInt64Seconds(limits.idle_timeout)));
  set_keep_alive_max_count(
      static_cast<size_t>(limits.requests_per_connection_max));
  set_pre_routing_handler([this](const auto& from, auto& to) {
    request_ = Convert(from);
    const std::optional<HttpResponse> early = handler_->BeforeBody(*request_);
    if (!early.has_value()) return HandlerResponse::Unhandled;
    body_taken_ = FindHeader(request_->headers, "content-length") == nullptr &&
                  FindHeader(request_->headers, "transfer-encoding") == nullptr;
    Fill(*early, to);
    return HandlerResponse::Handled;
  });
  // BeforeBody() lets nothing else than a POST to a known method pass.
  Post(".*", [this](const auto& from, auto& to, const auto& reader) {
    AnswerBody(from, to, reader);
  });
  set_error_handler(HandlerWithResponse([this](const auto&, auto& to) {
    if (!to.body.empty()) return HandlerResponse::Unhandled;  // Ours.
    AnswerBadRequest(to);
    return HandlerResponse::Handled;
  }));
  // Otherwise the library shows what() to the peer, in a header.
  set_exception_handler([this](const auto&, auto& to, std::exception_ptr) {
    Fill(ConnectHandler::Refuse(absl::InternalError(
             "the request failed unexpectedly: call a technician")),
         to);
  });
}

void HttpSession::Serve(Connection& connection) {
  HttpStream stream(&connection);
  connection_ = &connection;
  for (int left = limits_.requests_per_connection_max;
       left > 0 && connection.AwaitRequest(); --left) {
    request_.reset();
    body_taken_ = false;
    bool peer_closes = false;
    const bool answered =
        process_request(stream, /*close_connection=*/left == 1, peer_closes,
                        [](httplib::Request& request) {
                          // A part of an answer, or one compressed for a peer
                          // next door, is of no use here.
                          request.ranges.clear();
                          request.headers.erase("Accept-Encoding");
                        });
    if (!answered) break;
    if (!body_taken_) {
      connection.Finish();
      break;
    }
    if (peer_closes) break;
  }
  connection_ = nullptr;
}

void HttpSession::AnswerBody(const httplib::Request& from,
                             httplib::Response& to,
                             const httplib::ContentReader& reader) {
  HttpRequest& request = *request_;
  const bool has_body =
      from.has_header("Content-Length") || from.has_header("Transfer-Encoding");
  bool too_long = false;
  if (has_body) {
    connection_->ExtendBudget(kBodyBytesMax * kChunkOverheadMax);
    body_taken_ = reader([&](const char* bytes, size_t size) {
      too_long = size > kBodyBytesMax - request.body.size();
      if (!too_long) request.body.append(bytes, size);
      return !too_long;
    });
  } else {
    body_taken_ = true;  // The library would read until the peer hangs up.
  }
  if (body_taken_) {
    Fill(handler_->Handle(request), to);
  } else if (too_long ||
             connection_->failure() == Connection::Failure::kTooLong) {
    Fill(ConnectHandler::RefuseBodySize("longer than that"), to);
  } else {
    AnswerBadRequest(to);
  }
}

void HttpSession::AnswerBadRequest(httplib::Response& to) {
  body_taken_ = false;
  switch (connection_->failure()) {
    case Connection::Failure::kTooLong:
      Fill(ConnectHandler::Refuse(
               absl::ResourceExhaustedError(absl::StrCat(
                   "request line and headers are longer than ",
                   limits_.head_bytes_max, " bytes: send less of them")),
               431),
           to);
      return;
    case Connection::Failure::kTimedOut:
      Fill(
          ConnectHandler::Refuse(absl::DeadlineExceededError(absl::StrCat(
                                     "the request did not arrive whole within ",
                                     absl::FormatDuration(limits_.read_timeout),
                                     "; nothing was done: try again")),
                                 408),
          to);
      return;
    default:
      Fill(ConnectHandler::Refuse(
               absl::InvalidArgumentError(
                   "the request is not well-formed HTTP/1.1, or its body was "
                   "cut short; nothing was done"),
               to.status >= 400 ? to.status : 400),
           to);
  }
}

void HttpSession::Fill(const HttpResponse& from, httplib::Response& to) {
  to.status = from.status;
  if (from.status != 204) to.set_content(from.body, from.content_type);
  for (const auto& [key, value] : from.headers) to.set_header(key, value);
  if (!body_taken_ || connection_->stopping()) {
    to.set_header("Connection", "close");
  }
}

HttpRequest HttpSession::Convert(const httplib::Request& from) const {
  HttpRequest request;
  request.method = from.method;
  request.path = from.path;
  request.headers.assign(from.headers.begin(), from.headers.end());
  request.peer = connection_->peer();
  request.is_loopback = connection_->is_loopback();
  request.is_encrypted = connection_->is_encrypted();
  request.started = connection_->started();
  return request;
}

}  // namespace

Listener::Session MakeHttpSession(const ConnectHandler* handler,
                                  const HttpLimits& limits) {
  // Shared only because std::function must be copyable.
  const auto session = std::make_shared<HttpSession>(handler, limits);
  return [session](Connection& connection) { session->Serve(connection); };
}

std::string BusyAnswer() {
  const HttpResponse busy = ConnectHandler::Refuse(absl::UnavailableError(
      "this node has as many connections as it takes: try again"));
  return absl::StrCat(
      "HTTP/1.1 ", busy.status,
      " Service Unavailable\r\nContent-Type: ", busy.content_type,
      "\r\nContent-Length: ", busy.body.size(), "\r\nConnection: close\r\n\r\n",
      busy.body);
}

}  // namespace branchline
