#include "edge/pricing/price_choice.h"

#include "edge/pricing/scan_line.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

absl::TimeZone Zone(const char* name) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(name, &zone));
  return zone;
}

PriceList List(std::string id) {
  PriceList list;
  list.id = std::move(id);
  list.version = 3;
  list.currency = "EUR";
  return list;
}

class PriceChoiceTest : public ::testing::Test {
 protected:
  PriceChoiceTest() {
    context_.currency = "EUR";
    context_.branch_groups = {"north"};
    context_.zone = Zone("Europe/Berlin");
    context_.added_at = absl::FromCivil(
        absl::CivilSecond(2026, 11, 21, 12, 0, 0), context_.zone);
  }
  std::string Chosen(std::vector<PriceCandidate> candidates) {
    const auto choice = ChoosePrice(candidates, context_);
    if (!choice.ok()) return choice.status().ToString();
    return choice->price_list_id;
  }

  PriceContext context_;
  const PriceList base_ = List("base");
};

TEST_F(PriceChoiceTest, PriorityThenLatestStartThenId) {
  PriceList newer = List("newer");
  newer.in_force.from = absl::CivilSecond(2026, 11, 1);
  PriceList twin = List("a twin");
  twin.in_force.from = newer.in_force.from;
  PriceList first = List("first");
  first.priority = 1;
  EXPECT_EQ(Chosen({{&base_, 100}, {&newer, 200}}), "newer");
  EXPECT_EQ(Chosen({{&newer, 200}, {&base_, 100}}), "newer");
  EXPECT_EQ(Chosen({{&newer, 200}, {&twin, 300}}), "a twin");
  EXPECT_EQ(Chosen({{&newer, 200}, {&first, 900}}), "first");
}

TEST_F(PriceChoiceTest, ScopesMustFit) {
  PriceList south = List("south");
  south.branch_groups = {"south"};
  PriceList dollars = List("dollars");
  dollars.currency = "USD";
  PriceList gold = List("gold");
  gold.customer_groups = {"gold"};
  EXPECT_THAT(
      Chosen({{&south, 1}, {&dollars, 1}, {&gold, 1}}),
      HasSubstr("NOT_FOUND: no price list in force has a price in EUR"));
  context_.branch_groups.push_back("south");
  EXPECT_EQ(Chosen({{&south, 1}, {&dollars, 1}}), "south");
}

TEST_F(PriceChoiceTest, MarkdownAndMemberPriceOnlyIfLower) {
  PriceList markdown = List("markdown");
  markdown.kind = PriceListKind::kMarkdown;
  PriceList gold = List("gold");
  gold.customer_groups = {"gold"};
  EXPECT_EQ(Chosen({{&base_, 100}, {&markdown, 101}}), "base");
  EXPECT_EQ(Chosen({{&base_, 100}, {&markdown, 99}}), "markdown");
  EXPECT_EQ(Chosen({{&base_, 100}, {&markdown, 99}, {&gold, 98}}), "markdown");
  context_.customer_groups = {"gold"};
  EXPECT_EQ(Chosen({{&base_, 100}, {&markdown, 99}, {&gold, 99}}), "markdown");
  const std::vector<PriceCandidate> candidates = {
      {&base_, 100}, {&markdown, 99}, {&gold, 98}};
  const auto choice = ChoosePrice(candidates, context_);
  ASSERT_THAT(choice, IsOk());
  EXPECT_EQ(choice->source, PriceSource::kMemberPrice);
  EXPECT_EQ(choice->everybody_minor_e4, 99);
  EXPECT_EQ(choice->price_book_version, 3u);
}

TEST_F(PriceChoiceTest, FlipsAtTheLocalSecond) {
  PriceList staged = List("staged");
  staged.in_force.from = absl::CivilSecond(2026, 12, 1);
  const absl::Time flip = absl::FromCivil(staged.in_force.from, context_.zone);
  context_.added_at = flip - absl::Microseconds(1);
  EXPECT_EQ(Chosen({{&base_, 100}, {&staged, 90}}), "base");
  context_.added_at = flip;
  EXPECT_EQ(Chosen({{&base_, 100}, {&staged, 90}}), "staged");
  PriceList ending = List("ending");
  ending.priority = 1;
  ending.in_force.until = staged.in_force.from;
  EXPECT_EQ(Chosen({{&base_, 100}, {&ending, 80}}), "base");
  context_.added_at = flip - absl::Microseconds(1);
  EXPECT_EQ(Chosen({{&base_, 100}, {&ending, 80}}), "ending");
}

// Clocks go back from 03:00 to 02:00: 02:30 comes twice, the price flips once.
TEST_F(PriceChoiceTest, FlipsOnceWhenClocksGoBack) {
  PriceList staged = List("staged");
  staged.in_force.from = absl::CivilSecond(2026, 10, 25, 2, 30, 0);
  const absl::Time first = context_.zone.At(staged.in_force.from).pre;
  context_.added_at = first - absl::Seconds(1);
  EXPECT_EQ(Chosen({{&base_, 100}, {&staged, 90}}), "base");
  for (int minutes = 0; minutes <= 120; minutes += 10) {
    context_.added_at = first + absl::Minutes(minutes);
    EXPECT_EQ(Chosen({{&base_, 100}, {&staged, 90}}), "staged") << minutes;
  }
}

// Clocks go from 02:00 to 03:00: 02:30 is skipped, the price flips at the jump.
TEST_F(PriceChoiceTest, FlipsAtTheJump) {
  PriceList staged = List("staged");
  staged.in_force.from = absl::CivilSecond(2026, 3, 29, 2, 30, 0);
  const absl::Time jump =
      absl::FromCivil(absl::CivilSecond(2026, 3, 29, 3, 0, 0), context_.zone);
  context_.added_at = jump - absl::Seconds(1);
  EXPECT_EQ(Chosen({{&base_, 100}, {&staged, 90}}), "base");
  context_.added_at = jump;
  EXPECT_EQ(Chosen({{&base_, 100}, {&staged, 90}}), "staged");
}

TEST_F(PriceChoiceTest, RefusesBadInput) {
  EXPECT_THAT(Chosen({{&base_, -1}}),
              HasSubstr("INVALID_ARGUMENT: price list base"));
  EXPECT_THAT(
      Chosen(std::vector<PriceCandidate>(kPriceCandidatesMax + 1, {&base_, 1})),
      HasSubstr("OUT_OF_RANGE"));
}

TEST_F(PriceChoiceTest, OverlapsAreListed) {
  PriceList later = List("later");
  later.in_force.from = absl::CivilSecond(2026, 11, 1);
  PriceList before = List("before");
  before.in_force.until = later.in_force.from;
  EXPECT_THAT(
      OverlapsOf({{{&base_, 1}, {&later, 2}, {&before, 3}}}),
      ElementsAre(HasSubstr("base and later"), HasSubstr("base and before")));
  EXPECT_THAT(OverlapsOf({{{&later, 2}, {&before, 3}}}), ElementsAre());
}

TEST(BarcodeTest, CartonHasItsOwnQuantityAndPrice) {
  BasketLine line;
  line.price.unit_price_minor_e4 = 1'200'000;
  ASSERT_THAT(ApplyBarcode({10, 999}, 2, &line), IsOk());
  EXPECT_EQ(line.quantity_milli, 20'000);
  EXPECT_EQ(line.gross_minor, 1'998);
  EXPECT_EQ(line.price.unit_price_minor_e4, 999'000);
  EXPECT_EQ(line.price.source, PriceSource::kCarton);
  EXPECT_FALSE(line.price_is_final);
}

TEST(BarcodeTest, CartonWithoutPriceIsTheBooks) {
  BasketLine line;
  line.price.unit_price_minor_e4 = 1'200'000;
  ASSERT_THAT(ApplyBarcode({10}, 1, &line), IsOk());
  EXPECT_EQ(line.quantity_milli, 10'000);
  EXPECT_EQ(line.gross_minor, std::nullopt);
}

TEST(BarcodeTest, LabelAmountIsFinal) {
  BasketLine line;
  line.price.unit_price_minor_e4 = 12'340'000;
  ASSERT_THAT(ApplyBarcode({1, {}, 567, 459}, 1, &line), IsOk());
  EXPECT_EQ(line.gross_minor, 567);
  EXPECT_EQ(line.quantity_milli, 459);
  EXPECT_TRUE(line.price_is_final);
  EXPECT_EQ(line.price.source, PriceSource::kLabel);
  EXPECT_THAT(
      ApplyBarcode({1, {}, 567}, 2, &line),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("scan each")));
  EXPECT_THAT(ApplyBarcode({1, {}, -1}, 1, &line),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("label")));
  EXPECT_THAT(
      ApplyBarcode({0}, 1, &line),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("0 pieces")));
}

}  // namespace
}  // namespace branchline
