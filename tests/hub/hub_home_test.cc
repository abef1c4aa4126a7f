// The hub's data directory: set up once, refused when it is not one.

#include "hub/enrol/hub_home.h"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "hub/hub_books.h"
#include "sync/identity/certificate.h"
#include "sync/identity/secret_file.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

class HubHomeTest : public ::testing::Test {
 protected:
  HubHomeTest() {
    std::string pattern = ::testing::TempDir() + "hubXXXXXX";
    dir = std::string(mkdtemp(pattern.data())) + "/hub";
  }
  ~HubHomeTest() override {
    std::filesystem::remove_all(std::filesystem::path(dir).parent_path());
  }

  void Write(const std::string& name, absl::string_view text) {
    ASSERT_THAT(WriteSecretFile(dir + "/" + name, text), IsOk());
  }

  FakeClock clock;
  std::string dir;
};

TEST_F(HubHomeTest, IsSetUpOnceAndFoundAgain) {
  const HubHome home(dir);
  ASSERT_THAT(home.Init("Acme", clock), IsOk());
  const auto first = home.Load(clock);
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(first->chain_name, "Acme");
  EXPECT_THAT(VerifyLeaf(first->tls_certificate_pem, first->ca.cert_pem(),
                         clock.WallNow()),
              IsOk());
  const auto again = home.Load(clock);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->ca.hash(), first->ca.hash());
  EXPECT_EQ(again->journal_key.public_key(), first->journal_key.public_key());
  EXPECT_THAT(
      home.Init("Acme", clock),
      StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("was set up in")));
}

TEST_F(HubHomeTest, SecretsAreForTheOwnerOnly) {
  const HubHome home(dir);
  ASSERT_THAT(home.Init("Acme", clock), IsOk());
  for (const char* name :
       {"/identity/ca.key", "/identity/journal.key", "/identity/tls.key"}) {
    struct stat info;
    ASSERT_EQ(stat((dir + name).c_str(), &info), 0) << name;
    EXPECT_EQ(info.st_mode & 0777, 0600u) << name;
  }
  chmod((dir + "/identity/ca.key").c_str(), 0644);
  EXPECT_THAT(home.Load(clock), StatusIs(absl::StatusCode::kFailedPrecondition,
                                         HasSubstr("chmod 600")));
}

TEST_F(HubHomeTest, ItsCertificateIsNewAtEveryStart) {
  const HubHome home(dir);
  ASSERT_THAT(home.Init("Acme", clock), IsOk());
  ASSERT_THAT(home.Load(clock), IsOk());
  clock.Advance(absl::Hours(24 * 40));
  const auto later = home.Load(clock);
  ASSERT_THAT(later, IsOk());
  EXPECT_THAT(VerifyLeaf(later->tls_certificate_pem, later->ca.cert_pem(),
                         clock.WallNow() + absl::Hours(24 * 44)),
              IsOk());
}

TEST_F(HubHomeTest, ASetUpThatWasCutShortIsFinished) {
  const HubHome home(dir);
  ASSERT_THAT(home.Init("Acme", clock), IsOk());
  const std::string hash = home.Load(clock)->ca.hash();
  std::filesystem::remove(dir + "/identity/chain");
  EXPECT_THAT(home.Load(clock), StatusIs(absl::StatusCode::kNotFound,
                                         HasSubstr("branchline hub init")));
  ASSERT_THAT(home.Init("Acme", clock), IsOk());
  EXPECT_EQ(home.Load(clock)->ca.hash(), hash);
}

TEST_F(HubHomeTest, ABadNameLeavesNothingBehind) {
  EXPECT_THAT(HubHome(dir).Init("", clock),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("")));
  EXPECT_THAT(HubHome(dir).Init("Acme", clock), IsOk());
}

struct RefuseCase {
  const char* name;
  const char* file;
  const char* text;
  absl::StatusCode code;
  const char* message;
};

class HubHomeRefuses : public HubHomeTest,
                       public ::testing::WithParamInterface<RefuseCase> {};

TEST_P(HubHomeRefuses, InPlainWords) {
  ASSERT_THAT(HubHome(dir).Init("Acme", clock), IsOk());
  Write(GetParam().file, GetParam().text);
  EXPECT_THAT(HubHome(dir).Load(clock),
              StatusIs(GetParam().code, HasSubstr(GetParam().message)));
}

INSTANTIATE_TEST_SUITE_P(
    Files, HubHomeRefuses,
    ::testing::ValuesIn(std::vector<RefuseCase>{
        {"AnEdgesDirectory", "FORMAT", "branchline edge 1\n",
         absl::StatusCode::kFailedPrecondition,
         "is not a hub's data directory: its FORMAT file says 'branchline edge "
         "1'"},
        {"ANewerVersion", "FORMAT", "branchline hub 2\n",
         absl::StatusCode::kFailedPrecondition,
         "written by a newer branchline-hub (format 2, this program knows 1)"},
        {"Nonsense", "FORMAT", "hello", absl::StatusCode::kFailedPrecondition,
         "says 'hello'"},
        {"DamagedKey", "identity/journal.key", "x", absl::StatusCode::kDataLoss,
         "journal.key is damaged or missing"},
        {"DamagedCa", "identity/ca.crt", "x", absl::StatusCode::kDataLoss,
         "ca.crt is damaged or missing"},
    }),
    [](const auto& info) { return std::string(info.param.name); });

TEST_F(HubHomeTest, NothingThere) {
  EXPECT_THAT(
      HubHome(dir).Load(clock),
      StatusIs(absl::StatusCode::kNotFound, HasSubstr("branchline hub init")));
  std::filesystem::create_directories(dir + "/ledger");
  chmod(dir.c_str(), 0700);
  EXPECT_THAT(HubHome(dir).Init("Acme", clock),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("no FORMAT file")));
}

// On the real disk.
TEST_F(HubHomeTest, BooksAreHeldByOneProcessAndReadByMany) {
  ASSERT_THAT(HubHome(dir).Init("Acme", clock), IsOk());
  SeededRandom random(1);
  auto books = HubBooks::Open({dir}, &clock, &random);
  ASSERT_THAT(books, IsOk());
  v1::AddBranchRequest add;
  add.mutable_branch()->set_code("S001");
  add.mutable_branch()->set_name("First");
  add.mutable_branch()->set_time_zone("Europe/London");
  add.mutable_branch()->set_currency("GBP");
  ASSERT_THAT((*books)->admin().AddBranch(add), IsOk());
  EXPECT_THAT(
      HubBooks::Open({dir}, &clock, &random),
      StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("in use")));
  auto reader = HubBooks::Open({dir, true}, &clock, &random);
  ASSERT_THAT(reader, IsOk());
  EXPECT_EQ((*reader)->store().ReadBranches()->size(), 1u);
  reader->reset();
  books->reset();
  books = HubBooks::Open({dir}, &clock, &random);
  ASSERT_THAT(books, IsOk());
  EXPECT_THAT(
      (*books)->verified(),
      ::testing::Contains(HasSubstr("chain ends at epoch 1, record 1")));
}

}  // namespace
}  // namespace branchline
