#include "sync/ledger/roles.h"

#include <algorithm>
#include <initializer_list>
#include <limits>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace branchline {
namespace {

constexpr std::pair<v1::Right, absl::string_view> kRights[] = {
    {v1::RIGHT_SELL, "sell"},
    {v1::RIGHT_DISCOUNT, "discount"},
    {v1::RIGHT_PRICE_OVERRIDE, "price-override"},
    {v1::RIGHT_DROP_CHANGE, "drop-change"},
    {v1::RIGHT_RETURN, "return"},
    {v1::RIGHT_RETURN_WITHOUT_RECEIPT, "return-without-receipt"},
    {v1::RIGHT_REFUND_OTHER_TENDER, "refund-other-tender"},
    {v1::RIGHT_POST_VOID, "post-void"},
    {v1::RIGHT_CANCEL_BASKET, "cancel-basket"},
    {v1::RIGHT_NO_SALE, "no-sale"},
    {v1::RIGHT_PAID_IN_OUT, "paid-in-out"},
    {v1::RIGHT_SAFE, "safe"},
    {v1::RIGHT_SHIFT, "shift"},
    {v1::RIGHT_SEE_EXPECTED, "see-expected"},
    {v1::RIGHT_DAY, "day"},
    {v1::RIGHT_STOCK, "stock"},
    {v1::RIGHT_HAND_WEIGHT, "hand-weight"},
    {v1::RIGHT_TAX_EXEMPT, "tax-exempt"},
    {v1::RIGHT_FREE_LINE, "free-line"},
    {v1::RIGHT_OPEN_DEPARTMENT, "open-department"},
    {v1::RIGHT_SETTLE_PAYMENT, "settle-payment"},
    {v1::RIGHT_TRAINING, "training"},
    {v1::RIGHT_WRITE_OFF, "write-off"},
};

v1::Role Make(absl::string_view id, std::initializer_list<v1::Right> rights) {
  v1::Role role;
  role.set_id(std::string(id));
  for (const v1::Right right : rights) role.add_rights(right);
  return role;
}

v1::Role MakeWithAll(absl::string_view id, int64_t money_max_minor) {
  v1::Role role = Make(id, {});
  for (const auto& [right, name] : kRights) role.add_rights(right);
  role.set_line_discount_max_bp(10'000);
  role.set_basket_discount_max_bp(10'000);
  role.set_override_down_max_bp(10'000);
  role.set_may_override_up(true);
  role.set_drop_change_max_minor(std::min<int64_t>(money_max_minor, 1'000));
  role.set_return_without_receipt_max_minor(money_max_minor);
  role.set_paid_out_max_minor(money_max_minor);
  return role;
}

std::vector<v1::Role> MakeRoles() {
  v1::Role supervisor =
      Make("supervisor",
           {v1::RIGHT_SELL, v1::RIGHT_DISCOUNT, v1::RIGHT_PRICE_OVERRIDE,
            v1::RIGHT_DROP_CHANGE, v1::RIGHT_RETURN,
            v1::RIGHT_RETURN_WITHOUT_RECEIPT, v1::RIGHT_REFUND_OTHER_TENDER,
            v1::RIGHT_POST_VOID, v1::RIGHT_CANCEL_BASKET, v1::RIGHT_NO_SALE,
            v1::RIGHT_PAID_IN_OUT, v1::RIGHT_SAFE, v1::RIGHT_SHIFT,
            v1::RIGHT_SEE_EXPECTED, v1::RIGHT_DAY, v1::RIGHT_HAND_WEIGHT,
            v1::RIGHT_SETTLE_PAYMENT, v1::RIGHT_OPEN_DEPARTMENT,
            v1::RIGHT_TRAINING});
  supervisor.set_line_discount_max_bp(2'000);
  supervisor.set_basket_discount_max_bp(1'000);
  supervisor.set_override_down_max_bp(2'000);
  supervisor.set_may_override_up(true);
  supervisor.set_drop_change_max_minor(100);
  supervisor.set_return_without_receipt_max_minor(10'000);
  supervisor.set_paid_out_max_minor(10'000);
  v1::Role cashier = Make(
      "cashier", {v1::RIGHT_SELL, v1::RIGHT_DISCOUNT, v1::RIGHT_DROP_CHANGE,
                  v1::RIGHT_RETURN, v1::RIGHT_CANCEL_BASKET, v1::RIGHT_SHIFT,
                  v1::RIGHT_OPEN_DEPARTMENT});
  cashier.set_line_discount_max_bp(500);
  cashier.set_drop_change_max_minor(10);
  return {MakeWithAll("owner", std::numeric_limits<int64_t>::max()),
          MakeWithAll("manager", 100'000),
          std::move(supervisor),
          std::move(cashier),
          Make("stock-keeper", {v1::RIGHT_STOCK}),
          Make("accountant",
               {v1::RIGHT_SEE_EXPECTED, v1::RIGHT_SAFE, v1::RIGHT_WRITE_OFF}),
          Make("auditor", {v1::RIGHT_SEE_EXPECTED}),
          Make("technician", {v1::RIGHT_NO_SALE})};
}

absl::Status CheckRole(const v1::Role& role) {
  const auto bad = [&](absl::string_view what) {
    return absl::InvalidArgumentError(
        absl::StrCat("role '", role.id().substr(0, 40), "': ", what));
  };
  if (role.id().empty() || role.id().size() > kRoleIdSizeMax ||
      role.id().find('\0') != std::string::npos) {
    return bad(absl::StrCat("its id has ", role.id().size(),
                            " bytes, want 1 to ", kRoleIdSizeMax));
  }
  for (const int right : role.rights()) {
    if (RightName(static_cast<v1::Right>(right)).empty()) {
      return bad(absl::StrCat("right ", right, " is not known here"));
    }
  }
  for (const int64_t percent_bp :
       {role.line_discount_max_bp(), role.basket_discount_max_bp(),
        role.override_down_max_bp()}) {
    if (percent_bp < 0 || percent_bp > 10'000) {
      return bad(absl::StrCat("a percentage of ", percent_bp,
                              " basis points is not between 0 and 10000"));
    }
  }
  for (const int64_t minor :
       {role.drop_change_max_minor(), role.return_without_receipt_max_minor(),
        role.paid_out_max_minor()}) {
    if (minor < 0) return bad("a limit is below 0");
  }
  return absl::OkStatus();
}

}  // namespace

const std::vector<v1::Role>& BuiltInRoles() {
  static const auto& roles = *new std::vector<v1::Role>(MakeRoles());
  return roles;
}

const v1::Role* RoleOf(const v1::RolesSet& own, absl::string_view id) {
  for (const v1::Role& role : own.roles()) {
    if (role.id() == id) return &role;
  }
  for (const v1::Role& role : BuiltInRoles()) {
    if (role.id() == id) return &role;
  }
  return nullptr;
}

bool HasRight(const v1::Role& role, v1::Right right) {
  return std::find(role.rights().begin(), role.rights().end(), right) !=
         role.rights().end();
}

absl::Status CheckRoles(const v1::RolesSet& roles) {
  if (roles.roles_size() > kRolesMax) {
    return absl::InvalidArgumentError(absl::StrCat(
        roles.roles_size(), " roles are given, at most ", kRolesMax));
  }
  std::set<absl::string_view> ids;
  for (const v1::Role& role : roles.roles()) {
    if (absl::Status status = CheckRole(role); !status.ok()) return status;
    if (!ids.insert(role.id()).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("role '", role.id(), "' is given twice"));
    }
  }
  return absl::OkStatus();
}

absl::string_view RightName(v1::Right right) {
  for (const auto& [known, name] : kRights) {
    if (known == right) return name;
  }
  return "";
}

v1::Right RightOf(absl::string_view name) {
  for (const auto& [right, known] : kRights) {
    if (known == name) return right;
  }
  return v1::RIGHT_UNSPECIFIED;
}

}  // namespace branchline
