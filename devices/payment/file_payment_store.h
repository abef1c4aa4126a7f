#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "devices/files/record_folder.h"
#include "devices/payment/payment_attempt.h"

namespace branchline {

// Payment attempts as files of one directory, <hex of the id>.pay each,
// replaced by rename and synced: after a crash an attempt is as it was before
// or after a Save(). One store per directory.
class FilePaymentStore final : public PaymentStore {
 public:
  // Makes `dir` if it is not there; the one above it must be.
  //
  //   NOT_FOUND, PERMISSION_DENIED  it cannot be made
  static absl::StatusOr<FilePaymentStore> Open(const std::string& dir);

  // All attempts, in any order.
  //   DATA_LOSS  one cannot be read; the message names its file
  absl::StatusOr<std::vector<PaymentAttempt>> Load() const;

  absl::Status Save(const PaymentAttempt& attempt) override;

  // Forgets a settled attempt that is older than anybody may ask for.
  absl::Status Remove(absl::string_view id);

 private:
  explicit FilePaymentStore(std::string dir)
      : folder_(std::move(dir), ".pay") {}

  RecordFolder folder_;
};

}  // namespace branchline
