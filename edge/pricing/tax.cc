#include "edge/pricing/tax.h"

#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "edge/pricing/fraction.h"
#include "edge/pricing/spread.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

// Lines that are taxed together. Figures are magnitudes.
struct Group {
  const TaxRule* rule = nullptr;
  bool exempt = false;
  bool negative = false;
  std::vector<size_t> lines;
  std::vector<int64_t> amounts_minor;
  std::vector<int64_t> quantities_milli;
  int64_t amount_minor = 0;
  int64_t quantity_milli = 0;
};

// A tax as a line over the net amount: slope x net + constant.
struct Affine {
  Fraction slope;
  Fraction constant;
};

absl::StatusOr<std::vector<Affine>> TaxesOverNet(const Group& group) {
  Affine base{Fraction(1), Fraction(0)};
  std::vector<Affine> taxes;
  for (const TaxComponent& component : group.rule->components) {
    Affine tax;
    if (component.kind == TaxKind::kPercent) {
      const Fraction rate = Fraction::Of(component.rate_e6, 1'000'000);
      BL_ASSIGN_OR_RETURN(tax.slope, base.slope.Times(rate));
      BL_ASSIGN_OR_RETURN(tax.constant, base.constant.Times(rate));
    } else {
      // Thousandths of a unit times ten-thousandths of a minor unit.
      const Fraction price = Fraction::Of(component.per_unit_minor_e4, 10'000);
      BL_ASSIGN_OR_RETURN(
          tax.constant, price.Times(Fraction::Of(group.quantity_milli, 1'000)));
    }
    if (component.raises_base) {
      BL_ASSIGN_OR_RETURN(base.slope, base.slope.Plus(tax.slope));
      BL_ASSIGN_OR_RETURN(base.constant, base.constant.Plus(tax.constant));
    }
    taxes.push_back(tax);
  }
  return taxes;
}

// amount = net + sum of the included taxes of net, solved for net.
absl::StatusOr<Fraction> ExactNet(const Group& group,
                                  const std::vector<Affine>& taxes) {
  Affine gross{Fraction(1), Fraction(0)};
  for (size_t i = 0; i < taxes.size(); ++i) {
    if (!group.rule->components[i].included) continue;
    BL_ASSIGN_OR_RETURN(gross.slope, gross.slope.Plus(taxes[i].slope));
    BL_ASSIGN_OR_RETURN(gross.constant, gross.constant.Plus(taxes[i].constant));
  }
  BL_ASSIGN_OR_RETURN(const Fraction rest,
                      Fraction(group.amount_minor).Minus(gross.constant));
  return rest.Over(gross.slope);
}

bool AnyAbove0(const std::vector<int64_t>& weights) {
  for (const int64_t weight : weights) {
    if (weight > 0) return true;
  }
  return false;
}

absl::StatusOr<std::vector<int64_t>> SpreadTax(const Group& group,
                                               const TaxComponent& component,
                                               int64_t tax_minor) {
  const bool by_quantity =
      component.kind == TaxKind::kPerUnit || !AnyAbove0(group.amounts_minor);
  return SpreadByWeight(
      tax_minor, by_quantity ? group.quantities_milli : group.amounts_minor);
}

absl::Status TaxGroup(const Group& group, TaxedReceipt* receipt) {
  const int64_t sign = group.negative ? -1 : 1;
  std::vector<int64_t> nets = group.amounts_minor;
  std::vector<std::vector<int64_t>> shares;  // per component, per line
  if (group.rule != nullptr) {
    BL_ASSIGN_OR_RETURN(const std::vector<Affine> taxes, TaxesOverNet(group));
    BL_ASSIGN_OR_RETURN(const Fraction net, ExactNet(group, taxes));
    for (size_t i = 0; i < taxes.size(); ++i) {
      BL_ASSIGN_OR_RETURN(Fraction exact, taxes[i].slope.Times(net));
      BL_ASSIGN_OR_RETURN(exact, exact.Plus(taxes[i].constant));
      BL_ASSIGN_OR_RETURN(const int64_t tax_minor, exact.Rounded());
      const TaxComponent& component = group.rule->components[i];
      BL_ASSIGN_OR_RETURN(std::vector<int64_t> share,
                          SpreadTax(group, component, tax_minor));
      for (size_t k = 0; k < nets.size(); ++k) {
        if (component.included) nets[k] -= share[k];
      }
      shares.push_back(std::move(share));
    }
  }
  for (size_t k = 0; k < group.lines.size(); ++k) {
    TaxedLine& line = receipt->lines[group.lines[k]];
    line.net_minor = sign * nets[k];
    line.payable_minor = line.net_minor;
    int64_t base_minor = line.net_minor;
    for (size_t i = 0; i < shares.size(); ++i) {
      const TaxComponent& component = group.rule->components[i];
      const int64_t tax_minor = sign * shares[i][k];
      if (group.exempt) {
        if (component.included) line.exempted_minor += tax_minor;
        continue;
      }
      line.taxes.push_back({component.code, component.rate_e6,
                            component.included, base_minor, tax_minor});
      if (component.raises_base) base_minor += tax_minor;
      line.tax_minor += tax_minor;
      BL_ASSIGN_OR_RETURN(line.payable_minor,
                          CheckedAdd(line.payable_minor, tax_minor));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Group>> GroupsOf(absl::Span<const TaxableLine> lines,
                                            TaxRounding rounding) {
  std::vector<Group> groups;  // in the order of their first lines
  std::map<std::tuple<const TaxRule*, bool, bool>, size_t> known;
  for (size_t i = 0; i < lines.size(); ++i) {
    const TaxableLine& line = lines[i];
    const bool negative = line.amount_minor < 0 ||
                          (line.amount_minor == 0 && line.quantity_milli < 0);
    const auto key = std::make_tuple(line.rule, line.exempt, negative);
    const auto it = known.find(key);
    const bool apart = rounding == TaxRounding::kPerLine || it == known.end();
    if (apart) {
      known[key] = groups.size();
      groups.push_back({line.rule, line.exempt, negative, {}, {}, {}, 0, 0});
    }
    Group& group = groups[apart ? groups.size() - 1 : it->second];
    BL_ASSIGN_OR_RETURN(const int64_t amount_minor,
                        negative ? CheckedSub(0, line.amount_minor)
                                 : absl::StatusOr<int64_t>(line.amount_minor));
    const int64_t quantity_milli =
        line.quantity_milli < 0 ? -line.quantity_milli : line.quantity_milli;
    group.lines.push_back(i);
    group.amounts_minor.push_back(amount_minor);
    group.quantities_milli.push_back(quantity_milli);
    BL_ASSIGN_OR_RETURN(group.amount_minor,
                        CheckedAdd(group.amount_minor, amount_minor));
    BL_ASSIGN_OR_RETURN(group.quantity_milli,
                        CheckedAdd(group.quantity_milli, quantity_milli));
  }
  return groups;
}

absl::Status SumUp(TaxedReceipt* receipt) {
  std::map<std::tuple<std::string, int64_t, bool>, size_t> rows;
  for (const TaxedLine& line : receipt->lines) {
    BL_ASSIGN_OR_RETURN(receipt->net_minor,
                        CheckedAdd(receipt->net_minor, line.net_minor));
    BL_ASSIGN_OR_RETURN(receipt->tax_minor,
                        CheckedAdd(receipt->tax_minor, line.tax_minor));
    BL_ASSIGN_OR_RETURN(receipt->payable_minor,
                        CheckedAdd(receipt->payable_minor, line.payable_minor));
    for (const LineTax& tax : line.taxes) {
      const auto [it, is_new] = rows.try_emplace(
          {tax.code, tax.rate_e6, tax.included}, receipt->table.size());
      if (is_new) {
        receipt->table.push_back(tax);
        continue;
      }
      LineTax& row = receipt->table[it->second];
      BL_ASSIGN_OR_RETURN(row.base_minor,
                          CheckedAdd(row.base_minor, tax.base_minor));
      BL_ASSIGN_OR_RETURN(row.tax_minor,
                          CheckedAdd(row.tax_minor, tax.tax_minor));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<TaxedReceipt> TaxLines(absl::Span<const TaxableLine> lines,
                                      TaxRounding rounding) {
  TaxedReceipt receipt;
  receipt.lines.resize(lines.size());
  BL_ASSIGN_OR_RETURN(const std::vector<Group> groups,
                      GroupsOf(lines, rounding));
  for (const Group& group : groups) {
    BL_RETURN_IF_ERROR(
        Annotate(TaxGroup(group, &receipt),
                 group.rule == nullptr ? "untaxed lines" : group.rule->id));
  }
  BL_RETURN_IF_ERROR(SumUp(&receipt));
  return receipt;
}

}  // namespace branchline
