#include "sync/ledger/keys.h"

#include <algorithm>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "sync/base/bytes.h"
#include "sync/base/item_code.h"
#include "sync/ledger/account_rules.h"

namespace branchline {
namespace {

constexpr absl::string_view kZero("\0", 1);

std::string Key(char kind, absl::string_view a) {
  return absl::StrCat(absl::string_view(&kind, 1), a);
}

std::string Key(char kind, absl::string_view a, absl::string_view b) {
  return absl::StrCat(absl::string_view(&kind, 1), a, kZero, b);
}

std::string WithDate(std::string key, Date date) {
  AppendU32(&key, date);
  return key;
}

std::string WithPosition(std::string key, uint64_t epoch, uint64_t seq) {
  AppendU64(&key, epoch);
  AppendU64(&key, seq);
  return key;
}

}  // namespace

namespace books {

std::string Balance(absl::string_view owner, absl::string_view unit) {
  return Key('b', owner, unit);
}

std::string Day(absl::string_view branch, Date date) {
  return WithDate(Key('d', branch, ""), date);
}

std::string SkuDay(absl::string_view branch, Date date, absl::string_view sku) {
  std::string key = WithDate(Key('k', branch, ""), date);
  key.append(sku.data(), sku.size());
  return key;
}

std::string Restated(absl::string_view branch, Date date, Date posted_on) {
  return WithDate(WithDate(Key('r', branch, ""), date), posted_on);
}

std::string Returned(absl::string_view branch, absl::string_view receipt_no) {
  return Key('t', branch, receipt_no);
}

std::string ReturnedField(uint32_t line) {
  std::string field;
  AppendU32(&field, line);
  return field;
}

std::string RefundedField(uint32_t tender) {
  std::string field = "k";
  AppendU32(&field, tender);
  return field;
}

std::string RuleTimes(absl::string_view branch, absl::string_view rule_id) {
  return Key('u', branch, rule_id);
}

std::string Field(char metric, absl::string_view currency) {
  return Key(metric, currency);
}

std::string TillFields(absl::string_view till) { return Key(kTill, till, ""); }

std::string TillField(absl::string_view till, absl::string_view currency,
                      absl::string_view figure) {
  return absl::StrCat(TillFields(till), currency, kZero, figure);
}

absl::StatusOr<DayKey> ParseDayKey(absl::string_view key) {
  const size_t zero = key.find('\0');
  if (key.size() < 2 || zero == absl::string_view::npos ||
      key.size() < zero + 5) {
    return absl::DataLossError("a day's key in the books is cut short");
  }
  DayKey parts;
  parts.branch = std::string(key.substr(1, zero - 1));
  parts.date = U32FromBytes(key.substr(zero + 1, 4));
  parts.sku = std::string(key.substr(zero + 5));
  return parts;
}

absl::StatusOr<BalanceKey> ParseBalanceKey(absl::string_view key) {
  const size_t zero = key.find('\0');
  if (key.empty() || zero == absl::string_view::npos) {
    return absl::DataLossError("a balance's key in the books is cut short");
  }
  return BalanceKey{std::string(key.substr(1, zero - 1)),
                    std::string(key.substr(zero + 1))};
}

}  // namespace books

namespace docs {

std::string Item(absl::string_view sku) { return Key('i', sku); }
std::string Price(absl::string_view sku, absl::string_view currency) {
  return Key('p', sku, currency);
}
std::string PriceBook() { return Key('o', ""); }
std::string ListPrice(absl::string_view sku, absl::string_view list_id) {
  return Key('r', sku, list_id);
}
std::string Promotions() { return Key('d', ""); }
std::string TaxRules() { return Key('t', ""); }
std::string Code(absl::string_view code, absl::string_view sku) {
  return Key('A', NormalCode(code), sku);
}
std::string CodesOf(absl::string_view code) {
  return Key('A', NormalCode(code), "");
}
std::string ScanRules() { return Key('B', ""); }
std::string UnknownCode(absl::string_view branch, absl::string_view code) {
  return branch.empty() ? Key('C', "") : Key('C', branch, code);
}
std::string Variant(absl::string_view of_sku, absl::string_view sku) {
  return Key('D', of_sku, sku);
}
std::string Categories() { return Key('E', ""); }
std::string OpenDepartment(absl::string_view sku) { return Key('F', sku); }
std::string Branch(absl::string_view code) { return Key('f', code); }
std::string Devices(absl::string_view branch) { return Key('b', branch); }

std::string Payments(absl::string_view branch, absl::string_view sale_id) {
  return Key('1', branch, sale_id);
}

std::string PaidReceipt(absl::string_view branch, absl::string_view sale_id) {
  return Key('2', branch, sale_id);
}

std::string OpenPayments(absl::string_view branch) { return Key('3', branch); }
std::string Staff(absl::string_view id) { return Key('u', id); }
std::string StaffParts(absl::string_view id) { return Key('h', id); }
std::string Roles() { return Key('e', ""); }
std::string TillPolicy(absl::string_view branch) { return Key('j', branch); }
std::string Shift(absl::string_view branch, absl::string_view till) {
  return Key('s', branch, till);
}
std::string LastZ(absl::string_view branch, absl::string_view till) {
  return Key('z', branch, till);
}
std::string Z(absl::string_view branch, absl::string_view z_no) {
  return Key('w', branch, z_no);
}
std::string Settled(absl::string_view branch, absl::string_view z_no) {
  return Key('q', branch, z_no);
}
std::string Session(absl::string_view branch, absl::string_view till) {
  return Key('v', branch, till);
}
std::string Pin(absl::string_view branch, absl::string_view staff) {
  return Key('k', branch, staff);
}
std::string Day(absl::string_view branch, Date date) {
  return WithDate(Key('y', branch, ""), date);
}
std::string Till(absl::string_view branch, absl::string_view till) {
  return Key('m', branch, till);
}
std::string ReceiptCounter(absl::string_view branch, absl::string_view till,
                           uint64_t epoch) {
  std::string key = absl::StrCat(Key('n', branch, till), kZero);
  AppendU64(&key, epoch);
  return key;
}
std::string Receipt(absl::string_view branch, absl::string_view receipt_no) {
  return Key('c', branch, receipt_no);
}
std::string AwayReturn(absl::string_view sold_by, absl::string_view receipt_no,
                       absl::string_view returned_at) {
  return absl::StrCat(Key('N', sold_by, receipt_no), kZero, returned_at);
}
std::string AwayReturns() { return "N"; }
absl::StatusOr<AwayReturnKey> ParseAwayReturn(absl::string_view key) {
  const std::vector<absl::string_view> parts =
      absl::StrSplit(key.substr(std::min<size_t>(1, key.size())), '\0');
  if (parts.size() != 3 || key[0] != 'N') {
    return absl::DataLossError("the key of a return elsewhere is damaged");
  }
  return AwayReturnKey{std::string(parts[0]), std::string(parts[1]),
                       std::string(parts[2])};
}
std::string Member(absl::string_view id) { return Key('Q', id); }
std::string TrainingReceipt(absl::string_view branch,
                            absl::string_view receipt_no) {
  return Key('R', branch, receipt_no);
}
std::string Training(absl::string_view branch, absl::string_view till) {
  return Key('S', branch, till);
}
std::string TrainingCounter(absl::string_view branch, absl::string_view till,
                            uint64_t epoch) {
  std::string key = absl::StrCat(Key('T', branch, till), kZero);
  AppendU64(&key, epoch);
  return key;
}
std::string Unconfirmed(absl::string_view branch, absl::string_view receipt_no,
                        uint32_t tender) {
  std::string key = absl::StrCat(Key('U', branch, receipt_no), kZero);
  AppendU32(&key, tender);
  return key;
}
std::string UnconfirmedOf(absl::string_view branch) {
  return Key('U', branch, "");
}
std::string Invoice(absl::string_view branch, absl::string_view receipt_no) {
  return Key('V', branch, receipt_no);
}
std::string Matched(absl::string_view branch, absl::string_view receipt_no,
                    uint32_t tender) {
  std::string key = absl::StrCat(Key('W', branch, receipt_no), kZero);
  AppendU32(&key, tender);
  return key;
}
std::string WrittenOff(absl::string_view branch, absl::string_view receipt_no,
                       uint32_t tender) {
  std::string key = absl::StrCat(Key('O', branch, receipt_no), kZero);
  AppendU32(&key, tender);
  return key;
}
std::string Reprinted(absl::string_view branch, absl::string_view document_no) {
  return Key('P', branch, document_no);
}
std::string Late(absl::string_view branch, uint64_t epoch,
                 absl::string_view last_hash) {
  std::string key = LateOf(branch);
  AppendU64(&key, epoch);
  return absl::StrCat(key, last_hash);
}
std::string LateOf(absl::string_view branch) { return Key('l', branch, ""); }
std::string LateTaken(absl::string_view branch, uint64_t epoch, uint64_t seq,
                      absl::string_view hash) {
  return absl::StrCat(WithPosition(Key('g', branch, ""), epoch, seq), hash);
}
std::string Exception(absl::string_view stream, uint64_t epoch, uint64_t seq) {
  return WithPosition(Key('x', stream, ""), epoch, seq);
}
bool MayLag(absl::string_view key) {
  return !key.empty() && (key[0] == 'c' || key[0] == 'n');
}

}  // namespace docs

std::string EdgeStream(absl::string_view branch) {
  return absl::StrCat("edge:", branch);
}

std::string BranchStream(absl::string_view branch) {
  return absl::StrCat("branch:", branch);
}

absl::StatusOr<std::string> WriterOf(absl::string_view stream) {
  if (absl::StartsWith(stream, "edge:") && stream.size() > 5) {
    return std::string(stream.substr(5));
  }
  if (stream == kChainStream || absl::StartsWith(stream, "group:") ||
      absl::StartsWith(stream, "branch:")) {
    return std::string(kHub);
  }
  return absl::InvalidArgumentError(
      absl::StrCat("'", stream, "' is no stream's name"));
}

std::string SkuUnit(absl::string_view sku) { return absl::StrCat("sku:", sku); }

}  // namespace branchline
