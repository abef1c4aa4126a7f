// TillConsole's basket, from its lines to the receipt.

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "sync/base/date.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"
#include "tools/cli/till_ask.h"
#include "tools/cli/till_console.h"

namespace branchline::cli {
namespace {

bool TenderOf(absl::string_view word, v1::Tender* tender) {
  if (word == "cash") {
    tender->set_kind(v1::TENDER_KIND_CASH);
  } else if (word == "card") {
    tender->set_kind(v1::TENDER_KIND_CARD);
  } else if (word == "voucher") {
    tender->set_kind(v1::TENDER_KIND_VOUCHER);
  } else if (word == "wallet" || word == "code") {
    tender->set_kind(v1::TENDER_KIND_WALLET);
    tender->set_unconfirmed(word == "code");
  } else {
    return false;
  }
  return true;
}

}  // namespace

absl::Status TillConsole::ChangeLine(const Words& words) {
  const v1::RingRequest before = basket_;
  BL_ASSIGN_OR_RETURN(v1::RingLine* const line, Line(words[1]));
  if (words[0] == "void") {
    line->set_voided(true);
  } else if (words[0] == "weight") {
    BL_ASSIGN_OR_RETURN(const int64_t milli, ParseDecimal(words[2], 3));
    line->set_quantity_milli(milli);
    line->set_hand_weighed(true);
  } else if (words[0] == "quantity") {
    BL_ASSIGN_OR_RETURN(const int64_t milli, ParseDecimal(words[2], 3));
    line->set_quantity_milli(milli);
  } else if (words[0] == "salesperson") {
    line->set_salesperson(words[2]);
  } else {
    BL_ASSIGN_OR_RETURN(const int64_t minor, Amount(words[2]));
    line->set_unit_price_minor_e4(minor * 10'000);
    line->set_override_reason(words[3]);
  }
  const absl::Status shown = ShowBasket();
  if (!shown.ok()) basket_ = before;
  return shown;
}

absl::Status TillConsole::Discount(const Words& words) {
  const v1::RingRequest before = basket_;
  v1::ManualDiscount discount;
  discount.set_reason(words[3]);
  if (absl::EndsWith(words[2], "%")) {
    BL_ASSIGN_OR_RETURN(
        const int64_t bp,
        ParseDecimal(words[2].substr(0, words[2].size() - 1), 2));
    discount.set_percent_off_bp(bp);
  } else {
    BL_ASSIGN_OR_RETURN(const int64_t minor, Amount(words[2]));
    discount.set_amount_minor(minor);
  }
  if (words[1] == "all") {
    *basket_.mutable_pricing()->mutable_discount() = discount;
  } else {
    BL_ASSIGN_OR_RETURN(v1::RingLine* const line, Line(words[1]));
    *line->mutable_discount() = discount;
  }
  const absl::Status shown = ShowBasket();
  if (!shown.ok()) basket_ = before;
  return shown;
}

// drop-change AMOUNT; drop-change to STEP: the due down to 0.1 or 1
absl::Status TillConsole::DropChange(const Words& words) {
  const v1::RingRequest before = basket_;
  const bool to_step = words.size() > 2;
  if (to_step && words[1] != "to") {
    return absl::InvalidArgumentError("drop-change AMOUNT, or to STEP");
  }
  BL_ASSIGN_OR_RETURN(int64_t minor, Amount(words.back()));
  if (to_step) {
    if (minor < 1) {
      return absl::InvalidArgumentError("drop-change AMOUNT, or to STEP");
    }
    v1::RingRequest undropped = basket_;
    undropped.mutable_pricing()->clear_dropped_change_minor();
    undropped.set_currency(options_.currency);
    BL_ASSIGN_OR_RETURN(const auto quote,
                        Ask(&v1::Till::StubInterface::Quote, undropped));
    const int64_t due_minor = quote.sale().total_minor();
    minor = due_minor > 0 ? due_minor % minor : 0;
  }
  basket_.mutable_pricing()->set_dropped_change_minor(minor);
  const absl::Status shown = ShowBasket();
  if (!shown.ok()) basket_ = before;
  return shown;
}

// eat-in; take-away; tax-exempt REASON; tax LINE CLASS REASON
absl::Status TillConsole::Tax(const Words& words) {
  const v1::RingRequest before = basket_;
  v1::PricingRequest* pricing = basket_.mutable_pricing();
  if (words[0] == "eat-in") {
    pricing->set_consumption(v1::CONSUMPTION_EAT_IN);
  } else if (words[0] == "take-away") {
    pricing->set_consumption(v1::CONSUMPTION_TAKE_AWAY);
  } else if (words[0] == "tax-exempt") {
    pricing->set_tax_exempt(true);
    pricing->set_tax_exempt_reason(words[1]);
  } else {
    BL_ASSIGN_OR_RETURN(v1::RingLine* const line, Line(words[1]));
    line->set_tax_class_override(words[2]);
    line->set_tax_override_reason(words[3]);
  }
  const absl::Status shown =
      basket_.lines().empty() ? absl::OkStatus() : ShowBasket();
  if (!shown.ok()) basket_ = before;
  return shown;
}

absl::Status TillConsole::Remark(const Words& words) {
  if (words[0] == "age-checked") {
    basket_.set_age_checked(true);
  } else if (words[0] == "coupon") {
    basket_.mutable_pricing()->add_coupons(words[1]);
  } else if (words[0] == "member") {
    basket_.set_member(words[1]);
    basket_.mutable_pricing()->clear_customer_groups();
    if (words.size() > 2) {
      basket_.mutable_pricing()->add_customer_groups(words[2]);
    }
  } else if (words[1] == "all") {
    basket_.set_note(words[2]);
  } else {
    BL_ASSIGN_OR_RETURN(v1::RingLine* const line, Line(words[1]));
    line->set_note(words[2]);
  }
  return basket_.lines().empty() ? absl::OkStatus() : ShowBasket();
}

absl::Status TillConsole::ShowBasket() {
  if (basket_.lines().empty()) {
    Say("the basket is empty");
    return absl::OkStatus();
  }
  v1::RingRequest request = basket_;
  request.clear_tenders();
  BL_ASSIGN_OR_RETURN(const auto quote,
                      Ask(&v1::Till::StubInterface::Quote, request));
  LearnNames(quote.sale().lines());
  Show(quote, [&] {
    return absl::StrCat(SaleText(quote.sale(), names_, options_.language),
                        quote.why_not().empty()
                            ? ""
                            : absl::StrCat(Word("not yet", options_.language),
                                           ": ", quote.why_not(), "\n"));
  });
  Warn(quote.warnings());
  return absl::OkStatus();
}

absl::Status TillConsole::Basket(const Words& words) {
  if (words[0] == "basket") return ShowBasket();
  if (basket_.lines().empty() && parked_as_.empty()) {
    return absl::FailedPreconditionError("the basket is empty");
  }
  BL_RETURN_IF_ERROR(CheckNothingPaid());
  v1::CancelBasketRequest request;
  if (!parked_as_.empty()) {
    // With what was added since it was recalled.
    BL_RETURN_IF_ERROR(Save(parked_as_));
    request.set_basket_id(parked_as_);
  } else {
    *request.mutable_lines() = basket_.lines();
  }
  request.set_currency(options_.currency);
  if (words.size() > 1) request.set_reason(words[1]);
  BL_ASSIGN_OR_RETURN(const auto cancelled,
                      Ask(&v1::Till::StubInterface::CancelBasket, request));
  Clear();
  Say("basket cancelled");
  Show(cancelled, [] { return std::string(); });
  return absl::OkStatus();
}

absl::Status TillConsole::Park(const Words& words) {
  using S = v1::Till::StubInterface;
  if (words[0] == "parked") {
    BL_ASSIGN_OR_RETURN(const auto list,
                        Ask(&S::ListBaskets, v1::ListBasketsRequest()));
    Show(list, [&] {
      std::string text;
      for (const v1::Basket& basket : list.baskets()) {
        absl::StrAppend(&text, basket.basket_id(), "  ", basket.till(), "  ",
                        Word("lines", options_.language), ": ",
                        basket.lines_size(), "\n");
      }
      return text;
    });
    return absl::OkStatus();
  }
  BL_RETURN_IF_ERROR(CheckNothingPaid());
  if (words[0] == "recall") {
    if (HoldsGoods()) {
      return absl::FailedPreconditionError(
          absl::StrCat("the basket holds ", basket_.lines_size(),
                       " lines: park it or cancel it first"));
    }
    v1::GetBasketRequest request;
    request.set_basket_id(words[1]);
    BL_ASSIGN_OR_RETURN(const auto basket, Ask(&S::GetBasket, request));
    Clear();
    *basket_.mutable_lines() = basket.lines();
    basket_.set_member(basket.member());
    if (basket.has_pricing()) *basket_.mutable_pricing() = basket.pricing();
    basket_.set_note(basket.note());
    basket_.set_age_checked(basket.age_checked());
    parked_as_ = words[1];
    revision_ = basket.revision();
    return ShowBasket();
  }
  if (!HoldsGoods()) {
    return absl::FailedPreconditionError("the basket is empty");
  }
  BL_RETURN_IF_ERROR(Save(words[1]));
  Clear();
  Say("parked");
  return absl::OkStatus();
}

absl::Status TillConsole::Save(const std::string& name) {
  v1::SaveBasketRequest request;
  request.mutable_basket()->set_basket_id(name);
  request.mutable_basket()->set_currency(options_.currency);
  request.mutable_basket()->set_member(basket_.member());
  *request.mutable_basket()->mutable_lines() = basket_.lines();
  *request.mutable_basket()->mutable_pricing() = basket_.pricing();
  request.mutable_basket()->set_note(basket_.note());
  request.mutable_basket()->set_age_checked(basket_.age_checked());
  if (name == parked_as_) request.mutable_basket()->set_revision(revision_);
  BL_ASSIGN_OR_RETURN(const auto saved,
                      Ask(&v1::Till::StubInterface::SaveBasket, request));
  if (name == parked_as_) revision_ = saved.revision();
  return absl::OkStatus();
}

bool TillConsole::IsUnanswered(const v1::RingRequest& request) const {
  v1::RingRequest asked = request;
  asked.mutable_header();
  if (!approval_.staff().empty()) {
    *asked.mutable_header()->mutable_approval() = approval_;
  }
  return AskedText<v1::RingRequest, v1::RingResponse>(asked) ==
         unanswered_.asked;
}

absl::Status TillConsole::Pay(const Words& words) {
  if (basket_.lines().empty()) {
    return absl::FailedPreconditionError("the basket is empty");
  }
  v1::RingRequest request = basket_;
  request.set_currency(options_.currency);
  request.set_payment_sale_id(sale_id_);
  for (const v1::Tender& tender : paid_) *request.add_tenders() = tender;
  for (size_t i = 1; i < words.size();) {
    v1::Tender* tender = request.add_tenders();
    if (!TenderOf(words[i], tender) || i + 1 == words.size()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "'", words[i].substr(0, 40),
          "': pay with cash, card, voucher, wallet or code and an amount"));
    }
    BL_ASSIGN_OR_RETURN(const int64_t minor, Amount(words[i + 1]));
    tender->set_amount_minor(minor);
    i += 2;
    v1::Tender next;
    if (i < words.size() && !TenderOf(words[i], &next)) {
      tender->set_reference(words[i++]);
    }
  }
  // A recalled basket is rung by its name, so that it goes with the sale.
  if (!parked_as_.empty()) {
    request.clear_lines();
    request.set_basket_id(parked_as_);
    // If the answer to that was lost, the sale may have taken it already.
    if (!IsUnanswered(request)) BL_RETURN_IF_ERROR(Save(parked_as_));
  }
  BL_ASSIGN_OR_RETURN(const auto rung,
                      Ask(&v1::Till::StubInterface::Ring, request));
  Clear();
  ShowSale(rung.sale(), rung);
  Warn(rung.warnings());
  return absl::OkStatus();
}

}  // namespace branchline::cli
