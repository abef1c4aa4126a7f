#include "sync/identity/certificate.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "sync/base/bytes.h"
#include "sync/identity/certificate_authority.h"
#include "sync/identity/certificate_builder.h"
#include "sync/identity/certificate_request.h"
#include "sync/identity/pem.h"
#include "sync/identity/sha256.h"
#include "sync/identity/tls_key.h"
#include "sync/identity/x509_util.h"
#include "tests/sync/identity/status_matchers.h"

namespace branchline {
namespace {

using identity_internal::CertificateFields;
using identity_internal::DecodePem;
using identity_internal::EncodePem;
using identity_internal::kPemCertificate;
using identity_internal::SubjectNames;
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

std::string NewLeaf(const CertificateAuthority& ca) {
  return *ca.IssueBranch(*MakeCertificateRequest(*TlsKey::Generate(), "S014"),
                         "S014", 1, kNow);
}

// A certificate with whatever names, signed by itself.
std::string OddLeaf(const char* common_name,
                    const std::vector<std::string>& uris) {
  const TlsKey key = *TlsKey::Generate();
  SubjectNames names;
  names.AddDns("branch-s014.branchline");
  for (const std::string& uri : uris) names.AddUri(uri);
  CertificateFields fields;
  fields.common_name = common_name;
  fields.not_before = kNow;
  fields.not_after = kNow + kLeafLifetime;
  fields.public_key = key.handle();
  fields.basic_constraints = "CA:FALSE";
  fields.key_usage = "digitalSignature";
  fields.names = &names;
  return identity_internal::WriteCertificate(
      identity_internal::BuildCertificate(fields, nullptr, key.handle())
          ->get());
}

TEST(BranchNamesTest, AreOfTheirForm) {
  EXPECT_EQ(BranchHostName("S014"), "branch-s014.branchline");
  EXPECT_EQ(BranchUri("S014", 2), "branchline://branch/S014/epoch/2");
}

TEST(ParseBranchLeafTest, ReadsTheLargestEpochAndIgnoresOtherUris) {
  const auto leaf = ParseBranchLeaf(
      OddLeaf("S014", {"https://example.com/",
                       "branchline://branch/S014/epoch/18446744073709551615"}));
  ASSERT_THAT(leaf, IsOk());
  EXPECT_EQ(leaf->epoch, UINT64_MAX);
}

struct RejectCase {
  const char* name;
  const char* common_name;
  std::vector<std::string> uris;
  const char* message;
};

class ParseBranchLeafRejects : public ::testing::TestWithParam<RejectCase> {};

TEST_P(ParseBranchLeafRejects, WithTheReason) {
  EXPECT_THAT(ParseBranchLeaf(OddLeaf(GetParam().common_name, GetParam().uris)),
              Fails(kInvalid, GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Rules, ParseBranchLeafRejects,
    ::testing::ValuesIn(std::vector<RejectCase>{
        {"NoUri", "S014", {}, "it has 0 branchline:// URIs, want 1"},
        {"TwoUris",
         "S014",
         {"branchline://branch/S014/epoch/1",
          "branchline://branch/S015/epoch/1"},
         "it has 2 branchline:// URIs"},
        {"NotABranch",
         "S014",
         {"branchline://hub/S014/epoch/1"},
         "want branchline://branch/<code>/epoch/<n>"},
        {"NoEpoch", "S014", {"branchline://branch/S014"}, "its URI is"},
        {"EpochNoNumber",
         "S014",
         {"branchline://branch/S014/epoch/x"},
         "its URI is \"branchline://branch/S014/epoch/x\""},
        {"EpochWithZero",
         "S014",
         {"branchline://branch/S014/epoch/01"},
         "its URI is"},
        {"EpochWithSpace",
         "S014",
         {"branchline://branch/S014/epoch/ 1"},
         "its URI is"},
        {"EpochTooLarge",
         "S014",
         {"branchline://branch/S014/epoch/18446744073709551616"},
         "its URI is"},
        {"More", "S014", {"branchline://branch/S014/epoch/1/x"}, "its URI is"},
        {"NulAfter",
         "S014",
         {std::string("branchline://branch/S014/epoch/1\0", 33)},
         "its URI is"},
        {"BadBranch",
         "s014",
         {"branchline://branch/s014/epoch/1"},
         "branch code \"s014\" has 's'"},
        {"OtherName",
         "S015",
         {"branchline://branch/S014/epoch/1"},
         "its common name is \"S015\", its URI says S014"},
    }),
    [](const auto& param) { return std::string(param.param.name); });

TEST(ParseBranchLeafTest, RefusesWhatIsNoCertificate) {
  EXPECT_THAT(ParseBranchLeaf(""), Fails(kInvalid, "no PEM block"));
  EXPECT_THAT(ParseBranchLeaf(EncodePem("abc", kPemCertificate)),
              Fails(kInvalid, "the PEM block holds no certificate"));
  const std::string der = *DecodePem(NewLeaf(NewCa()), kPemCertificate, "it");
  EXPECT_THAT(ParseBranchLeaf(EncodePem(der + "x", kPemCertificate)),
              Fails(kInvalid, "the PEM block holds no certificate"));
}

TEST(VerifyLeafTest, AcceptsFromTheFirstSecondToTheLast) {
  const CertificateAuthority ca = NewCa();
  const std::string leaf = NewLeaf(ca);
  // Also for a clock that was set back by days.
  for (const absl::Time at : {kNow - kIssueBackdate, kNow - absl::Hours(24 * 3),
                              kNow, kNow + kLeafLifetime - absl::Seconds(1)}) {
    EXPECT_THAT(VerifyLeaf(leaf, ca.cert_pem(), at), IsOk()) << at;
  }
}

TEST(VerifyLeafTest, RefusesAnExpiredOne) {
  const CertificateAuthority ca = NewCa();
  EXPECT_THAT(VerifyLeaf(NewLeaf(ca), ca.cert_pem(), kNow + kLeafLifetime),
              Fails(kFailed,
                    "certificate of S014 expired at 2027-01-04T08:00:00Z, it "
                    "is checked for 2027-01-04T08:00:00Z: renew it"));
}

TEST(VerifyLeafTest, RefusesOneFromTheFuture) {
  const CertificateAuthority ca =
      *CertificateAuthority::Create("Nordwind", kNow - absl::Hours(1));
  EXPECT_THAT(
      VerifyLeaf(NewLeaf(ca), ca.cert_pem(),
                 kNow - kIssueBackdate - absl::Seconds(1)),
      Fails(kFailed, "certificate of S014 is valid from 2026-10-21T08:00:00Z"));
}

TEST(VerifyLeafTest, RefusesAnExpiredCa) {
  const CertificateAuthority ca = NewCa();
  const absl::Time end = kNow + kCaLifetime;
  const absl::Time last = end - absl::Seconds(1);
  const std::string leaf = *ca.IssueBranch(
      *MakeCertificateRequest(*TlsKey::Generate(), "S014"), "S014", 1, last);
  EXPECT_THAT(VerifyLeaf(leaf, ca.cert_pem(), last), IsOk());
  EXPECT_THAT(VerifyLeaf(leaf, ca.cert_pem(), end),
              Fails(kFailed,
                    "certificate of Branchline Nordwind CA expired at "
                    "2046-11-20T08:00:00Z, it is checked for "
                    "2046-11-20T08:00:00Z: the hub needs a new CA"));
}

// The other CA has the same name: only the key differs.
TEST(VerifyLeafTest, RefusesOneOfAnotherCa) {
  EXPECT_THAT(VerifyLeaf(NewLeaf(NewCa()), NewCa().cert_pem(), kNow),
              Fails(kUnauthenticated,
                    "certificate of S014 is not one of the "
                    "CA Branchline Nordwind CA ("));
}

// Wrong and expired: wrong wins, or an expired forgery would be renewed.
TEST(VerifyLeafTest, SaysNotOursBeforeExpired) {
  EXPECT_THAT(VerifyLeaf(NewLeaf(NewCa()), NewCa().cert_pem(),
                         kNow + 2 * kLeafLifetime),
              Fails(kUnauthenticated, "is not one of the CA"));
}

TEST(VerifyLeafTest, RefusesASelfSignedOne) {
  EXPECT_THAT(VerifyLeaf(OddLeaf("S014", {"branchline://branch/S014/epoch/1"}),
                         NewCa().cert_pem(), kNow),
              Fails(kUnauthenticated, "is not one of the CA"));
}

TEST(VerifyLeafTest, RefusesAChangedOne) {
  const CertificateAuthority ca = NewCa();
  std::string der = *DecodePem(NewLeaf(ca), kPemCertificate, "it");
  der.replace(der.find("S014/epoch/1"), 12, "S014/epoch/2");
  const std::string changed = EncodePem(der, kPemCertificate);
  EXPECT_EQ(ParseBranchLeaf(changed)->epoch, 2);
  EXPECT_THAT(VerifyLeaf(changed, ca.cert_pem(), kNow),
              Fails(kUnauthenticated, "certificate signature failure"));
  // Also when it has expired.
  EXPECT_THAT(VerifyLeaf(changed, ca.cert_pem(), kNow + 2 * kLeafLifetime),
              Fails(kUnauthenticated, "certificate signature failure"));
}

// A branch must not be able to sign leaves with its own.
TEST(VerifyLeafTest, RefusesALeafAsCa) {
  const CertificateAuthority ca = NewCa();
  const TlsKey key = *TlsKey::Generate();
  const std::string own =
      *ca.IssueBranch(*MakeCertificateRequest(key, "S014"), "S014", 1, kNow);
  const identity_internal::UniqueX509 issuer =
      *identity_internal::ReadCertificate(own, "it");
  CertificateFields fields;
  fields.common_name = "S015";
  fields.not_before = kNow;
  fields.not_after = kNow + kLeafLifetime;
  fields.public_key = key.handle();
  fields.basic_constraints = "critical,CA:FALSE";
  fields.key_usage = "critical,digitalSignature";
  const std::string forged = identity_internal::WriteCertificate(
      identity_internal::BuildCertificate(fields, issuer.get(), key.handle())
          ->get());
  EXPECT_THAT(VerifyLeaf(forged, own, kNow),
              Fails(kUnauthenticated, "is not one of the CA"));
  EXPECT_THAT(VerifyLeaf(forged, ca.cert_pem(), kNow),
              Fails(kUnauthenticated, "is not one of the CA"));
}

TEST(VerifyLeafTest, RefusesTheCaAsALeaf) {
  const CertificateAuthority ca = NewCa();
  EXPECT_THAT(VerifyLeaf(ca.cert_pem(), ca.cert_pem(), kNow),
              Fails(kInvalid, "Branchline Nordwind CA is a CA, want a leaf"));
}

TEST(VerifyLeafTest, RefusesWhatIsNoCertificate) {
  const CertificateAuthority ca = NewCa();
  EXPECT_THAT(VerifyLeaf("", ca.cert_pem(), kNow),
              Fails(kInvalid, "reading the certificate: no PEM block"));
  EXPECT_THAT(VerifyLeaf(NewLeaf(ca), "", kNow),
              Fails(kInvalid, "reading the CA: no PEM block"));
}

TEST(RenewalDueTest, FromAThirdOfItsLife) {
  const absl::Time to = kNow + absl::Hours(24 * 45);
  const absl::Time third = kNow + absl::Hours(24 * 15);
  const absl::Time from = kNow - kIssueBackdate;
  EXPECT_FALSE(RenewalDue(from, to, kNow - absl::Hours(1)));
  EXPECT_FALSE(RenewalDue(from, to, kNow));
  EXPECT_FALSE(RenewalDue(from, to, third - absl::Seconds(1)));
  EXPECT_TRUE(RenewalDue(from, to, third));
  EXPECT_TRUE(RenewalDue(from, to, to));
  EXPECT_TRUE(RenewalDue(from, to, to + absl::Hours(1)));
}

TEST(CaHashTest, IsOfTheDer) {
  const CertificateAuthority ca = NewCa();
  const std::string der = *DecodePem(ca.cert_pem(), kPemCertificate, "it");
  EXPECT_EQ(*CaHash(ca.cert_pem()), Hex(Sha256(der)));
  EXPECT_THAT(CheckCaHash(ca.cert_pem(), ca.hash()), IsOk());
}

TEST(CaHashTest, RefusesTheCaOfAnotherHub) {
  EXPECT_THAT(CheckCaHash(NewCa().cert_pem(), NewCa().hash()),
              Fails(kUnauthenticated, "nothing was sent"));
  EXPECT_THAT(CheckCaHash("", NewCa().hash()), Fails(kInvalid, "no PEM block"));
}

// Else a TLS library that is given the checked text would trust both.
TEST(CaHashTest, RefusesASecondCaBehindTheFirst) {
  const std::string both = absl::StrCat(NewCa().cert_pem(), NewCa().cert_pem());
  EXPECT_THAT(CaHash(both), Fails(kInvalid, "more follows after the first"));
}

}  // namespace
}  // namespace branchline
