#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "devices/barcode/gs1.h"
#include "devices/barcode/measure_rules.h"
#include "devices/barcode/scan_code.h"
#include "sync/base/check_digit.h"
#include "sync/base/gtin.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

constexpr absl::CivilDay kToday(2026, 11, 21);

TEST(GtinTest, AllFormsOfAnItemAreOne) {
  EXPECT_EQ(*NormaliseGtin("4006381333931"), "04006381333931");
  EXPECT_EQ(*NormaliseGtin("96385074"), "00000096385074");
  EXPECT_EQ(*NormaliseGtin("036000291452"), "00036000291452");
  EXPECT_EQ(*NormaliseGtin("0036000291452"), "00036000291452");
  EXPECT_EQ(*NormaliseGtin("10036000291459"), "10036000291459");
}

struct BadGtin {
  const char* code;
  const char* message;
};
class BadGtinTest : public ::testing::TestWithParam<BadGtin> {};

TEST_P(BadGtinTest, IsRefused) {
  EXPECT_THAT(NormaliseGtin(GetParam().code),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr(GetParam().message)));
}

INSTANTIATE_TEST_SUITE_P(
    Rules, BadGtinTest,
    ::testing::Values(
        BadGtin{"", "0 characters"}, BadGtin{"4006381333932", "want 1; scan"},
        BadGtin{"400638133393", "want "}, BadGtin{"40063813339311", "want "},
        BadGtin{"123456789", "9 characters"}, BadGtin{"0000000000000", "zeros"},
        BadGtin{"400638133393a", "of digits"}));

// Pairs from GS1's general specifications and other projects' tests.
TEST(UpcETest, IsExpanded) {
  const std::vector<std::pair<std::string, std::string>> pairs = {
      {"01234505", "012000003455"}, {"01234531", "012300000451"},
      {"01234543", "012340000053"}, {"01234558", "012345000058"},
      {"425261", "042100005264"},   {"1234505", "123456000006"},
  };
  for (const auto& [upc_e, upc_a] : pairs) {
    const auto expanded = ExpandUpcE(upc_e);
    ASSERT_THAT(expanded, IsOk()) << upc_e;
    EXPECT_TRUE(HasGs1CheckDigit(*expanded)) << *expanded;
    if (upc_e.size() != 7) {
      EXPECT_EQ(*expanded, upc_a) << upc_e;
    }
  }
  for (const char* const bad : {"01234506", "21234505", "12345", "0123450a"}) {
    EXPECT_THAT(ExpandUpcE(bad),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(bad)));
  }
}

std::string Show(const absl::StatusOr<std::vector<Gs1Element>>& elements) {
  if (!elements.ok()) return std::string(elements.status().message());
  return absl::StrJoin(
      *elements, "", [](std::string* out, const Gs1Element& element) {
        absl::StrAppend(out, "(", element.ai, ")", element.value);
      });
}

struct Gs1Case {
  const char* name;
  std::string bytes;
  std::string shown;  // or a part of the error
};
class Gs1Test : public ::testing::TestWithParam<Gs1Case> {};

TEST_P(Gs1Test, IsReadOrRefused) {
  EXPECT_THAT(Show(ParseGs1(GetParam().bytes)), HasSubstr(GetParam().shown));
}

INSTANTIATE_TEST_SUITE_P(
    Strings, Gs1Test,
    ::testing::ValuesIn(std::vector<Gs1Case>{
        {"Gtin", "0104006381333931", "(01)04006381333931"},
        {"FixedNeedNoSeparator", "010400638133393117261130310300125010LOT7",
         "(01)04006381333931(17)261130(3103)001250(10)LOT7"},
        {"Separator",
         "\x1D"
         "10LOT7\x1D"
         "21S1",
         "(10)LOT7(21)S1"},
        {"SeparatorAfterFixed",
         "17261130\x1D"
         "10A",
         "(17)261130(10)A"},
        {"Price",
         "0104006381333931392212\x1D"
         "99x",
         "(01)04006381333931(3922)12(99)x"},
        {"LastOfMonth", "17261100", "(17)261100"},
        {"Empty", "", "nothing in it"},
        {"OnlySeparator", "\x1D", "nothing in it"},
        {"Unknown", "8999123", "(8999): not an identifier"},
        {"CutGtin", "010400638133393", "(01): 13 characters, want 14 to 14"},
        {"CheckDigit", "0104006381333932", "(01): the check digit"},
        {"LongLot", "10" + std::string(21, 'A'), "(10): 21 characters"},
        {"LongestLot", "10" + std::string(20, 'A'), "(10)AAAA"},
        {"EmptyLot",
         "10\x1D"
         "21A",
         "(10): 0 characters"},
        {"NoDate", "17261330", "(17): '261330' is no date"},
        {"NoDay", "17260230", "(17): '260230' is no date"},
        {"LettersInDate", "1726AB30", "is not of digits"},
        {"BadCharacter", "10A^B", "does not allow"},
        {"LongPieces", "30123456789", "(30): 9 characters"},
        {"CutIdentifier", "310", "(310): not an identifier"},
        {"TooLong", std::string(513, '1'), "at most 512"},
    }),
    [](const auto& param) { return std::string(param.param.name); });

INSTANTIATE_TEST_SUITE_P(None, BadGtinTest,
                         ::testing::Values(BadGtin{"4006381 33931", "digits"}));

class LinkCaseTest : public ::testing::TestWithParam<Gs1Case> {};

TEST_P(LinkCaseTest, IsReadOrRefused) {
  EXPECT_THAT(Show(ParseDigitalLink(GetParam().bytes)),
              HasSubstr(GetParam().shown));
}

INSTANTIATE_TEST_SUITE_P(
    Links, LinkCaseTest,
    ::testing::ValuesIn(std::vector<Gs1Case>{
        {"Gtin", "https://id.gs1.org/01/04006381333931", "(01)04006381333931"},
        {"ShortGtin", "https://example.com/01/4006381333931",
         "(01)04006381333931"},
        {"Qualifiers",
         "https://example.com/shop/01/04006381333931/10/A%2FB/21/7?17=261130"
         "&linkType=all&3103=001250#top",
         "(01)04006381333931(10)A/B(21)7(17)261130(3103)001250"},
        {"NoGtin", "https://example.com/tea", "want https://host/01/GTIN"},
        {"NotALink", "ftp://example.com/01/04006381333931", "want https"},
        {"CheckDigit", "https://example.com/01/04006381333932",
         "the check digit"},
        {"BrokenPercent", "https://example.com/01/04006381333931/10/A%2",
         "broken %"},
        {"BrokenHex", "https://example.com/01/04006381333931/10/A%zz",
         "broken %"},
        {"NoValue", "https://example.com/01/", "want 14 to 14"},
        {"UnknownKey", "https://example.com/01/04006381333931/zz/1",
         "not an identifier"},
    }),
    [](const auto& param) { return std::string(param.param.name); });

TEST(ReadGs1Test, TellsWhatATillNeeds) {
  const auto content =
      ReadGs1(*ParseGs1("0104006381333931172611003103001250392212\x1D"
                        "10LOT7\x1D"
                        "21S1"),
              kToday);
  ASSERT_THAT(content, IsOk());
  EXPECT_EQ(content->gtin, "04006381333931");
  EXPECT_EQ(content->quantity_milli, 1'250);
  EXPECT_TRUE(content->quantity_is_weight);
  EXPECT_EQ(content->price_minor, 12);
  EXPECT_EQ(content->price_digits, 2);
  EXPECT_EQ(content->lot, "LOT7");
  EXPECT_EQ(content->serial, "S1");
  EXPECT_EQ(content->expiry, absl::CivilDay(2026, 11, 30));
}

TEST(ReadGs1Test, WeightsAreThousandths) {
  const auto weight = [](const char* bytes) {
    return ReadGs1(*ParseGs1(bytes), kToday);
  };
  EXPECT_EQ(weight("3100000002")->quantity_milli, 2'000);
  EXPECT_EQ(weight("3102000125")->quantity_milli, 1'250);
  EXPECT_EQ(weight("3104012500")->quantity_milli, 1'250);
  EXPECT_EQ(weight("3012")->quantity_milli, 12'000);
  EXPECT_THAT(weight("3104012501"), StatusIs(absl::StatusCode::kInvalidArgument,
                                             HasSubstr("finer than a gram")));
  EXPECT_THAT(
      weight("31030012503103001251"),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("contradicts")));
}

TEST(ReadGs1Test, TheCenturyIsTheNearest) {
  const auto expiry = [](const char* yymmdd) {
    return *ReadGs1({{"17", yymmdd}}, kToday)->expiry;
  };
  EXPECT_EQ(expiry("760101"), absl::CivilDay(2076, 1, 1));
  EXPECT_EQ(expiry("770101"), absl::CivilDay(1977, 1, 1));
  EXPECT_EQ(expiry("991231"), absl::CivilDay(1999, 12, 31));
  EXPECT_EQ(expiry("280200"), absl::CivilDay(2028, 2, 29));
  EXPECT_EQ(expiry("270229"), absl::CivilDay(2027, 2, 28));
}

MeasureRules Rules() {
  return *MeasureRules::Make({{"21iiiiivvvvvc", MeasureKind::kWeight, 3},
                              {"23iiiiivvvvvc", MeasureKind::kPrice, 2},
                              {"24iiiiivvvvvc", MeasureKind::kWeight, 2},
                              {"28iiiiipvvvvc", MeasureKind::kPrice, 2},
                              {"29iiiiivvvvvc", MeasureKind::kPieces, 0}});
}

std::string WithCheck(std::string body) {
  body.push_back(Gs1CheckDigit(body));
  return body;
}

TEST(MeasureRulesTest, ReadsWeightPriceAndPieces) {
  const auto weight = Rules().Read("2112345015002");
  ASSERT_THAT(weight, IsOk());
  ASSERT_TRUE(weight->has_value());
  EXPECT_EQ((*weight)->item, "12345");
  EXPECT_EQ((*weight)->kind, MeasureKind::kWeight);
  EXPECT_EQ((*weight)->value, 1'500);
  EXPECT_EQ((*Rules().Read(WithCheck("231234501999")))->value, 1'999);
  EXPECT_EQ((*Rules().Read(WithCheck("241234500125")))->value, 1'250);
  EXPECT_EQ((*Rules().Read(WithCheck("291234500012")))->value, 12'000);
}

TEST(MeasureRulesTest, ChecksItsTwoDigits) {
  EXPECT_THAT(
      Rules().Read("2112345015003"),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("check digit")));
  // The verifier of 2875 is 9: GS1 General Specifications' own example.
  EXPECT_EQ(PriceVerifier("2875"), '9');
  EXPECT_EQ((*Rules().Read(WithCheck("281234592875")))->value, 2'875);
  EXPECT_THAT(Rules().Read(WithCheck("281234582875")),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("verifier of 2875")));
}

TEST(MeasureRulesTest, LeavesOtherCodesAlone) {
  EXPECT_FALSE(Rules().Read("4006381333931")->has_value());
  EXPECT_FALSE(Rules().Read("21")->has_value());
  EXPECT_FALSE(Rules().Read("21123450150a2")->has_value());
}

TEST(MeasureRulesTest, RefusesRulesThatMakeNoSense) {
  for (const char* const pattern :
       {"", "21iiiiivvvvv", "21iiiiivvvvvv", "2xiiiiivvvvvc", "21iiiiiiiiiic",
        "21ivvvvvvvvvc", "21iiiipvvvvvc", "c1iiiiivvvvvc"}) {
    EXPECT_THAT(MeasureRules::Make({{pattern, MeasureKind::kWeight, 3}}),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         HasSubstr("want 13 or 18 places")));
  }
  EXPECT_FALSE(
      MeasureRules::Make({{"21iiiiivvvvvc", MeasureKind::kWeight, 5}}).ok());
  EXPECT_FALSE(
      MeasureRules::Make(std::vector<MeasureRule>(101, {"21iiiiivvvvvc"}))
          .ok());
}

struct ScanCase {
  const char* name;
  std::string scan;
  ScanCode::Kind kind;
  std::string gtin;
};
class ReadScanTest : public ::testing::TestWithParam<ScanCase> {};

TEST_P(ReadScanTest, IsWhatItSays) {
  const auto code = ReadScan(GetParam().scan, Rules(), kToday);
  ASSERT_THAT(code, IsOk());
  EXPECT_EQ(code->kind, GetParam().kind);
  EXPECT_EQ(code->content.gtin, GetParam().gtin);
}

using Kind = ScanCode::Kind;
INSTANTIATE_TEST_SUITE_P(
    Kinds, ReadScanTest,
    ::testing::ValuesIn(std::vector<ScanCase>{
        {"Ean13", "]E04006381333931", Kind::kGtin, "04006381333931"},
        {"Ean8", "]E496385074", Kind::kGtin, "00000096385074"},
        {"UpcE", "]E001234505", Kind::kGtin, "00012000003455"},
        {"AddOn", "]E3978020137962412345", Kind::kGtin, "09780201379624"},
        {"Bare", "4006381333931", Kind::kGtin, "04006381333931"},
        {"BareBadCheck", "4006381333932", Kind::kOther, ""},
        {"Weight", "]E02112345015002", Kind::kMeasure, ""},
        {"BareWeight", "2112345015002", Kind::kMeasure, ""},
        {"Gs1", "]C10104006381333931310300125010A", Kind::kGtin,
         "04006381333931"},
        {"DataBar", "]e00104006381333931", Kind::kGtin, "04006381333931"},
        {"Gs1WithoutGtin", "]C110LOT", Kind::kOther, ""},
        {"QrLink", "]Q1https://example.com/01/04006381333931", Kind::kGtin,
         "04006381333931"},
        {"QrAdvertisement", "]Q1https://example.com/tea", Kind::kOther, ""},
        {"Member", "]C0M-0417", Kind::kOther, ""},
        {"Wallet", "134567890123456789", Kind::kOther, ""},
        {"Empty", "", Kind::kOther, ""},
        {"OnlyAim", "]E0", Kind::kOther, ""},
    }),
    [](const auto& param) { return std::string(param.param.name); });

TEST(ReadScanTest, WhatASymbologyPromisesIsHeld) {
  for (const char* const bad :
       {"]E04006381333932", "]E02112345015003", "]C10104006381333932",
        "]E4abcdefgh", "]d28999"}) {
    EXPECT_EQ(ReadScan(bad, Rules(), kToday).status().code(),
              absl::StatusCode::kInvalidArgument)
        << bad;
  }
}

// Codes of real goods: set the variable to a folder with gtin_dev.csv and
// bad_codes_dev.csv (Open Food Facts, ODbL), the code in the first column.
TEST(GtinTest, RealCodes) {
  const char* const folder = std::getenv("BRANCHLINE_GTIN_DIR");
  // 21,000 rows of another project's licence: they are not in this tree.
  if (folder == nullptr) GTEST_SKIP() << "BRANCHLINE_GTIN_DIR is not set";
  const auto count = [folder](const char* name, bool want_ok) {
    std::ifstream file(absl::StrCat(folder, "/", name));
    std::string line;
    std::getline(file, line);
    int lines = 0;
    for (; std::getline(file, line); ++lines) {
      const std::string code = line.substr(0, line.find(','));
      const auto gtin = NormaliseGtin(code);
      EXPECT_EQ(gtin.ok(), want_ok) << code << " " << gtin.status();
    }
    return lines;
  };
  EXPECT_GT(count("gtin_dev.csv", true), 20'000);
  EXPECT_GT(count("bad_codes_dev.csv", false), 1'000);
}

}  // namespace
}  // namespace branchline
