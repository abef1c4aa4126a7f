#include "sync/base/bytes.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace branchline {
namespace {

using U128 = unsigned __int128;

constexpr __int128 kMax128 = static_cast<__int128>(~U128{0} >> 1);
constexpr __int128 kMin128 = -kMax128 - 1;

TEST(FixedWidthTest, BigEndianAndBack) {
  std::string bytes;
  AppendU64(&bytes, 0x0102030405060708);
  AppendU32(&bytes, 0xfffefdfc);
  EXPECT_EQ(Hex(bytes), "0102030405060708fffefdfc");
  for (const uint64_t value :
       {uint64_t{0}, uint64_t{255}, uint64_t{256}, uint64_t{1} << 63,
        std::numeric_limits<uint64_t>::max()}) {
    std::string key;
    AppendU64(&key, value);
    EXPECT_EQ(U64FromBytes(key), value);
  }
  for (const uint32_t value :
       {uint32_t{0}, uint32_t{255}, uint32_t{1} << 31, uint32_t{0xffffffff}}) {
    std::string key;
    AppendU32(&key, value);
    EXPECT_EQ(U32FromBytes(key), value);
  }
}

TEST(FixedWidthTest, KeysSortAsTheirNumbers) {
  std::string before;
  for (const uint64_t value :
       {uint64_t{0}, uint64_t{127}, uint64_t{128}, uint64_t{65535},
        uint64_t{65536}, ~uint64_t{0}}) {
    std::string key;
    AppendU64(&key, value);
    EXPECT_LT(before, key) << value;
    before = key;
  }
}

TEST(FixedWidthDeathTest, RefusesAnotherLength) {
  EXPECT_DEATH(U64FromBytes("1234567"), "a u64 has 8 bytes");
  EXPECT_DEATH(U32FromBytes("12345"), "a u32 has 4 bytes");
}

TEST(HexTest, LowerCaseAndShort) {
  EXPECT_EQ(Hex(""), "");
  EXPECT_EQ(Hex(absl::string_view("\x00\xAB\xff", 3)), "00abff");
  EXPECT_EQ(ShortHex("\xAB\x12\xCD\x34\x56"), "ab12cd34...");
  EXPECT_EQ(ShortHex("\xAB"), "ab...");
}

// Both ends of every length, and their neighbours.
std::vector<__int128> Varints() {
  std::vector<__int128> values = {0, 1, -1, kMax128, kMin128, kMin128 + 1};
  for (int bit = 6; bit < 127; ++bit) {
    const __int128 edge = static_cast<__int128>(1) << bit;
    for (const __int128 near : {edge - 1, edge, edge + 1}) {
      values.push_back(near);
      values.push_back(-near);
    }
  }
  return values;
}

TEST(Varint128Test, RoundTrips) {
  for (const __int128 value : Varints()) {
    std::string bytes;
    AppendVarint128(&bytes, value);
    EXPECT_GE(bytes.size(), 1u);
    EXPECT_LE(bytes.size(), 19u);
    const std::string with_tail = bytes + "tail";
    absl::string_view rest = with_tail;
    __int128 back = 0;
    ASSERT_TRUE(TakeVarint128(&rest, &back)) << Hex(bytes);
    EXPECT_TRUE(back == value) << Hex(bytes);
    EXPECT_EQ(rest, "tail") << Hex(bytes);
  }
}

TEST(Varint128Test, KnownForms) {
  const auto form = [](__int128 value) {
    std::string bytes;
    AppendVarint128(&bytes, value);
    return Hex(bytes);
  };
  EXPECT_EQ(form(0), "00");
  EXPECT_EQ(form(-1), "01");
  EXPECT_EQ(form(1), "02");
  EXPECT_EQ(form(63), "7e");
  EXPECT_EQ(form(-64), "7f");
  EXPECT_EQ(form(64), "8001");
  EXPECT_EQ(form(kMax128), "feffffffffffffffffffffffffffffffffff03");
  EXPECT_EQ(form(kMin128), "ffffffffffffffffffffffffffffffffffff03");
}

TEST(Varint128Test, ReadsSeveralInARow) {
  std::string bytes;
  for (const __int128 value : Varints()) AppendVarint128(&bytes, value);
  absl::string_view rest = bytes;
  for (const __int128 value : Varints()) {
    __int128 back = 0;
    ASSERT_TRUE(TakeVarint128(&rest, &back));
    EXPECT_TRUE(back == value);
  }
  EXPECT_TRUE(rest.empty());
}

TEST(Varint128Test, RefusesEveryCut) {
  for (const __int128 value : Varints()) {
    std::string bytes;
    AppendVarint128(&bytes, value);
    for (size_t size = 0; size < bytes.size(); ++size) {
      const absl::string_view cut(bytes.data(), size);
      absl::string_view rest = cut;
      __int128 back = 42;
      EXPECT_FALSE(TakeVarint128(&rest, &back)) << Hex(cut);
      EXPECT_EQ(rest, cut);
      EXPECT_TRUE(back == 42);
    }
  }
}

struct RefuseCase {
  const char* name;
  std::string bytes;
};

class Varint128Refuses : public ::testing::TestWithParam<RefuseCase> {};

TEST_P(Varint128Refuses, AndTakesNothing) {
  absl::string_view rest = GetParam().bytes;
  __int128 back = 42;
  EXPECT_FALSE(TakeVarint128(&rest, &back));
  EXPECT_EQ(rest, GetParam().bytes);
  EXPECT_TRUE(back == 42);
}

INSTANTIATE_TEST_SUITE_P(
    Forms, Varint128Refuses,
    ::testing::ValuesIn(std::vector<RefuseCase>{
        {"Empty", ""},
        {"ZeroInTwoBytes", std::string("\x80\x00", 2)},
        {"OneInThreeBytes", std::string("\x82\x80\x00", 3)},
        {"Bit128", std::string(18, '\xff') + '\x04'},
        {"Bit132", std::string(18, '\xff') + '\x40'},
        {"NineteenAndMore", std::string(19, '\xff') + '\x00'},
        {"Endless", std::string(1'000, '\xff')},
    }),
    [](const auto& param) { return std::string(param.param.name); });

}  // namespace
}  // namespace branchline
