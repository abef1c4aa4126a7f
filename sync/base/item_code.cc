#include "sync/base/item_code.h"

#include <utility>

#include "sync/base/check_digit.h"
#include "sync/base/gtin.h"

namespace branchline {

namespace {

constexpr size_t kShortSize = 8;  // of EAN-8 and of a whole UPC-E
constexpr absl::string_view kBeforeShort = "000000";

// The 14 digits that a UPC-E stands for; empty: it is none.
std::string FromUpcE(absl::string_view code) {
  const auto upc_a = ExpandUpcE(code);
  if (!upc_a.ok()) return std::string();
  auto gtin = NormaliseGtin(*upc_a);
  return gtin.ok() ? *std::move(gtin) : std::string();
}

}  // namespace

std::string NormalCode(absl::string_view code) {
  auto gtin = NormaliseGtin(code);
  if (code.size() == kShortSize && AllDigits(code) &&
      (code[0] == '0' || !gtin.ok())) {
    std::string upc = FromUpcE(code);
    if (!upc.empty()) return upc;
  }
  if (gtin.ok()) return *std::move(gtin);
  return std::string(code);
}

std::vector<std::string> FormsOfScan(absl::string_view code) {
  std::vector<std::string> forms = {NormalCode(code)};
  const auto also = [&forms](std::string form) {
    for (const std::string& have : forms) {
      if (form == have) return;
    }
    if (!form.empty()) forms.push_back(std::move(form));
  };
  if (!AllDigits(code)) return forms;
  if (code.size() == 14 && code.substr(0, 6) == kBeforeShort) {
    also(NormalCode(code.substr(6)));
  }
  if (code.size() >= 6 && code.size() <= kShortSize) also(FromUpcE(code));
  auto gtin = NormaliseGtin(code);
  if (gtin.ok()) also(*std::move(gtin));
  return forms;
}

}  // namespace branchline
