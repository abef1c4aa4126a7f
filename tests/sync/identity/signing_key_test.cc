#include "sync/identity/signing_key.h"

#include <gtest/gtest.h>
#include <openssl/err.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include "sync/base/bytes.h"
#include "sync/identity/purpose.h"
#include "sync/identity/tls_key.h"
#include "tests/sync/identity/status_matchers.h"

namespace branchline {
namespace {

using identity_testing::Fails;
using identity_testing::IsOk;
using identity_testing::kInvalid;
using identity_testing::kUnauthenticated;

// The first key of RFC 8032, section 7.1.
SigningKey RfcKey() {
  return *SigningKey::FromSeed(absl::HexStringToBytes(
      "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
}

TEST(SigningKeyTest, SeedGivesTheKeyOfTheRfc) {
  EXPECT_EQ(Hex(RfcKey().public_key()),
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
}

// A golden value, made with `openssl pkeyutl -sign -rawin` over the bytes that
// the header documents: journals hold these for ever.
TEST(SigningKeyTest, SignsTheDocumentedBytes) {
  EXPECT_EQ(Hex(RfcKey().Sign("checkpoint", "epoch 1 seq 9")),
            "900d7f99534222c1903594c3b4b0f7a9014f2a9fc105246062e8dca2446c3c0f"
            "edbbc6b48a84fd53fc2f2317ba3600796dca2a577e7b8015f0cf72aa3f64cb09");
}

TEST(SigningKeyTest, GeneratedSignsAndIsVerified) {
  const auto key = SigningKey::Generate();
  ASSERT_THAT(key, IsOk());
  for (const absl::string_view message :
       {absl::string_view(""), absl::string_view("a\0b", 3)}) {
    const std::string signature = key->Sign("ack", message);
    EXPECT_EQ(signature.size(), kSignatureSize);
    EXPECT_THAT(VerifySignature(key->public_key(), "ack", message, signature),
                IsOk());
  }
  EXPECT_NE(key->public_key(), SigningKey::Generate()->public_key());
}

TEST(SigningKeyTest, PemComesBack) {
  const SigningKey key = *SigningKey::Generate();
  const auto again = SigningKey::FromPem(key.ToPem());
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->public_key(), key.public_key());
  EXPECT_EQ(again->Sign("ack", "x"), key.Sign("ack", "x"));
}

TEST(SigningKeyTest, CopiesShareTheKey) {
  std::string signature;
  const SigningKey first = RfcKey();
  {
    const SigningKey copy = first;  // NOLINT: the copy is what is tested.
    signature = copy.Sign("ack", "x");
  }
  EXPECT_EQ(first.Sign("ack", "x"), signature);
}

TEST(SigningKeyTest, RefusesASeedOfAnotherSize) {
  EXPECT_THAT(SigningKey::FromSeed("short"),
              Fails(kInvalid, "seed has 5 bytes, want 32"));
}

TEST(SigningKeyTest, RefusesPemWithoutAnEd25519Key) {
  EXPECT_THAT(SigningKey::FromPem(TlsKey::Generate()->ToPem()),
              Fails(kInvalid, "it is of type EC, want ED25519"));
  EXPECT_THAT(SigningKey::FromPem("-----BEGIN PRIVATE KEY-----\n"
                                  "AAAA\n"
                                  "-----END PRIVATE KEY-----\n"),
              Fails(kInvalid,
                    "reading the signing key: the PEM block holds no "
                    "private key"));
}

struct TamperCase {
  const char* name;
  void (*breakage)(std::string& key, std::string& purpose, std::string& message,
                   std::string& signature);
  absl::StatusCode code;
  const char* part;
};

class VerifySignatureRejects : public ::testing::TestWithParam<TamperCase> {};

TEST_P(VerifySignatureRejects, WithTheReason) {
  const SigningKey signer = RfcKey();
  std::string key = signer.public_key();
  std::string purpose = "checkpoint";
  std::string message = "epoch 1 seq 9";
  std::string signature = signer.Sign(purpose, message);
  ASSERT_THAT(VerifySignature(key, purpose, message, signature), IsOk());
  GetParam().breakage(key, purpose, message, signature);
  EXPECT_THAT(VerifySignature(key, purpose, message, signature),
              Fails(GetParam().code, GetParam().part));
}

INSTANTIATE_TEST_SUITE_P(
    Tampers, VerifySignatureRejects,
    ::testing::ValuesIn(std::vector<TamperCase>{
        {"ShortKey", [](auto& key, auto&, auto&, auto&) { key.pop_back(); },
         kInvalid, "public key has 31 bytes, want 32"},
        {"ShortSignature", [](auto&, auto&, auto&, auto& s) { s.pop_back(); },
         kInvalid, "signature has 63 bytes, want 64"},
        {"NoSignature", [](auto&, auto&, auto&, auto& s) { s.clear(); },
         kInvalid, "signature has 0 bytes, want 64"},
        {"OtherMessage",
         [](auto&, auto&, auto& message, auto&) { message.back() = '8'; },
         kUnauthenticated,
         "signature for checkpoint does not match key d75a98"},
        {"OtherPurpose",
         [](auto&, auto& purpose, auto&, auto&) { purpose = "ack"; },
         kUnauthenticated, "signature for ack does not match"},
        {"FirstByteOfSignature",
         [](auto&, auto&, auto&, auto& s) { s[0] ^= 1; }, kUnauthenticated,
         "does not match"},
        {"LastByteOfSignature",
         [](auto&, auto&, auto&, auto& s) { s[63] ^= 1; }, kUnauthenticated,
         "does not match"},
        {"OtherKey",
         [](auto& key, auto&, auto&, auto&) {
           key = SigningKey::Generate()->public_key();
         },
         kUnauthenticated, "does not match"},
    }),
    [](const auto& param) { return std::string(param.param.name); });

// After a wrong one, a right one is still right: no error is left behind.
TEST(VerifySignatureTest, ForgetsTheLastFailure) {
  const SigningKey key = RfcKey();
  const std::string right = key.Sign("ack", "x");
  EXPECT_FALSE(
      VerifySignature(key.public_key(), "ack", "x", std::string(64, 'x')).ok());
  EXPECT_EQ(ERR_peek_error(), 0) << "TLS on this thread would report it";
  EXPECT_THAT(VerifySignature(key.public_key(), "ack", "x", right), IsOk());
}

TEST(WithPurposeTest, KeepsPurposeAndMessageApart) {
  EXPECT_EQ(WithPurpose("ack", "x"), std::string("branchline/1 ack\0x", 18));
  EXPECT_NE(WithPurpose("ack", "x"), WithPurpose("ackx", ""));
}

TEST(WithPurposeDeathTest, StopsOnAPurposeThatIsNoConstantOfOurs) {
  EXPECT_DEATH(WithPurpose("", "x"), "needs a purpose");
  EXPECT_DEATH(WithPurpose(absl::string_view("a\0b", 3), "x"), "a-z, 0-9");
}

}  // namespace
}  // namespace branchline
