#include "devices/wallet/https_gateway.h"

#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
// cpp-httplib as Debian built it: without this every field after
// Request::ssl is read from the wrong place.
#define CPPHTTPLIB_OPENSSL_SUPPORT
#include <httplib.h>

namespace branchline {
namespace {

// Errors that come before the first byte of a request.
bool IsNotSent(httplib::Error error) {
  switch (error) {
    case httplib::Error::Connection:
    case httplib::Error::ConnectionTimeout:
    case httplib::Error::BindIPAddress:
    case httplib::Error::SSLConnection:
    case httplib::Error::SSLLoadingCerts:
    case httplib::Error::SSLServerVerification:
      return true;
    default:
      return false;
  }
}

}  // namespace

HttpsGateway::HttpsGateway(const WalletMerchant& merchant,
                           absl::Duration answer_timeout)
    : host_(merchant.host),
      port_(merchant.port),
      ca_file_(merchant.ca_file),
      certificate_file_(merchant.certificate_file),
      certificate_key_file_(merchant.certificate_key_file),
      answer_timeout_(answer_timeout) {}

absl::StatusOr<std::string> HttpsGateway::Send(const Request& asked) {
  const std::unique_ptr<httplib::SSLClient> client =
      asked.with_certificate
          ? std::make_unique<httplib::SSLClient>(asked.host, asked.port,
                                                 certificate_file_,
                                                 certificate_key_file_)
          : std::make_unique<httplib::SSLClient>(asked.host, asked.port);
  if (!client->is_valid()) {
    return absl::UnavailableError(
        absl::StrCat("call ", asked.host,
                     ": the merchant's certificate cannot be "
                     "read"));
  }
  if (!ca_file_.empty()) client->set_ca_cert_path(ca_file_.c_str());
  client->enable_server_certificate_verification(true);
  client->set_follow_location(false);
  client->set_keep_alive(false);
  const auto seconds = [](absl::Duration d) {
    return static_cast<time_t>(absl::ToInt64Seconds(d));
  };
  const auto micros = [](absl::Duration d) {
    return static_cast<time_t>(absl::ToInt64Microseconds(d) % 1'000'000);
  };
  client->set_connection_timeout(seconds(kConnectTimeout));
  client->set_write_timeout(seconds(answer_timeout_), micros(answer_timeout_));
  client->set_read_timeout(seconds(answer_timeout_), micros(answer_timeout_));

  httplib::Request request;
  request.method = asked.method;
  request.path = asked.path;
  request.body = asked.body;
  if (!asked.content_type.empty()) {
    request.set_header("Content-Type", asked.content_type);
  }
  std::string body;
  request.content_receiver = [&](const char* data, size_t size, uint64_t,
                                 uint64_t) {
    body.append(data, size);
    return body.size() <= asked.answer_size_max;
  };
  const httplib::Result result = client->send(request);
  if (result.error() != httplib::Error::Success) {
    const std::string what = absl::StrCat("call ", asked.host, asked.path, ": ",
                                          httplib::to_string(result.error()));
    if (IsNotSent(result.error())) return absl::UnavailableError(what);
    return absl::DeadlineExceededError(what);
  }
  if (result->status != 200) {
    return absl::DataLossError(absl::StrCat("call ", asked.host, asked.path,
                                            ": HTTP status ", result->status));
  }
  return body;
}

absl::StatusOr<std::string> HttpsGateway::Post(const HttpsCall& call) {
  return Send({host_, port_, "POST", call.path, call.content_type, call.body,
               call.with_certificate, call.answer_size_max});
}

absl::StatusOr<std::string> HttpsGateway::Get(const std::string& url,
                                              size_t size_max) {
  absl::string_view rest = url;
  if (!absl::ConsumePrefix(&rest, "https://")) {
    absl::ConsumePrefix(&rest, "http://");
  }
  const size_t slash = rest.find('/');
  const absl::string_view place = rest.substr(0, slash);
  const std::pair<absl::string_view, absl::string_view> host_and_port =
      absl::StrSplit(place, absl::MaxSplits(':', 1));
  Request asked;
  asked.host = std::string(host_and_port.first);
  // A port of plain HTTP is none of ours.
  const bool has_port =
      absl::StartsWith(url, "https://") && !host_and_port.second.empty();
  if (slash == absl::string_view::npos || asked.host.empty() ||
      (has_port && !absl::SimpleAtoi(host_and_port.second, &asked.port))) {
    return absl::InvalidArgumentError(
        "fetch a bill: the wallet names no place where it is");
  }
  asked.method = "GET";
  asked.path = std::string(rest.substr(slash));
  asked.answer_size_max = size_max;
  return Send(asked);
}

}  // namespace branchline
