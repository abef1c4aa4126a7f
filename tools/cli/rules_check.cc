#include "tools/cli/rules_check.h"

#include <google/protobuf/util/json_util.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "devices/barcode/measure_rules.h"
#include "edge/till/pricing_book.h"
#include "sync/base/status_macros.h"

namespace branchline::cli {
namespace {

constexpr uintmax_t kFileBytesMax = 3 << 20;  // one call holds 4 MiB

}  // namespace

absl::Status CheckRules(const v1::PublishRequest& request) {
  const PricingBook book = MakePricingBook(
      request.price_book(), request.promotions(), request.taxes());
  if (!book.left_out.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the branches would leave out ", book.left_out.size(),
                     " of these; the first: ", book.left_out[0]));
  }
  for (const v1::MeasureCodeRule& rule : request.scan_rules().rules()) {
    const bool is_price = rule.kind() == v1::MEASURE_CODE_KIND_PRICE ||
                          rule.kind() == v1::MEASURE_CODE_KIND_REDUCED;
    BL_RETURN_IF_ERROR(
        MeasureRules::Make(
            {{rule.pattern(),
              is_price ? MeasureKind::kPrice : MeasureKind::kWeight,
              static_cast<int>(rule.decimals()),
              static_cast<int>(rule.weight_decimals())}})
            .status());
  }
  return absl::OkStatus();
}

std::vector<std::string> OverlapsOfLists(const v1::PriceBookSet& book) {
  const PricingBook plain = MakePricingBook(book, {}, {});
  std::vector<PriceCandidate> candidates;
  for (const PriceList& list : plain.lists) candidates.push_back({&list, 0});
  return OverlapsOf(candidates);
}

absl::StatusOr<v1::PublishRequest> ReadRulesFile(const std::string& path) {
  std::error_code error;
  const uintmax_t size = std::filesystem::file_size(path, error);
  std::ifstream in(path, std::ios::binary);
  if (error || !in) {
    return absl::NotFoundError(absl::StrCat("file ", path, " cannot be read"));
  }
  if (size > kFileBytesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("file ", path, " has ", size, " bytes, at most ",
                     kFileBytesMax, ": publish it in parts"));
  }
  std::ostringstream text;
  text << in.rdbuf();
  v1::PublishRequest request;
  const auto parsed =
      google::protobuf::util::JsonStringToMessage(text.str(), &request);
  if (!parsed.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("file ", path, ": ", std::string(parsed.message()),
                     "; 'branchline rules show' prints what it looks like"));
  }
  return request;
}

}  // namespace branchline::cli
