#include "sync/identity/tls_key.h"

#include <gtest/gtest.h>

#include "sync/identity/signing_key.h"
#include "tests/sync/identity/status_matchers.h"

namespace branchline {
namespace {

using identity_testing::Fails;
using identity_testing::IsOk;
using identity_testing::kInvalid;

// A P-384 key, made with `openssl genpkey`. It protects nothing.
const char kP384Pem[] = R"(-----BEGIN PRIVATE KEY-----
MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDBgEYknjli8B08VanXe
SrobnQ5fXenpL0uS3RY5dEvB78HBu1c6fBrbjOF4133uKxmhZANiAAQ3EH4DCn5g
Y86MprMAOOxeJT6xGiOZCz2FrBJlvEIaTgCYt2Qx/JviD+cSuooJpfWk0FlR7u5s
Lce0lQlYXcBJz1S0BgE3nXQMsya1t7vq6vF+mFDQlT743pxbDi2ppn8=
-----END PRIVATE KEY-----
)";

TEST(TlsKeyTest, PemComesBack) {
  const auto key = TlsKey::Generate();
  ASSERT_THAT(key, IsOk());
  const auto again = TlsKey::FromPem(key->ToPem());
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->PublicKeyDer(), key->PublicKeyDer());
  EXPECT_EQ(again->ToPem(), key->ToPem());
}

TEST(TlsKeyTest, EachIsNew) {
  EXPECT_NE(TlsKey::Generate()->PublicKeyDer(),
            TlsKey::Generate()->PublicKeyDer());
}

TEST(TlsKeyTest, RefusesAnotherKindOfKey) {
  EXPECT_THAT(TlsKey::FromPem(SigningKey::Generate()->ToPem()),
              Fails(kInvalid, "the key is ED25519, want EC prime256v1"));
  EXPECT_THAT(TlsKey::FromPem(kP384Pem),
              Fails(kInvalid, "the key is EC secp384r1, want EC prime256v1"));
}

TEST(TlsKeyTest, RefusesNothing) {
  EXPECT_THAT(TlsKey::FromPem(""),
              Fails(kInvalid, "reading the TLS key: no PEM block"));
}

}  // namespace
}  // namespace branchline
