#include "tools/drill/journal_audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/tools/drill/csv_text.h"

namespace branchline::drill {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kRows[] =
    "store,receipt_no,timestamp,sku,qty,unit_price,currency,kind\n"
    "A,1,2024-01-31T10:00:00,tea,2,1,GBP,sale\n"
    "A,2,2024-01-31T11:00:00,tea,2,1,GBP,sale\n"
    "A,D,2024-01-31T12:00:00,tea,5,0,GBP,adjust\n";

v1::Event Sale(const std::string& reference, uint64_t number) {
  v1::Event event;
  event.set_till("T1");
  event.mutable_sale()->set_reference(reference);
  event.mutable_sale()->set_receipt_counter(number);
  return event;
}

v1::Event Stock(const std::string& reference) {
  v1::Event event;
  event.mutable_stock_change()->set_reference(reference);
  return event;
}

class ReceiptAuditTest : public ::testing::Test {
 protected:
  ReceiptAuditTest()
      : file_(*ReadSales(CsvOf(kRows).get(), "a.csv")),
        plans_(PlanBranches(file_, 1)),
        audit_(plans_[0]) {}

  std::vector<std::string> Finish() {
    Differences differences;
    audit_.Finish(&differences);
    return differences.first;
  }

  const SalesFile file_;
  const std::vector<BranchPlan> plans_;
  ReceiptAudit audit_;
};

TEST_F(ReceiptAuditTest, EveryReceiptOnceIsRight) {
  v1::Event opened;
  opened.mutable_day_opened();
  audit_.Take(1, opened);
  audit_.Take(1, Sale("A|2", 1));
  audit_.Take(1, Stock("A|D"));
  audit_.Take(2, Sale("A|1", 1));  // a new epoch numbers anew
  EXPECT_THAT(Finish(), IsEmpty());
  EXPECT_EQ(audit_.events(), 4);
}

TEST_F(ReceiptAuditTest, LostAndDoubledReceiptsAreNamed) {
  audit_.Take(1, Sale("A|1", 1));
  audit_.Take(1, Sale("A|1", 2));
  audit_.Take(1, Stock("A|D"));
  EXPECT_THAT(Finish(), ElementsAre("B01 receipt A|1 is there 2 times",
                                    "B01 receipt A|2 is lost"));
  EXPECT_EQ(audit_.lost(), 1);
  EXPECT_EQ(audit_.doubled(), 1);
}

TEST_F(ReceiptAuditTest, AGapInTheNumbersIsNamed) {
  audit_.Take(1, Sale("A|1", 1));
  audit_.Take(1, Sale("A|2", 3));
  audit_.Take(1, Stock("A|D"));
  EXPECT_THAT(Finish(),
              ElementsAre("B01 till T1 epoch 1: receipt number 3 follows 1"));
}

TEST_F(ReceiptAuditTest, AReceiptThatNobodyRangUpIsNamed) {
  audit_.Take(1, Sale("A|1", 1));
  audit_.Take(1, Sale("A|2", 2));
  audit_.Take(1, Stock("A|D"));
  audit_.Take(1, Stock("A|E"));
  EXPECT_THAT(Finish(),
              ElementsAre(HasSubstr("'A|E', which the file has not")));
}

}  // namespace
}  // namespace branchline::drill
