#include "sync/identity/sha256.h"

#include <openssl/evp.h>

#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "sync/base/check.h"

namespace branchline {
namespace {

// Fetched once and kept for ever: looking the algorithm up for each hash costs
// more than hashing a small record.
const EVP_MD* Sha256Algorithm() {
  static const EVP_MD* const algorithm =
      EVP_MD_fetch(nullptr, "SHA256", nullptr);
  BL_CHECK(algorithm != nullptr, "OpenSSL has no SHA-256");
  return algorithm;
}

}  // namespace

void Sha256Hasher::ContextDeleter::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

Sha256Hasher::Sha256Hasher() : context_(EVP_MD_CTX_new()) {
  BL_CHECK(context_ != nullptr, "out of memory for a hash context");
  const int started =
      EVP_DigestInit_ex2(context_.get(), Sha256Algorithm(), nullptr);
  BL_CHECK(started == 1, "SHA-256 did not start");
}

Sha256Hasher::~Sha256Hasher() = default;
Sha256Hasher::Sha256Hasher(Sha256Hasher&& other) noexcept = default;
Sha256Hasher& Sha256Hasher::operator=(Sha256Hasher&& other) noexcept = default;

void Sha256Hasher::Update(absl::string_view bytes) {
  const int updated =
      EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
  BL_CHECK(updated == 1, "SHA-256 did not take bytes");
}

std::string Sha256Hasher::Finish() {
  std::string hash(kSha256Size, '\0');
  unsigned int size = 0;
  const int finished = EVP_DigestFinal_ex(
      context_.get(), reinterpret_cast<unsigned char*>(hash.data()), &size);
  BL_CHECK(finished == 1, "SHA-256 did not finish");
  BL_CHECK(size == kSha256Size, "SHA-256 is not 32 bytes");
  // No algorithm given: the context starts again with the one it has.
  const int restarted = EVP_DigestInit_ex2(context_.get(), nullptr, nullptr);
  BL_CHECK(restarted == 1, "SHA-256 did not start again");
  return hash;
}

std::string Sha256(absl::string_view bytes) {
  thread_local Sha256Hasher hasher;
  hasher.Update(bytes);
  return hasher.Finish();
}

}  // namespace branchline
