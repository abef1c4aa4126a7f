// Packed sums.

#include "sync/ledger/cell.h"

#include <limits>

#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

TEST(CellTest, AddsFieldByFieldInAnyOrder) {
  Cell a;
  a.Add("net", 5);
  a.Add("lines", 1);
  Cell b;
  b.Add("net", -7);
  b.Add("discount", 2);
  Cell ab = a;
  ab.Merge(b);
  Cell ba = b;
  ba.Merge(a);
  EXPECT_EQ(ab.Encode(), ba.Encode());
  EXPECT_EQ(ab.Get("net"), -2);
  EXPECT_EQ(ab.Get("lines"), 1);
  EXPECT_EQ(ab.Get("none"), 0);
}

TEST(CellTest, SumsBeyond64BitsAreKeptAndNarrowedWithACheck) {
  Cell cell;
  for (int i = 0; i < 4; ++i) cell.Add("net", kMax);
  Cell read;
  ASSERT_THAT(Cell::Decode(cell.Encode(), &read), IsOk());
  EXPECT_EQ(read.Get("net"), static_cast<__int128>(kMax) * 4);
  EXPECT_THAT(Narrow(read.Get("net"), "net"),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("net")));
  read.Add("net", -static_cast<__int128>(kMax) * 3);
  EXPECT_EQ(*Narrow(read.Get("net"), "net"), kMax);
}

TEST(CellTest, ZeroFieldsAreNotWritten) {
  Cell cell;
  cell.Add("net", 5);
  cell.Add("net", -5);
  EXPECT_EQ(cell.Encode(), "");
}

TEST(CellTest, DamagedBytesAreRefusedWhereverTheyAreCut) {
  Cell cell;
  cell.Add("lines", 300);
  cell.Add("net", -1'000'000);
  const std::string whole = cell.Encode();
  Cell first_field_only;
  first_field_only.Add("lines", 300);
  for (size_t size = 1; size < whole.size(); ++size) {
    if (size == first_field_only.Encode().size()) continue;  // a whole cell
    Cell read;
    EXPECT_THAT(Cell::Decode(whole.substr(0, size), &read),
                StatusIs(absl::StatusCode::kDataLoss, HasSubstr("cell")))
        << size;
  }
  std::string swapped = first_field_only.Encode();
  swapped.insert(0, whole.substr(swapped.size()));
  Cell read;
  EXPECT_THAT(Cell::Decode(swapped, &read),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("order")));
}

}  // namespace
}  // namespace branchline
