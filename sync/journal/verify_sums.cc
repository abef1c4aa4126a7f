#include "sync/journal/verify_sums.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "sync/base/bytes.h"
#include "sync/base/date.h"
#include "sync/base/status_macros.h"
#include "sync/journal/verify_till.h"
#include "sync/ledger/account_rules.h"
#include "sync/ledger/cell.h"

namespace branchline {
namespace {

// Keys and fields as docs/ON_DISK.md gives them, built here a second time.
std::string SumKey(char kind, absl::string_view name, absl::string_view rest) {
  std::string key(1, kind);
  key.append(name.data(), name.size());
  key.push_back('\0');
  key.append(rest.data(), rest.size());
  return key;
}

std::string DateBytes(uint32_t date) {
  std::string bytes;
  AppendU32(&bytes, date);
  return bytes;
}

std::string Metric(char metric, absl::string_view currency) {
  return absl::StrCat(absl::string_view(&metric, 1), currency);
}

std::string Composite(absl::string_view key, absl::string_view field) {
  std::string composite;
  composite.push_back(static_cast<char>(key.size() >> 8));
  composite.push_back(static_cast<char>(key.size()));
  absl::StrAppend(&composite, key, field);
  return composite;
}

std::pair<absl::string_view, absl::string_view> Split(
    absl::string_view composite) {
  const size_t size = static_cast<uint8_t>(composite[0]) << 8 |
                      static_cast<uint8_t>(composite[1]);
  return {composite.substr(2, size), composite.substr(2 + size)};
}

std::string Number(__int128 value) {
  const bool negative = value < 0;
  auto magnitude = static_cast<unsigned __int128>(value);
  if (negative) magnitude = 0 - magnitude;
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + int(magnitude % 10)));
    magnitude /= 10;
  } while (magnitude != 0);
  return absl::StrCat(negative ? "-" : "", digits);
}

v1::AccountKind KindOf(absl::string_view field) {
  return static_cast<v1::AccountKind>(static_cast<uint8_t>(field[0]));
}

absl::string_view MetricName(char metric) {
  switch (metric) {
    case 'r':
      return "receipts";
    case 'l':
      return "lines";
    case 'n':
      return "net in";
    case 's':
      return "discount in";
    case 'q':
      return "quantity sold in";
    default:
      return "an unknown figure in";
  }
}

// What a cell's field is, for a person.
std::string Describe(absl::string_view key, absl::string_view field) {
  const size_t zero = key.find('\0');
  const absl::string_view name = key.substr(1, zero - 1);
  const absl::string_view rest = key.substr(zero + 1);
  if (key[0] == 'b' && !field.empty()) {
    v1::Account account;
    account.set_kind(KindOf(field));
    account.set_owner(std::string(name));
    account.set_detail(std::string(field.substr(1)));
    return absl::StrCat("the balance of ", AccountText(account), " in ", rest);
  }
  if (key[0] == 'u') {
    return absl::StrCat("how often ", name, " gave rule ", rest);
  }
  if (key[0] == 't') {
    return absl::StrCat("what was returned at ", name, " on receipt ", rest);
  }
  if (key[0] == 'd' && !field.empty() && field[0] == 'z') {
    return absl::StrCat(
        "a figure of till ", field.substr(1, field.find('\0') - 1), " of ",
        name, rest.size() < 4 ? "" : " on ",
        rest.size() < 4 ? "" : FormatDate(U32FromBytes(rest.substr(0, 4))));
  }
  const std::string figure =
      field.empty() ? "a figure"
                    : absl::StrCat(MetricName(field[0]), " ", field.substr(1));
  if (rest.size() < 4) return absl::StrCat(figure, " of ", name);
  std::string text = absl::StrCat(figure, " of ", name, " on ",
                                  FormatDate(U32FromBytes(rest.substr(0, 4))));
  if (key[0] == 'k') absl::StrAppend(&text, ", SKU ", rest.substr(4));
  if (key[0] == 'r') absl::StrAppend(&text, " after its seal");
  return text;
}

}  // namespace

void VerifySums::Plus(const std::string& key, absl::string_view field,
                      __int128 amount) {
  if (amount != 0) sums_[Composite(key, field)].amount += amount;
}

void VerifySums::Add(absl::string_view writer, const v1::Event& event) {
  for (const v1::Posting& posting : event.postings()) {
    const std::string& unit = event.units(static_cast<int>(posting.unit()));
    const auto move = [&](uint32_t index, __int128 amount) {
      const v1::Account& account = event.accounts(static_cast<int>(index));
      std::string field(1, static_cast<char>(account.kind()));
      field += account.detail();
      Plus(SumKey('b', account.owner(), unit), field, amount);
    };
    move(posting.source(), -static_cast<__int128>(posting.amount()));
    move(posting.destination(), posting.amount());
  }
  v1::Event original;
  const v1::Event* document = &event;
  if (event.has_late_record()) {
    // Counted on the outer event's business date, which repeats the original's.
    if (!original.ParseFromString(event.late_record().record().payload())) {
      return;
    }
    document = &original;
  }
  const std::string branch(writer);
  const uint32_t posted_on = event.restated_on_date() != 0
                                 ? event.restated_on_date()
                                 : event.business_date();
  VerifyTill(event, *document, [&](const std::string& field, __int128 amount) {
    Plus(SumKey('d', branch, DateBytes(posted_on)), field, amount);
  });
  if (document->has_sale()) AddSale(branch, event, document->sale());
  if (document->has_return_()) AddReturn(branch, event, document->return_());
  // Of training nothing counts but what came back of its own receipts.
  const v1::TrainingReceipt& training = event.training_receipt();
  if (training.has_sale()) AddTakenBack(branch, training.sale());
  if (training.has_return_()) AddTakenBack(branch, training.return_());
  if (document->has_stock_change()) {
    AddStockChange(branch, event, document->stock_change());
  }
}

void VerifySums::AddSale(const std::string& branch, const v1::Event& outer,
                         const v1::Sale& sale) {
  int64_t lines = 0;
  __int128 net_minor = 0;
  __int128 discount_minor = 0;
  for (const v1::SaleLine& line : sale.lines()) {
    if (line.voided()) continue;
    const std::string key =
        SumKey('k', branch, DateBytes(outer.business_date()) + line.sku());
    Plus(key, Metric('q', sale.currency()), line.quantity_milli());
    Plus(key, Metric('n', sale.currency()), line.amount_minor());
    Plus(key, Metric('s', sale.currency()), line.discount_minor());
    Plus(key, Metric('l', sale.currency()), 1);
    ++lines;
    net_minor += line.amount_minor();
    discount_minor += line.discount_minor();
  }
  AddDay(branch, outer, sale.currency(), lines, net_minor, discount_minor);
  for (const v1::RuleTimes& rule : sale.capped_rules()) {
    Plus(SumKey('u', branch, rule.rule_id()), "n", rule.times());
  }
  AddTakenBack(branch, sale);
}

namespace {

// The receipt of the first line that comes back in exchange; empty: none.
std::string FirstExchanged(const v1::Sale& sale) {
  for (const v1::SaleLine& line : sale.lines()) {
    if (!line.voided() && !line.returns_receipt_no().empty()) {
      return line.returns_receipt_no();
    }
  }
  return "";
}

}  // namespace

void VerifySums::AddTakenBack(const std::string& branch, const v1::Sale& sale) {
  for (const v1::SaleLine& line : sale.lines()) {
    if (line.voided() || line.returns_receipt_no().empty()) continue;
    Plus(SumKey('t', branch, line.returns_receipt_no()),
         DateBytes(line.returns_line()),
         -static_cast<__int128>(line.quantity_milli()));
  }
  const bool is_reversal = !sale.voids_receipt_no().empty();
  const std::string exchanged = FirstExchanged(sale);
  const auto refunds_exchanged = [&](const v1::Tender& tender) {
    return !exchanged.empty() && tender.refunds_tender() != 0 &&
           tender.kind() != v1::TENDER_KIND_CASH &&
           (tender.amount_minor() > 0) == is_reversal;
  };
  for (const v1::Tender& tender : sale.tenders()) {
    if (!refunds_exchanged(tender)) continue;
    Plus(SumKey('t', branch, exchanged),
         absl::StrCat("k", DateBytes(tender.refunds_tender() - 1)),
         -static_cast<__int128>(tender.amount_minor()));
  }
  if (!is_reversal) return;
  // What it undoes counts as returned, line by line.
  for (int i = 0; i < sale.lines_size(); ++i) {
    const v1::SaleLine& line = sale.lines(i);
    if (line.voided() || line.quantity_milli() > 0) continue;
    Plus(SumKey('t', branch, sale.voids_receipt_no()),
         DateBytes(static_cast<uint32_t>(i)),
         -static_cast<__int128>(line.quantity_milli()));
  }
  for (const v1::Tender& tender : sale.tenders()) {
    if (tender.refunds_tender() == 0 || refunds_exchanged(tender)) continue;
    Plus(SumKey('t', branch, sale.voids_receipt_no()),
         absl::StrCat("k", DateBytes(tender.refunds_tender() - 1)),
         -static_cast<__int128>(tender.amount_minor()));
  }
}

void VerifySums::AddReturn(const std::string& branch, const v1::Event& outer,
                           const v1::Return& back) {
  __int128 net_minor = 0;
  for (const v1::ReturnLine& line : back.lines()) {
    const std::string key =
        SumKey('k', branch, DateBytes(outer.business_date()) + line.sku());
    const __int128 quantity_milli = line.quantity_milli();
    const __int128 amount_minor = line.amount_minor();
    Plus(key, Metric('q', back.currency()), -quantity_milli);
    Plus(key, Metric('n', back.currency()), -amount_minor);
    Plus(key, Metric('l', back.currency()), 1);
    net_minor -= amount_minor;
  }
  AddTakenBack(branch, back);
  AddDay(branch, outer, back.currency(), back.lines_size(), net_minor, 0);
}

void VerifySums::AddTakenBack(const std::string& branch,
                              const v1::Return& back) {
  for (const v1::ReturnLine& line : back.lines()) {
    Plus(SumKey('t', branch, back.original_receipt_no()),
         DateBytes(line.original_line()), line.quantity_milli());
  }
  for (const v1::Tender& tender : back.tenders()) {
    if (tender.refunds_tender() == 0) continue;
    Plus(SumKey('t', branch, back.original_receipt_no()),
         absl::StrCat("k", DateBytes(tender.refunds_tender() - 1)),
         -static_cast<__int128>(tender.amount_minor()));
  }
}

void VerifySums::AddStockChange(const std::string& branch,
                                const v1::Event& outer,
                                const v1::StockChange& change) {
  __int128 net_minor = 0;
  for (const v1::StockChangeLine& line : change.lines()) {
    const std::string key =
        SumKey('k', branch, DateBytes(outer.business_date()) + line.sku());
    Plus(key, Metric('n', change.currency()), line.amount_minor());
    Plus(key, Metric('l', change.currency()), 1);
    net_minor += line.amount_minor();
  }
  AddDay(branch, outer, change.currency(), change.lines_size(), net_minor, 0);
}

void VerifySums::AddDay(const std::string& branch, const v1::Event& outer,
                        absl::string_view currency, int64_t lines,
                        __int128 net_minor, __int128 discount_minor) {
  const std::string date = DateBytes(outer.business_date());
  std::vector<std::string> keys = {SumKey('d', branch, date)};
  if (outer.restated_on_date() != 0) {
    keys.push_back(
        SumKey('r', branch, date + DateBytes(outer.restated_on_date())));
  }
  for (const std::string& key : keys) {
    Plus(key, Metric('r', currency), 1);
    Plus(key, Metric('l', currency), lines);
    Plus(key, Metric('n', currency), net_minor);
    Plus(key, Metric('s', currency), discount_minor);
  }
}

void VerifySums::CompareCell(absl::string_view key, absl::string_view bytes,
                             BooksVerdict* verdict) {
  constexpr absl::string_view kKinds = "bdkrtu";
  if (key.empty() || kKinds.find(key[0]) == absl::string_view::npos) {
    ++verdict->cells_of_unknown_kind;
    return;
  }
  ++verdict->cells;
  Cell cell;
  const absl::Status decoded = Cell::Decode(bytes, &cell);
  if (key.find('\0') == absl::string_view::npos || !decoded.ok()) {
    verdict->faults.Add(
        decoded.ok()
            ? std::string("a key of the books is cut short")
            : absl::StrCat(Describe(key, ""), ": ", decoded.message()));
    return;
  }
  for (const auto& [field, amount] : cell.fields()) {
    Sum& sum = sums_[Composite(key, field)];
    sum.seen = true;
    if (sum.amount != amount) {
      verdict->faults.Add(absl::StrCat(
          Describe(key, field), " is ", Number(amount),
          " in the books, and the journal sums to ", Number(sum.amount)));
    }
  }
}

absl::Status VerifySums::Compare(const Store& store, BooksVerdict* verdict) {
  verdict->compared = true;
  BL_RETURN_IF_ERROR(
      store.Scan(Table::kBooks, "", "",
                 [&](absl::string_view key, absl::string_view value) {
                   CompareCell(key, value, verdict);
                   return true;
                 }));
  // In order of key, so that the same journal gives the same first fault.
  std::set<absl::string_view> lacking;
  for (const auto& [composite, sum] : sums_) {
    const auto [key, field] = Split(composite);
    if (!sum.seen && sum.amount != 0) lacking.insert(composite);
    if (key[0] == 'b' && sum.amount < 0 && IsFloored(KindOf(field))) {
      verdict->faults.Add(absl::StrCat(Describe(key, field), " is ",
                                       Number(sum.amount),
                                       ", and that account has a floor at 0"));
    }
  }
  for (const absl::string_view composite : lacking) {
    const auto [key, field] = Split(composite);
    verdict->faults.Add(absl::StrCat(
        Describe(key, field), " is not in the books, and the journal sums to ",
        Number(sums_.find(composite)->second.amount)));
  }
  return absl::OkStatus();
}

}  // namespace branchline
