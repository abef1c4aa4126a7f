// Who may move what.

#include "sync/ledger/account_rules.h"

#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

v1::Account Make(v1::AccountKind kind, const char* owner,
                 const char* detail = "") {
  v1::Account account;
  account.set_kind(kind);
  account.set_owner(owner);
  account.set_detail(detail);
  return account;
}

v1::Event Move(const v1::Account& source, const v1::Account& destination,
               int64_t amount = 5) {
  v1::Event event;
  event.add_units("sku:PEN");
  *event.add_accounts() = source;
  *event.add_accounts() = destination;
  v1::Posting* posting = event.add_postings();
  posting->set_destination(1);
  posting->set_amount(amount);
  return event;
}

const v1::Account kOnHand = Make(v1::ACCOUNT_KIND_ON_HAND, "S014");
const v1::Account kSold = Make(v1::ACCOUNT_KIND_SOLD, "S014");
const v1::Account kSlice = Make(v1::ACCOUNT_KIND_STOCK_SLICE, "S014");
const v1::Account kOtherSlice = Make(v1::ACCOUNT_KIND_STOCK_SLICE, "S015");
const v1::Account kIssued = Make(v1::ACCOUNT_KIND_ISSUED, "S014");
const v1::Account kHubIssued = Make(v1::ACCOUNT_KIND_ISSUED, "HUB");
const v1::Account kParcel =
    Make(v1::ACCOUNT_KIND_IN_TRANSIT, "S014", "T7>S015");

struct RuleCase {
  const char* name;
  const char* writer;
  v1::Account source;
  v1::Account destination;
  bool with_sale;
  const char* refusal;  // empty: allowed
};

class AccountRules : public ::testing::TestWithParam<RuleCase> {};

TEST_P(AccountRules, AllowOrNameTheRule) {
  v1::Event event = Move(GetParam().source, GetParam().destination);
  if (GetParam().with_sale) event.mutable_sale();
  const absl::Status status = CheckPostings(GetParam().writer, event);
  if (GetParam().refusal[0] == '\0') {
    EXPECT_THAT(status, IsOk());
  } else {
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kPermissionDenied,
                                 HasSubstr(GetParam().refusal)));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Rules, AccountRules,
    ::testing::ValuesIn(std::vector<RuleCase>{
        {"OwnOpenAccount", "S014", kOnHand, kSold, false, ""},
        {"StrangersOpenAccount", "S015", kOnHand, kSold, false,
         "S015 debits on_hand:S014, which only S014 may"},
        {"HubMayNotDebitABranchsOpenAccount", "HUB", kOnHand, kSold, false,
         "HUB debits on_hand:S014"},
        {"AnyoneCreditsAnOpenAccount", "S015",
         Make(v1::ACCOUNT_KIND_ON_HAND, "S015"), kOnHand, false, ""},
        {"StrangersFlooredAccount", "S015", kSlice, kOtherSlice, false,
         "S015 debits stock_slice:S014"},
        {"OwnSliceToAnothersSlice", "S014", kSlice, kOtherSlice, false, ""},
        {"OpenToFloored", "S014", kOnHand, kSlice, false,
         "S014 credits stock_slice:S014 from on_hand:S014, which only the hub"},
        {"IssuedToOwnSliceWithASale", "S014", kIssued, kSlice, true, ""},
        {"IssuedToOwnSliceWithoutASale", "S014", kIssued, kSlice, false,
         "which only the hub may"},
        {"IssuedToAnothersSlice", "S014", kIssued, kOtherSlice, true,
         "which only the hub may"},
        {"TheHubGrants", "HUB", kHubIssued, kSlice, false, ""},
        {"SenderCancelsAParcel", "S014", kParcel, kOnHand, false, ""},
        {"ReceiverTakesAParcel", "S015", kParcel, kOnHand, false, ""},
        {"HubClosesAParcel", "HUB", kParcel, kOnHand, false, ""},
        {"AStrangerTakesAParcel", "S016", kParcel, kOnHand, false,
         "S016 debits in_transit:S014/T7>S015"},
        {"AKindFromTheFutureIsItsOwners", "S014",
         Make(static_cast<v1::AccountKind>(99), "S014"), kSold, false, ""},
        {"AKindFromTheFutureIsNobodyElses", "S015",
         Make(static_cast<v1::AccountKind>(99), "S014"), kSold, false,
         "S015 debits kind 99:S014"},
    }),
    [](const auto& param) { return std::string(param.param.name); });

TEST(PostingShape, EachLimitIsNamed) {
  const auto refused = [](v1::Event event, const char* message) {
    EXPECT_THAT(
        CheckPostings("S014", event),
        StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(message)));
  };
  v1::Event event = Move(kOnHand, kSold);
  event.mutable_postings(0)->set_amount(0);
  refused(event, "posting 0 moves 0");
  event.mutable_postings(0)->set_amount(kPostingAmountMax + 1);
  refused(event, "posting 0 moves");
  event = Move(kOnHand, kOnHand);
  refused(event, "goes to the account it comes from");
  event = Move(kOnHand, kSold);
  event.mutable_postings(0)->set_unit(1);
  refused(event, "names unit 1 of 1");
  event = Move(kOnHand, kSold);
  event.mutable_postings(0)->set_destination(2);
  refused(event, "names account 2 of 2");
  event = Move(kOnHand, kSold);
  event.set_units(0, "");
  refused(event, "a unit has 0 bytes");
  event = Move(kOnHand, kSold);
  for (int i = 0; i < kPostingCountMax; ++i) {
    *event.add_postings() = event.postings(0);
  }
  refused(event, "event has 4001 postings, at most 4000");
  event = Move(Make(v1::ACCOUNT_KIND_UNSPECIFIED, "S014"), kSold);
  refused(event, "account kind 0");
  event = Move(Make(v1::ACCOUNT_KIND_ON_HAND, ""), kSold);
  refused(event, "has 0 bytes, want 1 to 16");
}

TEST(CheckFloorsTest, CountsAllOfAnEventEvenIfAnAccountIsListedTwice) {
  const auto holds = [](int64_t amount) {
    return [amount](const v1::Account&,
                    absl::string_view) -> absl::StatusOr<int64_t> {
      return amount;
    };
  };
  v1::Event event = Move(kSlice, kOtherSlice, 3);
  *event.add_accounts() = kSlice;
  v1::Posting* again = event.add_postings();
  *again = event.postings(0);
  again->set_source(2);
  EXPECT_TRUE(DebitsFloored(event));
  EXPECT_THAT(CheckFloors(event, holds(6)), IsOk());
  EXPECT_THAT(CheckFloors(event, holds(5)),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("stock_slice:S014 holds 5 of sku:PEN, 6 is "
                                 "asked of it")));
}

}  // namespace
}  // namespace branchline
