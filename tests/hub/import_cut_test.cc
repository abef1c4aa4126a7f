// The power goes while items and prices are imported: a call of 500 rows is in
// whole or not at all, and the same file again makes up for it.

#include <string>

#include "absl/strings/str_cat.h"
#include "hub/merge/catalogue_import.h"
#include "sync/journal/verify.h"
#include "tests/hub/test_chain.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

constexpr int kRows = 500;
constexpr int kStepsMax = 20;

// `kRows` items that are called `name` and cost `price_minor`.
v1::ImportCatalogueRequest Rows(const std::string& name, int64_t price_minor) {
  v1::ImportCatalogueRequest request;
  for (int i = 0; i < kRows; ++i) {
    v1::Item* item = request.add_items();
    item->set_sku(absl::StrCat("SKU", i));
    item->set_name(name);
    item->add_barcodes(absl::StrCat("code", i));
    v1::Price* price = request.add_prices();
    price->set_sku(item->sku());
    price->set_currency("GBP");
    price->set_price_minor_e4(price_minor * 10'000);
  }
  return request;
}

class ImportCut : public ::testing::TestWithParam<bool> {
 protected:
  absl::Status Import(const v1::ImportCatalogueRequest& request) {
    return ImportCatalogue(hub_.store.get(), hub_.ledger.get(), request)
        .status();
  }
  // How many of the rows have this name, and how many this price.
  void ExpectRows(const std::string& name, int64_t price_minor, int count,
                  int step) {
    int named = 0;
    int priced = 0;
    for (int i = 0; i < kRows; ++i) {
      const std::string sku = absl::StrCat("SKU", i);
      const auto item = (*hub_.store->ReadItems({sku}))[0];
      const auto price = (*hub_.store->ReadPrices({{sku, "GBP"}}))[0];
      named += item.has_value() && item->name() == name;
      priced +=
          price.has_value() && price->price_minor_e4() == price_minor * 10'000;
    }
    EXPECT_EQ(named, count) << name << ", step " << step;
    EXPECT_EQ(priced, count) << name << ", step " << step;
  }

  TestHub hub_;
};

// `landed`: whether the write that failed had reached the disk all the same.
TEST_P(ImportCut, IsWholeOrNotThere) {
  const bool landed = GetParam();
  ASSERT_THAT(Import(Rows("old", 100)), IsOk());
  const auto before = hub_.disk.Image();
  const uint64_t seq_before = (*hub_.store->ReadCursors({"chain"}))[0].seq;
  int cuts = 0;
  for (int step = 1; step <= kStepsMax; ++step) {
    hub_.disk.Restore(before);
    hub_.Restart();
    hub_.disk.FailAfter(step, absl::DataLossError("the power went"), landed);
    const absl::Status imported = Import(Rows("new", 250));
    hub_.disk.Crash();
    hub_.Restart();
    const uint64_t seq = (*hub_.store->ReadCursors({"chain"}))[0].seq;
    if (!imported.ok()) {
      ++cuts;
      // Both records or neither, and all rows with them.
      EXPECT_TRUE(seq == seq_before || seq == seq_before + 2) << step;
      const bool is_in = seq != seq_before;
      EXPECT_EQ(is_in, landed) << step;
      ExpectRows("new", 250, is_in ? kRows : 0, step);
      ExpectRows("old", 100, is_in ? 0 : kRows, step);
    }
    ASSERT_THAT(Import(Rows("new", 250)), IsOk()) << step;
    ExpectRows("new", 250, kRows, step);
    EXPECT_EQ((*hub_.store->ReadCursors({"chain"}))[0].seq, seq_before + 2)
        << step;
    const auto report = VerifyJournal(
        hub_.disk,
        {.hub_public_key =
             SigningKey::FromSeed(std::string(32, 'h'))->public_key(),
         .stream = ""});
    ASSERT_THAT(report, IsOk());
    EXPECT_EQ(report->docs.faults.first, "") << step;
    if (imported.ok()) break;
  }
  EXPECT_GE(cuts, 1) << "there were steps to be cut";
}

INSTANTIATE_TEST_SUITE_P(OnDisk, ImportCut, ::testing::Bool(),
                         [](const auto& info) {
                           return info.param ? "Landed" : "Lost";
                         });

}  // namespace
}  // namespace branchline
