#include "edge/pricing/tax_table.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

absl::Status CheckComponent(const TaxComponent& component, bool after_on_top) {
  if (component.code.empty() || component.code.size() > 32) {
    return absl::InvalidArgumentError(absl::StrCat(
        "a tax code has ", component.code.size(), " bytes, want 1 to 32"));
  }
  if (component.rate_e6 < 0 || component.rate_e6 > kTaxRateMaxE6) {
    return absl::InvalidArgumentError(
        absl::StrCat("rate of ", component.code, " is ", component.rate_e6,
                     " millionths, want 0 to ", kTaxRateMaxE6));
  }
  if (component.per_unit_minor_e4 < 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("amount per unit of ", component.code, " is below 0"));
  }
  const bool percent = component.kind == TaxKind::kPercent;
  if (percent ? component.per_unit_minor_e4 != 0 : component.rate_e6 != 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(component.code,
                     " has a rate and an amount per unit; "
                     "make it two components"));
  }
  if (component.included && after_on_top) {
    return absl::InvalidArgumentError(
        absl::StrCat(component.code,
                     " is in the price but comes after a tax "
                     "on top of it; put it first"));
  }
  return absl::OkStatus();
}

absl::Status CheckRule(const TaxRule& rule) {
  if (rule.id.empty() || rule.id.size() > 64 || rule.tax_class.size() > 64 ||
      rule.region.size() > 64) {
    return absl::InvalidArgumentError(
        "an id has 1 to 64 bytes, a tax class and a region at most 64");
  }
  if (rule.from_date != 0) BL_RETURN_IF_ERROR(ValidateDate(rule.from_date));
  if (rule.until_date != 0) {
    BL_RETURN_IF_ERROR(ValidateDate(rule.until_date));
    if (rule.until_date <= rule.from_date) {
      return absl::InvalidArgumentError(absl::StrCat(
          "it ends on ", FormatDate(rule.until_date),
          ", not after it starts on ", FormatDate(rule.from_date)));
    }
  }
  if (rule.components.size() > kTaxComponentsMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("it has ", rule.components.size(), " taxes, at most ",
                     kTaxComponentsMax));
  }
  std::set<std::string> codes;
  bool on_top = false;
  for (const TaxComponent& component : rule.components) {
    BL_RETURN_IF_ERROR(CheckComponent(component, on_top));
    if (!codes.insert(component.code).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("it has two taxes ", component.code));
    }
    on_top = on_top || !component.included;
  }
  return absl::OkStatus();
}

bool InForce(const TaxRule& rule, Date date) {
  return rule.from_date <= date &&
         (rule.until_date == 0 || date < rule.until_date);
}

bool Overlap(const TaxRule& a, const TaxRule& b) {
  return a.region == b.region && a.consumption == b.consumption &&
         (a.until_date == 0 || b.from_date < a.until_date) &&
         (b.until_date == 0 || a.from_date < b.until_date);
}

int Specificity(const TaxRule& rule) {
  return (rule.region.empty() ? 0 : 2) +
         (rule.consumption == Consumption::kAny ? 0 : 1);
}

}  // namespace

absl::StatusOr<TaxTable> TaxTable::Build(std::vector<TaxRule> rules) {
  if (rules.size() > kTaxRulesMax) {
    return absl::OutOfRangeError(absl::StrCat(
        "there are ", rules.size(), " tax rules, at most ", kTaxRulesMax));
  }
  TaxTable table;
  table.rules_ = std::move(rules);
  for (size_t i = 0; i < table.rules_.size(); ++i) {
    const TaxRule& rule = table.rules_[i];
    BL_RETURN_IF_ERROR(
        Annotate(CheckRule(rule), absl::StrCat("tax rule ", rule.id)));
    std::vector<size_t>& same_class = table.by_class_[rule.tax_class];
    for (const size_t other : same_class) {
      if (Overlap(table.rules_[other], rule)) {
        return absl::InvalidArgumentError(
            absl::StrCat("tax rules ", table.rules_[other].id, " and ", rule.id,
                         " of class ", rule.tax_class,
                         " overlap; end one where the other starts"));
      }
    }
    same_class.push_back(i);
  }
  return table;
}

absl::StatusOr<const TaxRule*> TaxTable::Find(absl::string_view tax_class,
                                              absl::string_view region,
                                              Consumption consumption,
                                              Date date) const {
  const TaxRule* best = nullptr;
  const auto it = by_class_.find(tax_class);
  if (it != by_class_.end()) {
    for (const size_t i : it->second) {
      const TaxRule& rule = rules_[i];
      const bool fits = InForce(rule, date) &&
                        (rule.region.empty() || rule.region == region) &&
                        (rule.consumption == Consumption::kAny ||
                         rule.consumption == consumption);
      if (fits && (best == nullptr || Specificity(rule) > Specificity(*best))) {
        best = &rule;
      }
    }
  }
  if (best == nullptr) {
    return absl::NotFoundError(absl::StrCat(
        "no tax rule for class '", tax_class, "' in region '", region, "' on ",
        FormatDate(date), "; have the office add one"));
  }
  return best;
}

}  // namespace branchline
