#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "devices/wallet/wallet_codec.h"

namespace branchline {

// The line to a wallet. Safe for concurrent use.
class WalletGateway {
 public:
  virtual ~WalletGateway() = default;

  // Makes one POST and returns the answer's body.
  //
  //   UNAVAILABLE        there was no connection: nothing left this box
  //   DEADLINE_EXCEEDED  it may have arrived, and no whole answer came
  //   DATA_LOSS          it arrived, and the answer is no answer (a status
  //   other
  //                      than 200, or more than the call's bytes)
  virtual absl::StatusOr<std::string> Post(const HttpsCall& call) = 0;

  // Fetches what is at `url`, which is on HTTPS whatever it says, at most
  // `size_max` bytes. The same codes, and INVALID_ARGUMENT for no URL.
  virtual absl::StatusOr<std::string> Get(const std::string& url,
                                          size_t size_max) = 0;
};

}  // namespace branchline
