#include "hub/merge/catalogue_diff.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "sync/base/money.h"

namespace branchline {
namespace {

using google::protobuf::FieldDescriptor;

// "open-department" of ITEM_KIND_OPEN_DEPARTMENT.
std::string WordOf(const google::protobuf::EnumValueDescriptor* value) {
  const std::string first = value->type()->value(0)->name();  // ..._UNSPECIFIED
  absl::string_view word = value->name();
  absl::ConsumePrefix(&word, first.substr(0, first.rfind('_') + 1));
  return absl::StrReplaceAll(absl::AsciiStrToLower(word), {{"_", "-"}});
}

std::string TextOf(const v1::ItemCode& code) {
  std::string text =
      absl::StrCat(code.code(), "*", std::max<int64_t>(code.pieces(), 1));
  if (!code.has_price_minor()) return text;
  const auto digits = MinorDigits(code.currency());
  return absl::StrCat(text, "=",
                      FormatMinor(code.price_minor(), digits.value_or(0)), "/",
                      code.currency());
}

// The values of one field that is set, as a catalogue's file has them.
std::string TextOf(const v1::Item& item, const FieldDescriptor* field) {
  const auto* reflection = v1::Item::GetReflection();
  if (field->is_repeated()) {
    std::vector<std::string> all;
    for (int i = 0; i < reflection->FieldSize(item, field); ++i) {
      if (field->type() == FieldDescriptor::TYPE_STRING) {
        all.push_back(reflection->GetRepeatedString(item, field, i));
      } else if (field->number() == v1::Item::kCodesFieldNumber) {
        all.push_back(TextOf(item.codes(i)));
      } else {
        all.push_back(
            absl::StrCat(item.variant(i).name(), "=", item.variant(i).value()));
      }
    }
    return absl::StrJoin(all, " ");
  }
  if (!reflection->HasField(item, field)) return "";
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection->GetString(item, field);
    case FieldDescriptor::CPPTYPE_ENUM:
      return WordOf(reflection->GetEnum(item, field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return "yes";
    case FieldDescriptor::CPPTYPE_UINT32:
      return absl::StrCat(reflection->GetUInt32(item, field));
    default:
      return absl::StrCat(reflection->GetInt64(item, field));
  }
}

// Its column in a catalogue's file.
std::string ColumnOf(const FieldDescriptor* field) {
  switch (field->number()) {
    case v1::Item::kBarcodesFieldNumber:
      return "barcode";
    case v1::Item::kKeyedPriceMaxMinorE4FieldNumber:
      return "keyed_price_max";
    default:
      return field->name();
  }
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
    difference->set_field(ColumnOf(field));
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
