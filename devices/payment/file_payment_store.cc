#include "devices/payment/file_payment_store.h"

#include "sync/base/bytes.h"
#include "sync/base/status_macros.h"

namespace branchline {

absl::StatusOr<FilePaymentStore> FilePaymentStore::Open(
    const std::string& dir) {
  FilePaymentStore store(dir);
  BL_RETURN_IF_ERROR(Annotate(store.folder_.Make(), "open the payments"));
  return store;
}

absl::StatusOr<std::vector<PaymentAttempt>> FilePaymentStore::Load() const {
  std::vector<PaymentAttempt> attempts;
  BL_RETURN_IF_ERROR(folder_.Load(
      [&attempts](const std::string& path, const std::string& bytes) {
        absl::StatusOr<PaymentAttempt> attempt = DecodePaymentAttempt(bytes);
        if (!attempt.ok()) return Annotate(attempt.status(), path);
        attempts.push_back(*std::move(attempt));
        return absl::OkStatus();
      }));
  return attempts;
}

absl::Status FilePaymentStore::Save(const PaymentAttempt& attempt) {
  return folder_.Save(Hex(attempt.id), EncodePaymentAttempt(attempt));
}

absl::Status FilePaymentStore::Remove(absl::string_view id) {
  return folder_.Remove(Hex(id));
}

}  // namespace branchline
