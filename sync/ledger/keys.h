#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "sync/base/date.h"

namespace branchline {

// Keys of the two tables that the fold writes. docs/ON_DISK.md has them all.
// Names are at most 64 bytes and hold no zero byte, which separates them.
//
// Books (cells, see Cell): sums.
//   b <owner> 00 <unit>               balances; field AccountField()
//   d <branch> 00 <date:4>            a day's totals; field metric || currency,
//                                     and what its tills posted: TillField()
//   k <branch> 00 <date:4> <sku>      a SKU's day; field metric || currency
//   r <branch> 00 <date:4> <posted on:4>  what reached a day after its seal
//   u <branch> 00 <rule id>           times a rule with a cap was given; field
//   'n' t <branch> 00 <receipt no>        returned so far; field line:4, in
//   milli;
//                                     field 'k' || tender:4, given back
namespace books {
std::string Balance(absl::string_view owner, absl::string_view unit);
std::string Day(absl::string_view branch, Date date);
std::string SkuDay(absl::string_view branch, Date date, absl::string_view sku);
std::string Restated(absl::string_view branch, Date date, Date posted_on);
std::string Returned(absl::string_view branch, absl::string_view receipt_no);
std::string ReturnedField(uint32_t line);
std::string RefundedField(uint32_t tender);

std::string RuleTimes(absl::string_view branch, absl::string_view rule_id);
inline constexpr absl::string_view kTimesField = "n";

// Metrics of day cells. Field = metric || currency.
inline constexpr char kReceipts = 'r';
inline constexpr char kLines = 'l';
inline constexpr char kNet = 'n';
inline constexpr char kDiscount = 's';
inline constexpr char kQuantity = 'q';  // milli
std::string Field(char metric, absl::string_view currency);
// A field that starts so is a till's: z <till> 00 <currency> 00 <figure>. The
// figures: sync/ledger/till_figures.h.
inline constexpr char kTill = 'z';
std::string TillFields(
    absl::string_view till);  // what all of a till's start with
std::string TillField(absl::string_view till, absl::string_view currency,
                      absl::string_view figure);

// Parts of a Day or SkuDay key.
struct DayKey {
  std::string branch;
  Date date = 0;
  std::string sku;
};
//   DATA_LOSS  not such a key
absl::StatusOr<DayKey> ParseDayKey(absl::string_view key);

struct BalanceKey {
  std::string owner;
  std::string unit;
};
absl::StatusOr<BalanceKey> ParseBalanceKey(absl::string_view key);
}  // namespace books

// Docs: rows (written once) and registers (one writing stream each, applied in
// its order, so the last applied has the greatest position).
//   i <sku>                     v1::Item
//   p <sku> 00 <currency>       v1::Price
//   A <code> 00 <sku>           v1::ItemCode; <code> as NormalCode() makes it.
//                               Stays when the item gives the code up: read the
//                               item to know whether it still counts
//   B                           v1::ScanRulesSet
//   C <branch> 00 <code>        v1::UnknownCode
//   D <sku> 00 <variant's sku>  empty; likewise
//   E                           v1::CategoriesSet
//   F <sku>                     empty: an open department; likewise
//   o                           v1::PriceBookSet
//   r <sku> 00 <list id>        v1::ListPrice
//   d                           v1::PromotionsSet
//   t                           v1::TaxRulesSet
//   f <branch code>             v1::Branch
//   b <branch code>             v1::DevicesSet
//   u <staff id>                v1::Staff
//   h <staff id>                v1::StaffParts
//   e                           v1::RolesSet
//   j <branch code>             v1::TillPolicy; of the chain: no code
//   y <branch> 00 <date:4>      v1::DayState
//   m <branch> 00 <till>        v1::TillPaired
//   n <branch> 00 <till> 00 <epoch:8>  receipts numbered so far: u64
//   c <branch> 00 <receipt no>  v1::ReceiptAt
//   s <branch> 00 <till>        v1::ShiftState
//   z <branch> 00 <till>        v1::ShiftClosed, the last
//   w <branch> 00 <z no>        v1::ReceiptAt
//   q <branch> 00 <z no>        v1::CashCounted, the last settlement of that Z
//   v <branch> 00 <till>        v1::SessionState
//   k <branch> 00 <staff id>    v1::PinState
//   N <branch> 00 <receipt no> 00 <by branch>  goods of a branch's receipt came
//                                 back at another: empty; see books' t there
//   O <branch> 00 <receipt no> 00 <tender:4>  v1::TenderWrittenOff
//   P <branch> 00 <receipt or Z no>  v1::PaperReprinted, the last
//   Q <member id>               v1::Member
//   R <branch> 00 <receipt no>  of training: v1::ReceiptAt
//   S <branch> 00 <till>        v1::TrainingState
//   T <branch> 00 <till> 00 <epoch:8>  training receipts numbered so far: u64
//   U <branch> 00 <receipt no> 00 <tender:4>  v1::UnconfirmedTender
//   V <branch> 00 <receipt no>  v1::InvoiceRequested
//   W <branch> 00 <receipt no> 00 <tender:4>  v1::MatchedTender
//   l <branch> 00 <epoch:8> <last hash:32>  v1::LateState
//   g <branch> 00 <epoch:8> <seq:8> <hash:32>  a late record was taken in
//   x <stream> 00 <epoch:8> <seq:8>  put aside or newer: why, in words
namespace docs {
std::string Item(absl::string_view sku);
std::string Price(absl::string_view sku, absl::string_view currency);
std::string PriceBook();
std::string ListPrice(absl::string_view sku, absl::string_view list_id);
std::string Promotions();
std::string TaxRules();
std::string Code(absl::string_view code, absl::string_view sku);
// What all rows of a code start with; the rest of their keys is the SKU.
std::string CodesOf(absl::string_view code);
std::string ScanRules();
// Empty: what all of a branch's, or of all branches, start with.
std::string UnknownCode(absl::string_view branch, absl::string_view code);
std::string Variant(absl::string_view of_sku, absl::string_view sku);
std::string Categories();
std::string OpenDepartment(absl::string_view sku);
std::string Branch(absl::string_view code);
std::string Devices(absl::string_view branch);
// What was tried to be paid of one sale; which receipt the sale became; and
// what of the branch is open.
std::string Payments(absl::string_view branch, absl::string_view sale_id);
std::string PaidReceipt(absl::string_view branch, absl::string_view sale_id);
std::string OpenPayments(absl::string_view branch);
std::string Staff(absl::string_view id);
std::string StaffParts(absl::string_view id);
std::string Roles();
std::string TillPolicy(absl::string_view branch);
std::string Shift(absl::string_view branch, absl::string_view till);
std::string LastZ(absl::string_view branch, absl::string_view till);
std::string Z(absl::string_view branch, absl::string_view z_no);
std::string Settled(absl::string_view branch, absl::string_view z_no);
std::string Session(absl::string_view branch, absl::string_view till);
std::string Pin(absl::string_view branch, absl::string_view staff);
std::string Day(absl::string_view branch, Date date);
std::string Till(absl::string_view branch, absl::string_view till);
std::string ReceiptCounter(absl::string_view branch, absl::string_view till,
                           uint64_t epoch);
std::string Receipt(absl::string_view branch, absl::string_view receipt_no);
// `receipt_no` of `sold_by`; empty names: what all start with.
std::string AwayReturn(absl::string_view sold_by, absl::string_view receipt_no,
                       absl::string_view returned_at);
std::string AwayReturns();
struct AwayReturnKey {
  std::string sold_by;
  std::string receipt_no;
  std::string returned_at;
};
//   DATA_LOSS  not such a key
absl::StatusOr<AwayReturnKey> ParseAwayReturn(absl::string_view key);
std::string Member(absl::string_view id);
std::string TrainingReceipt(absl::string_view branch,
                            absl::string_view receipt_no);
std::string Training(absl::string_view branch, absl::string_view till);
std::string TrainingCounter(absl::string_view branch, absl::string_view till,
                            uint64_t epoch);
std::string Unconfirmed(absl::string_view branch, absl::string_view receipt_no,
                        uint32_t tender);
// What all of a branch's start with.
std::string UnconfirmedOf(absl::string_view branch);
std::string Invoice(absl::string_view branch, absl::string_view receipt_no);
std::string Matched(absl::string_view branch, absl::string_view receipt_no,
                    uint32_t tender);
std::string WrittenOff(absl::string_view branch, absl::string_view receipt_no,
                       uint32_t tender);
std::string Reprinted(absl::string_view branch, absl::string_view document_no);
// A late suffix, known by the hash of its last record: two disks of one epoch
// may each hold one, and different records at one place.
std::string Late(absl::string_view branch, uint64_t epoch,
                 absl::string_view last_hash);
// What all of a branch's start with.
std::string LateOf(absl::string_view branch);
std::string LateTaken(absl::string_view branch, uint64_t epoch, uint64_t seq,
                      absl::string_view hash);
std::string Exception(absl::string_view stream, uint64_t epoch, uint64_t seq);
// Rows that every sale writes (c and n): an edge may write those of its own
// records later than the records, as it does sums.
bool MayLag(absl::string_view key);
}  // namespace docs

// Names of streams, and who writes them.
std::string EdgeStream(absl::string_view branch);    // "edge:S014"
std::string BranchStream(absl::string_view branch);  // "branch:S014"
inline constexpr absl::string_view kChainStream = "chain";
// "S014" for its edge stream, kHub for the hub's.
//   INVALID_ARGUMENT  no such kind of stream
absl::StatusOr<std::string> WriterOf(absl::string_view stream);

// The unit of a SKU in postings: "sku:85123A". A currency's is its code.
std::string SkuUnit(absl::string_view sku);

}  // namespace branchline
