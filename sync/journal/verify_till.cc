#include "sync/journal/verify_till.h"

#include "absl/strings/str_cat.h"
#include "sync/base/bytes.h"

namespace branchline {
namespace {

using Plus = absl::FunctionRef<void(const std::string&, __int128)>;

// Fields as docs/ON_DISK.md gives them, built here a second time.
class Fields {
 public:
  Fields(const std::string& till, const std::string& currency, Plus plus)
      : prefix_("z" + till + std::string(1, '\0') + currency +
                std::string(1, '\0')),
        plus_(plus) {}

  void Add(const std::string& figure, __int128 amount) {
    plus_(prefix_ + figure, amount);
  }
  void AddMove(int kind, __int128 amount) {
    Add(std::string("c") + static_cast<char>(kind), 1);
    Add(std::string("C") + static_cast<char>(kind), amount);
  }
  void AddLineAmount(__int128 amount) {
    if (amount >= 0) {
      Add("s", amount);
    } else {
      Add("m", -amount);
    }
  }
  // Of a sale or a return.
  template <typename Document>
  void AddRest(const v1::Event& outer, const Document& document,
               __int128 net_minor) {
    Add("r", 1);
    Add("o", document.cash_rounding_minor());
    for (const v1::Tender& tender : document.tenders()) {
      const std::string kind(1, static_cast<char>(tender.kind()));
      const __int128 amount = tender.amount_minor();
      Add("n" + kind, 1);
      if (amount >= 0) {
        Add("g" + kind, amount);
      } else {
        Add("h" + kind, -amount);
      }
      if (tender.unconfirmed()) Add("u" + kind, amount);
    }
    for (const v1::LineTax& tax : document.taxes()) {
      Add("a" + tax.code(), tax.base_minor());
      Add("t" + tax.code(), tax.tax_minor());
    }
    if (outer.restated_on_date() == 0) return;
    std::string date;
    AppendU32(&date, outer.business_date());
    Add("k" + date, 1);
    Add("K" + date, net_minor);
  }

 private:
  const std::string prefix_;
  const Plus plus_;
};

void OfSale(const v1::Event& outer, const v1::Sale& sale, Plus plus) {
  Fields fields(outer.till(), sale.currency(), plus);
  __int128 net_minor = 0;
  for (const v1::SaleLine& line : sale.lines()) {
    if (line.voided()) {
      fields.Add("v", 1);
      continue;
    }
    fields.Add("l", 1);
    fields.Add("p", line.price_overridden() ? 1 : 0);
    fields.Add("w", line.hand_weighed() ? 1 : 0);
    fields.Add("d", line.discount_minor());
    fields.AddLineAmount(line.amount_minor());
    net_minor += line.amount_minor();
  }
  fields.Add("y", sale.voids_receipt_no().empty() ? 0 : 1);
  fields.AddRest(outer, sale, net_minor);
}

void OfReturn(const v1::Event& outer, const v1::Return& back, Plus plus) {
  Fields fields(outer.till(), back.currency(), plus);
  __int128 net_minor = 0;
  for (const v1::ReturnLine& line : back.lines()) {
    const __int128 amount = line.amount_minor();
    fields.Add("l", 1);
    fields.AddLineAmount(-amount);
    net_minor -= amount;
  }
  fields.Add("b", 1);
  fields.AddRest(outer, back, net_minor);
}

void OfLateZ(const v1::Event& outer, const v1::ShiftClosed& closed, Plus plus) {
  for (const v1::ShiftMoney& money : closed.money()) {
    Fields fields(outer.till(), money.currency(), plus);
    if (money.over_short_minor() != 0) {
      fields.AddMove(v1::CASH_MOVE_KIND_COUNTED, money.over_short_minor());
    }
    if (money.to_safe_minor() != 0) {
      fields.AddMove(v1::CASH_MOVE_KIND_SAFE_DROP, money.to_safe_minor());
    }
  }
}

}  // namespace

void VerifyTill(const v1::Event& outer, const v1::Event& document, Plus plus) {
  if (outer.till().empty()) return;
  if (document.has_sale()) OfSale(outer, document.sale(), plus);
  if (document.has_return_()) OfReturn(outer, document.return_(), plus);
  for (const v1::CashAmount& cash : document.shift_opened().floats()) {
    Fields(outer.till(), cash.currency(), plus)
        .AddMove(v1::CASH_MOVE_KIND_FLOAT, cash.amount_minor());
  }
  const v1::CashMoved& moved = document.cash_moved();
  if (document.has_cash_moved() &&
      moved.kind() != v1::CASH_MOVE_KIND_BANK_SENT &&
      moved.kind() != v1::CASH_MOVE_KIND_BANK_CONFIRMED) {
    Fields(outer.till(), moved.cash().currency(), plus)
        .AddMove(moved.kind(), moved.cash().amount_minor());
  }
  const v1::CashCounted& counted = document.cash_counted();
  if (document.has_cash_counted() && counted.place() != v1::CASH_PLACE_SAFE) {
    for (const v1::CountedCash& cash : counted.cash()) {
      Fields(outer.till(), cash.currency(), plus)
          .AddMove(v1::CASH_MOVE_KIND_COUNTED, cash.over_short_minor());
    }
  }
  if (outer.has_late_record() && document.has_shift_closed()) {
    OfLateZ(outer, document.shift_closed(), plus);
  }
  if (!document.paper_reprinted().currency().empty()) {
    Fields(outer.till(), document.paper_reprinted().currency(), plus)
        .Add("q", 1);
  }
  if (document.has_basket_cancelled()) {
    Fields fields(outer.till(), document.basket_cancelled().currency(), plus);
    fields.Add("x", 1);
    fields.Add("X", document.basket_cancelled().total_minor());
  }
}

}  // namespace branchline
