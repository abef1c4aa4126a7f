// SHA-256 of bytes: record chains, CA hashes, stored forms of secrets.

#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"

struct evp_md_ctx_st;  // OpenSSL's EVP_MD_CTX.

namespace branchline {

inline constexpr size_t kSha256Size = 32;  // bytes

// The kSha256Size raw bytes of the SHA-256 of `bytes`. Any thread. About 0.3 us
// for a record of 100 bytes: one context per thread is kept and used again.
std::string Sha256(absl::string_view bytes);

// SHA-256 of bytes that come in pieces. Finish() leaves the hasher as new, so
// that one object hashes a whole journal without allocating a context for each
// record.
//
// Used by one thread at a time. A moved-from hasher may only be destroyed or
// assigned to.
class Sha256Hasher {
 public:
  Sha256Hasher();
  ~Sha256Hasher();
  Sha256Hasher(Sha256Hasher&& other) noexcept;
  Sha256Hasher& operator=(Sha256Hasher&& other) noexcept;

  void Update(absl::string_view bytes);

  // The kSha256Size raw bytes of the hash of all bytes since construction or
  // the last Finish().
  std::string Finish();

 private:
  struct ContextDeleter {
    void operator()(evp_md_ctx_st* context) const;
  };

  std::unique_ptr<evp_md_ctx_st, ContextDeleter> context_;
};

}  // namespace branchline
