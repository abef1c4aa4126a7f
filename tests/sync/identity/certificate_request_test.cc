#include "sync/identity/certificate_request.h"

#include <gtest/gtest.h>

#include <string>

#include "sync/identity/pem.h"
#include "sync/identity/tls_key.h"
#include "tests/sync/identity/status_matchers.h"

namespace branchline {
namespace {

using identity_internal::DecodePem;
using identity_internal::EncodePem;
using identity_internal::kPemRequest;
using identity_testing::Fails;
using identity_testing::IsOk;
using identity_testing::kInvalid;
using identity_testing::kUnauthenticated;

TEST(CertificateRequestTest, SaysWhoseAndWhichKey) {
  const TlsKey key = *TlsKey::Generate();
  const auto pem = MakeCertificateRequest(key, "S014");
  ASSERT_THAT(pem, IsOk());
  const auto request = CheckCertificateRequest(*pem);
  ASSERT_THAT(request, IsOk());
  EXPECT_EQ(request->common_name, "S014");
  EXPECT_EQ(request->public_key_der, key.PublicKeyDer());
}

TEST(CertificateRequestTest, RefusesANameThatDoesNotFit) {
  const TlsKey key = *TlsKey::Generate();
  EXPECT_THAT(MakeCertificateRequest(key, ""),
              Fails(kInvalid, "common name of 0 bytes does not fit"));
  EXPECT_THAT(MakeCertificateRequest(key, std::string(65, 'A')),
              Fails(kInvalid, "common name of 65 bytes does not fit"));
}

TEST(CertificateRequestTest, RefusesWhatIsNoRequest) {
  EXPECT_THAT(CheckCertificateRequest(TlsKey::Generate()->ToPem()),
              Fails(kInvalid,
                    "found a PEM block \"PRIVATE KEY\", want "
                    "\"CERTIFICATE REQUEST\""));
  EXPECT_THAT(CheckCertificateRequest(EncodePem("abc", kPemRequest)),
              Fails(kInvalid, "the PEM block holds no request"));
}

TEST(CertificateRequestTest, RefusesBytesAfterTheRequest) {
  const TlsKey key = *TlsKey::Generate();
  const std::string der =
      *DecodePem(*MakeCertificateRequest(key, "S014"), kPemRequest, "it");
  EXPECT_THAT(CheckCertificateRequest(EncodePem(der + "x", kPemRequest)),
              Fails(kInvalid, "the PEM block holds no request"));
}

// Somebody asks for a certificate with a key that is not theirs.
TEST(CertificateRequestTest, RefusesAKeyWithoutItsPrivateHalf) {
  const TlsKey key = *TlsKey::Generate();
  const TlsKey stolen = *TlsKey::Generate();
  std::string der =
      *DecodePem(*MakeCertificateRequest(key, "S014"), kPemRequest, "it");
  const size_t at = der.find(key.PublicKeyDer());
  ASSERT_NE(at, std::string::npos);
  der.replace(at, key.PublicKeyDer().size(), stolen.PublicKeyDer());
  EXPECT_THAT(CheckCertificateRequest(EncodePem(der, kPemRequest)),
              Fails(kUnauthenticated,
                    "request for S014 is not signed by the key in it"));
}

TEST(CertificateRequestTest, RefusesAnotherName) {
  std::string der = *DecodePem(
      *MakeCertificateRequest(*TlsKey::Generate(), "S014"), kPemRequest, "it");
  der.replace(der.find("S014"), 4, "S015");
  EXPECT_THAT(CheckCertificateRequest(EncodePem(der, kPemRequest)),
              Fails(kUnauthenticated, "request for S015 is not signed"));
}

}  // namespace
}  // namespace branchline
