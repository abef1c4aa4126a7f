#include "sync/identity/certificate_authority.h"

#include <gtest/gtest.h>
#include <openssl/x509v3.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "sync/identity/certificate.h"
#include "sync/identity/certificate_request.h"
#include "sync/identity/openssl_util.h"
#include "sync/identity/pem.h"
#include "sync/identity/tls_key.h"
#include "sync/identity/x509_util.h"
#include "tests/sync/identity/status_matchers.h"

namespace branchline {
namespace {

using identity_internal::ReadCertificate;
using identity_internal::UniqueX509;
using identity_testing::Fails;
using identity_testing::IsOk;
using identity_testing::kFailed;
using identity_testing::kInvalid;
using identity_testing::kUnauthenticated;

const absl::Time kNow =
    absl::FromCivil(absl::CivilSecond(2026, 11, 20, 8), absl::UTCTimeZone());

CertificateAuthority NewCa() {
  return *CertificateAuthority::Create("Nordwind", kNow);
}

std::string RequestFor(absl::string_view branch) {
  return *MakeCertificateRequest(*TlsKey::Generate(), branch);
}

bool HasHost(const std::string& pem, const char* host) {
  const UniqueX509 certificate = *ReadCertificate(pem, "it");
  return X509_check_host(certificate.get(), host, 0, 0, nullptr) == 1;
}

bool HasIp(const std::string& pem, const char* ip) {
  const UniqueX509 certificate = *ReadCertificate(pem, "it");
  return X509_check_ip_asc(certificate.get(), ip, 0) == 1;
}

bool MayBe(const std::string& pem, int purpose) {
  const UniqueX509 certificate = *ReadCertificate(pem, "it");
  return X509_check_purpose(certificate.get(), purpose, 0) == 1;
}

TEST(CertificateAuthorityTest, SaysWhoseItIsAndForHowLong) {
  const auto ca = CertificateAuthority::Create("Nordwind", kNow);
  ASSERT_THAT(ca, IsOk());
  const UniqueX509 certificate = *ReadCertificate(ca->cert_pem(), "it");
  EXPECT_EQ(*identity_internal::CommonName(
                X509_get_subject_name(certificate.get()), "it"),
            "Branchline Nordwind CA");
  EXPECT_EQ(*identity_internal::FromAsn1Time(
                X509_get0_notBefore(certificate.get()), "it"),
            kNow - kIssueBackdate);
  const absl::Time to = *identity_internal::FromAsn1Time(
      X509_get0_notAfter(certificate.get()), "it");
  EXPECT_EQ(absl::FormatTime("%Y-%m-%d", to, absl::UTCTimeZone()),
            "2046-11-20");
  EXPECT_EQ(ca->hash(), *CaHash(ca->cert_pem()));
}

TEST(CertificateAuthorityTest, LoadsWhatItWrote) {
  const CertificateAuthority ca = NewCa();
  const auto again = CertificateAuthority::Load(ca.cert_pem(), ca.KeyPem());
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->hash(), ca.hash());
  const auto leaf = again->IssueBranch(RequestFor("S014"), "S014", 1, kNow);
  ASSERT_THAT(leaf, IsOk());
  EXPECT_THAT(VerifyLeaf(*leaf, ca.cert_pem(), kNow), IsOk());
}

TEST(CertificateAuthorityTest, TakesNamesInEveryScript) {
  for (const char* chain : {"\xe5\x8c\x97\xe9\xa3\x8e", "M\xc3\xbcller & Co",
                            "a, b = c/d # \"e\""}) {
    const auto ca = CertificateAuthority::Create(chain, kNow);
    ASSERT_THAT(ca, IsOk()) << chain;
    const UniqueX509 certificate = *ReadCertificate(ca->cert_pem(), "it");
    EXPECT_EQ(*identity_internal::CommonName(
                  X509_get_subject_name(certificate.get()), "it"),
              absl::StrCat("Branchline ", chain, " CA"));
  }
  EXPECT_THAT(CertificateAuthority::Create(std::string(50, 'x'), kNow), IsOk());
}

TEST(CertificateAuthorityTest, RefusesABadChainName) {
  EXPECT_THAT(CertificateAuthority::Create("", kNow),
              Fails(kInvalid, "chain name has 0 bytes, want 1 to 50"));
  EXPECT_THAT(CertificateAuthority::Create(std::string(51, 'x'), kNow),
              Fails(kInvalid, "chain name has 51 bytes"));
  EXPECT_THAT(CertificateAuthority::Create("a\nb", kNow),
              Fails(kInvalid, "has a control character"));
  EXPECT_THAT(CertificateAuthority::Create("M\xfcller", kNow),
              Fails(kInvalid, "does not fit a certificate"));
}

TEST(CertificateAuthorityTest, RefusesToLoadHalvesOfTwo) {
  const CertificateAuthority ca = NewCa();
  EXPECT_THAT(CertificateAuthority::Load(ca.cert_pem(), NewCa().KeyPem()),
              Fails(kInvalid, "the key is not the certificate's"));
  EXPECT_THAT(CertificateAuthority::Load("", ca.KeyPem()),
              Fails(kInvalid, "reading the hub CA: no PEM block"));
  EXPECT_THAT(CertificateAuthority::Load(ca.cert_pem(), ""),
              Fails(kInvalid, "reading the TLS key: no PEM block"));
  const TlsKey key = *TlsKey::Generate();
  EXPECT_THAT(
      CertificateAuthority::Load(*ca.IssueHub(key, {}, kNow), key.ToPem()),
      Fails(kInvalid, "the certificate is a leaf, want a CA's"));
}

TEST(IssueBranchTest, SaysWhoseInWhichEpochAndForHowLong) {
  const CertificateAuthority ca = NewCa();
  const TlsKey key = *TlsKey::Generate();
  const auto pem = ca.IssueBranch(*MakeCertificateRequest(key, "S014"), "S014",
                                  3, kNow + absl::Milliseconds(400));
  ASSERT_THAT(pem, IsOk());
  const auto leaf = ParseBranchLeaf(*pem);
  ASSERT_THAT(leaf, IsOk());
  EXPECT_EQ(leaf->branch, "S014");
  EXPECT_EQ(leaf->epoch, 3);
  EXPECT_EQ(leaf->not_before, kNow - kIssueBackdate);
  EXPECT_EQ(leaf->not_after, kNow + absl::Hours(45 * 24));
  EXPECT_EQ(leaf->serial.size(), 32);
  EXPECT_EQ(leaf->public_key_der, key.PublicKeyDer());
  EXPECT_TRUE(HasHost(*pem, "branch-s014.branchline"));
  EXPECT_FALSE(HasHost(*pem, "branchline-hub"));
  EXPECT_TRUE(MayBe(*pem, X509_PURPOSE_SSL_CLIENT));
  EXPECT_TRUE(MayBe(*pem, X509_PURPOSE_SSL_SERVER));
}

TEST(IssueBranchTest, EachSerialIsNew) {
  const CertificateAuthority ca = NewCa();
  const std::string request = RequestFor("S014");
  const auto serial = [&] {
    return ParseBranchLeaf(*ca.IssueBranch(request, "S014", 1, kNow))->serial;
  };
  EXPECT_NE(serial(), serial());
}

TEST(IssueBranchTest, RefusesTheRequestOfAnother) {
  EXPECT_THAT(NewCa().IssueBranch(RequestFor("S015"), "S014", 1, kNow),
              Fails(kInvalid, "the request is for \"S015\", want S014"));
  EXPECT_THAT(NewCa().IssueBranch(RequestFor("s014"), "s014", 1, kNow),
              Fails(kInvalid, "issuing a certificate: branch code \"s014\""));
  EXPECT_THAT(NewCa().IssueBranch("", "S014", 1, kNow),
              Fails(kInvalid, "reading the certificate request"));
}

TEST(IssueBranchTest, RefusesARequestThatWasChanged) {
  std::string der = *identity_internal::DecodePem(
      RequestFor("S015"), identity_internal::kPemRequest, "it");
  der.replace(der.find("S015"), 4, "S014");
  EXPECT_THAT(NewCa().IssueBranch(identity_internal::EncodePem(
                                      der, identity_internal::kPemRequest),
                                  "S014", 1, kNow),
              Fails(kUnauthenticated, "is not signed by the key in it"));
}

TEST(IssueBranchTest, RefusesOutsideTheLifeOfTheCa) {
  const CertificateAuthority ca = NewCa();
  const std::string request = RequestFor("S014");
  EXPECT_THAT(ca.IssueBranch(request, "S014", 1, absl::UnixEpoch()),
              Fails(kFailed,
                    "it is 1970-01-01T00:00:00Z, the CA is valid from "
                    "2026-10-21T08:00:00Z"));
  EXPECT_THAT(ca.IssueBranch(request, "S014", 1, kNow + kCaLifetime),
              Fails(kFailed, "or make a new CA"));
}

TEST(IssueBranchTest, NeverOutlivesTheCa) {
  const CertificateAuthority ca = NewCa();
  const absl::Time last_day = kNow + kCaLifetime - absl::Hours(24);
  const auto pem = ca.IssueBranch(RequestFor("S014"), "S014", 1, last_day);
  ASSERT_THAT(pem, IsOk());
  EXPECT_EQ(ParseBranchLeaf(*pem)->not_after, kNow + kCaLifetime);
}

TEST(IssueHubTest, AnswersToItsNames) {
  const CertificateAuthority ca = NewCa();
  const auto pem = ca.IssueHub(
      *TlsKey::Generate(),
      {"hub.nordwind.example", "192.0.2.7", "2001:db8::7", "localhost"}, kNow);
  ASSERT_THAT(pem, IsOk());
  for (const char* host :
       {"branchline-hub", "localhost", "hub.nordwind.example"}) {
    EXPECT_TRUE(HasHost(*pem, host)) << host;
  }
  for (const char* ip : {"127.0.0.1", "192.0.2.7", "2001:db8::7"}) {
    EXPECT_TRUE(HasIp(*pem, ip)) << ip;
  }
  EXPECT_FALSE(HasHost(*pem, "nordwind.example"));
  EXPECT_FALSE(HasIp(*pem, "192.0.2.8"));
  EXPECT_THAT(VerifyLeaf(*pem, ca.cert_pem(), kNow), IsOk());
}

// What the hub shows branches must not open any door as a branch.
TEST(IssueHubTest, LivesForAYearOfOneStart) {
  const CertificateAuthority ca = NewCa();
  const std::string pem = *ca.IssueHub(*TlsKey::Generate(), {}, kNow);
  EXPECT_THAT(VerifyLeaf(pem, ca.cert_pem(), kNow + absl::Hours(24 * 397)),
              IsOk());
  EXPECT_THAT(VerifyLeaf(pem, ca.cert_pem(), kNow + absl::Hours(24 * 398)),
              Fails(kFailed, ""));
}

TEST(IssueHubTest, IsNoBranchsLeaf) {
  const std::string pem = *NewCa().IssueHub(*TlsKey::Generate(), {}, kNow);
  EXPECT_TRUE(MayBe(pem, X509_PURPOSE_SSL_SERVER));
  EXPECT_FALSE(MayBe(pem, X509_PURPOSE_SSL_CLIENT));
  EXPECT_THAT(ParseBranchLeaf(pem),
              Fails(kInvalid, "it has 0 branchline:// URIs, want 1"));
}

TEST(IssueHubTest, RefusesABadName) {
  const CertificateAuthority ca = NewCa();
  const TlsKey key = *TlsKey::Generate();
  for (const std::string& name :
       {std::string(), std::string("a b"), std::string("*.example"),
        std::string("192.0.2.256"), std::string("a..b"), std::string("-a.b"),
        std::string("hub.example."), std::string("http://hub"),
        std::string("a\0b", 3), std::string("10.0.0.1\0x", 10),
        std::string(64, 'a'), std::string("fe80::g")}) {
    EXPECT_THAT(ca.IssueHub(key, {name}, kNow),
                Fails(kInvalid, "neither an IP address nor a host name"))
        << name;
  }
  EXPECT_THAT(
      ca.IssueHub(key, std::vector<std::string>(33, "hub.example"), kNow),
      Fails(kInvalid, "33 extra names, want at most 32"));
}

TEST(IssueHubTest, RefusesOutsideTheLifeOfTheCa) {
  EXPECT_THAT(NewCa().IssueHub(*TlsKey::Generate(), {}, absl::UnixEpoch()),
              Fails(kFailed, "set the hub's clock"));
}

}  // namespace
}  // namespace branchline
