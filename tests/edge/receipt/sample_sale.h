#pragma once

#include <map>
#include <string>

#include "branchline/v1/device.pb.h"
#include "branchline/v1/event.pb.h"
#include "branchline/v1/master.pb.h"

namespace branchline {

inline v1::ReceiptText SampleReceiptText(const std::string& language) {
  v1::ReceiptText text;
  text.set_legal_entity("Corner Shops Ltd");
  text.set_tax_number("GB 123 4567 89");
  text.add_address_lines("12 High Street, London");
  text.add_footer_lines(language == "en" ? "Thank you" : "谢谢惠顾");
  text.set_language(language);
  text.set_qr(true);
  return text;
}

inline const v1::Item* SampleItem(absl::string_view sku) {
  static const auto* const items = [] {
    auto* made = new std::map<std::string, v1::Item, std::less<>>();
    const auto add = [&](const char* name_sku, const char* name,
                         const char* name_zh, bool weighed) {
      v1::Item& item = (*made)[name_sku];
      item.set_sku(name_sku);
      item.set_name(name);
      item.set_name_zh(name_zh);
      item.set_weighed(weighed);
    };
    add("TEA", "Tea, Earl Grey 50 bags", "伯爵红茶 50 包", false);
    add("APPLE", "Apples, Braeburn", "布瑞本苹果", true);
    add("CAKE", "Crème brûlée, a name that is longer than one line",
        "焦糖布丁，一个比一行还要长的名字，长到要换行才放得下", false);
    add("MUG", "Mug", "马克杯", false);
    return made;
  }();
  const auto it = items->find(sku);
  return it == items->end() ? nullptr : &it->second;
}

// Everything that a receipt can have: pieces and weight, discounts, two rates
// of tax, a voided line, a gift, card and cash with rounding and change.
inline v1::Event SampleSale() {
  v1::Event event;
  event.set_till("T1");
  event.set_staff("ada");
  event.set_business_date(20261121);
  event.set_business_at_unix_micros(1'795'240'980'000'000);
  v1::Sale* sale = event.mutable_sale();
  sale->set_receipt_no("S014-T1-1-000001");
  sale->set_currency("GBP");
  const auto line = [&](const char* sku, int64_t milli, int64_t price_e4,
                        int64_t discount, int64_t amount, int tax) {
    v1::SaleLine* added = sale->add_lines();
    added->set_sku(sku);
    added->set_kind(v1::LINE_KIND_SALE);
    added->set_quantity_milli(milli);
    added->set_unit_price_minor_e4(price_e4);
    added->set_discount_minor(discount);
    added->set_amount_minor(amount);
    v1::LineTax* taxed = added->add_taxes();
    taxed->set_code("VAT");
    taxed->set_rate_e6(tax == 0 ? 200'000 : 50'000);
    return added;
  };
  v1::SaleLine* tea = line("TEA", 3'000, 1'990'000, 99, 498, 0);
  tea->add_discounts()->set_amount_minor(99);
  line("APPLE", 532, 4'990'000, 0, 265, 1);
  line("CAKE", 1'000, 7'620'000, 40, 722, 0);
  line("MUG", 1'000, 5'000'000, 0, 500, 0)->set_voided(true);
  line("MUG", 1'000, 0, 0, 0, 0)->set_kind(v1::LINE_KIND_FREE);
  sale->set_total_minor(1'485);
  sale->set_cash_rounding_minor(-1);
  sale->set_change_minor(765);
  v1::Tender* card = sale->add_tenders();
  card->set_kind(v1::TENDER_KIND_CARD);
  card->set_amount_minor(249);
  v1::Tender* cash = sale->add_tenders();
  cash->set_kind(v1::TENDER_KIND_CASH);
  cash->set_amount_minor(1'235);
  const auto tax = [&](int64_t rate_e6, int64_t base, int64_t amount) {
    v1::LineTax* row = sale->add_taxes();
    row->set_code("VAT");
    row->set_rate_e6(rate_e6);
    row->set_base_minor(base);
    row->set_tax_minor(amount);
  };
  tax(200'000, 1'017, 203);
  tax(50'000, 252, 13);
  return event;
}

inline v1::Event SampleReturn() {
  v1::Event event;
  event.set_till("T1");
  event.set_staff("ada");
  event.set_business_date(20261122);
  event.set_business_at_unix_micros(1'795'327'380'000'000);
  v1::Return* back = event.mutable_return_();
  back->set_receipt_no("S014-T1-1-000002");
  back->set_original_receipt_no("S014-T1-1-000001");
  back->set_currency("GBP");
  v1::ReturnLine* line = back->add_lines();
  line->set_sku("TEA");
  line->set_quantity_milli(2'000);
  line->set_amount_minor(398);
  back->set_total_minor(-398);
  v1::Tender* cash = back->add_tenders();
  cash->set_kind(v1::TENDER_KIND_CASH);
  cash->set_amount_minor(-398);
  return event;
}

}  // namespace branchline
