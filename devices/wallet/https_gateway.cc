#include "devices/wallet/https_gateway.h"

#include <memory>

#include "absl/strings/str_cat.h"
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

absl::StatusOr<std::string> HttpsGateway::Post(const HttpsCall& call) {
  const std::unique_ptr<httplib::SSLClient> client =
      call.with_certificate
          ? std::make_unique<httplib::SSLClient>(
                host_, port_, certificate_file_, certificate_key_file_)
          : std::make_unique<httplib::SSLClient>(host_, port_);
  if (!client->is_valid()) {
    return absl::UnavailableError(
        absl::StrCat("call ", host_,
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
  request.method = "POST";
  request.path = call.path;
  request.body = call.body;
  request.set_header("Content-Type", call.content_type);
  std::string body;
  request.content_receiver = [&](const char* data, size_t size, uint64_t,
                                 uint64_t) {
    body.append(data, size);
    return body.size() <= call.answer_size_max;
  };
  const httplib::Result result = client->send(request);
  if (result.error() != httplib::Error::Success) {
    const std::string what = absl::StrCat("call ", host_, call.path, ": ",
                                          httplib::to_string(result.error()));
    if (IsNotSent(result.error())) return absl::UnavailableError(what);
    return absl::DeadlineExceededError(what);
  }
  if (result->status != 200) {
    return absl::DataLossError(absl::StrCat("call ", host_, call.path,
                                            ": HTTP status ", result->status));
  }
  return body;
}

}  // namespace branchline
