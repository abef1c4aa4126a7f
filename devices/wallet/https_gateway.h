#pragma once

#include <string>

#include "absl/time/time.h"
#include "devices/wallet/wallet_gateway.h"
#include "devices/wallet/wallet_merchant.h"

namespace branchline {

// A wallet's gateway over HTTPS, its certificate checked against the system's
// authorities or the merchant's `ca_file`. A new connection for each call: none
// of them is ever sent twice behind our back.
class HttpsGateway final : public WalletGateway {
 public:
  static constexpr absl::Duration kConnectTimeout = absl::Seconds(5);
  static constexpr absl::Duration kAnswerTimeout = absl::Seconds(10);

  explicit HttpsGateway(const WalletMerchant& merchant,
                        absl::Duration answer_timeout = kAnswerTimeout);

  absl::StatusOr<std::string> Post(const HttpsCall& call) override;
  absl::StatusOr<std::string> Get(const std::string& url,
                                  size_t size_max) override;

 private:
  struct Request {
    std::string host;
    int port = 443;
    std::string method;
    std::string path;
    std::string content_type;
    std::string body;
    bool with_certificate = false;
    size_t answer_size_max = 0;  // bytes
  };
  absl::StatusOr<std::string> Send(const Request& asked);

  const std::string host_;
  const int port_;
  const std::string ca_file_;
  const std::string certificate_file_;
  const std::string certificate_key_file_;
  const absl::Duration answer_timeout_;
};

}  // namespace branchline
