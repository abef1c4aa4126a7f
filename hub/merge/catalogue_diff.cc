#include "hub/merge/catalogue_diff.h"

#include <google/protobuf/text_format.h>

#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sync/base/money.h"

namespace branchline {
namespace {

using google::protobuf::FieldDescriptor;

// One field's values, one after the other.
std::string TextOf(const v1::Item& item, const FieldDescriptor* field) {
  const auto* reflection = v1::Item::GetReflection();
  google::protobuf::TextFormat::Printer printer;
  printer.SetSingleLineMode(true);
  printer.SetUseUtf8StringEscaping(true);
  std::string all;
  const int count = field->is_repeated() ? reflection->FieldSize(item, field)
                    : reflection->HasField(item, field) ? 1
                                                        : 0;
  for (int i = 0; i < count; ++i) {
    std::string one;
    if (field->type() == FieldDescriptor::TYPE_STRING) {
      one = field->is_repeated() ? reflection->GetRepeatedString(item, field, i)
                                 : reflection->GetString(item, field);
    } else {
      printer.PrintFieldValueToString(item, field,
                                      field->is_repeated() ? i : -1, &one);
    }
    absl::StrAppend(&all, all.empty() ? "" : " ", one);
  }
  return all;
}

}  // namespace

std::string PriceText(int64_t price_minor_e4, const std::string& currency) {
  const auto digits = MinorDigits(currency);
  std::string text = FormatMinor(price_minor_e4, digits.value_or(0) + 4);
  for (int i = 0; i < 4 && absl::EndsWith(text, "0"); ++i) text.pop_back();
  if (absl::EndsWith(text, ".")) text.pop_back();
  return text;
}

void AddDifferences(const std::optional<v1::Item>& before,
                    const v1::Item& after,
                    v1::ImportCatalogueResponse* response) {
  const auto* descriptor = v1::Item::descriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    if (field->name() == "sku" && before.has_value()) continue;
    std::string was = before.has_value() ? TextOf(*before, field) : "";
    std::string is = TextOf(after, field);
    if (was == is) continue;
    v1::Difference* difference = response->add_differences();
    difference->set_sku(after.sku());
    difference->set_field(field->name());
    difference->set_before(std::move(was));
    difference->set_after(std::move(is));
  }
}

void AddDifference(const std::optional<v1::Price>& before,
                   const v1::Price& after,
                   v1::ImportCatalogueResponse* response) {
  v1::Difference* difference = response->add_differences();
  difference->set_sku(after.sku());
  difference->set_field(absl::StrCat("price ", after.currency()));
  if (before.has_value()) {
    difference->set_before(
        PriceText(before->price_minor_e4(), after.currency()));
  }
  difference->set_after(PriceText(after.price_minor_e4(), after.currency()));
}

}  // namespace branchline
