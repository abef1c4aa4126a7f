#pragma once

#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "branchline/v1/till.pb.h"
#include "tools/cli/till_words.h"

namespace branchline::cli {

// What the console shows of a sale, a return or a Z, in lines of 42 columns.
// Names of goods by SKU; one that is not there is shown by its SKU.
using ItemNames = std::map<std::string, std::string, std::less<>>;

std::string SaleText(const v1::Sale& sale, const ItemNames& names,
                     Language language);
std::string ReturnText(const v1::Return& back, const ItemNames& names,
                       Language language);
// What the day came to, the shifts that it closed uncounted, and the sales with
// payments that nobody has seen to.
std::string DayText(const v1::DayClosed& seal, Language language);
std::string ShiftText(const v1::ShiftReport& report, Language language);

// What was counted, and against what; of a blind count no more than that.
std::string CountedText(const v1::CashCounted& counted, Language language);

// The name of an item, or its SKU.
std::string NameOf(const std::string& sku, const ItemNames& names);

// "amount" at the right end of a line that starts with "label".
std::string PaperLine(absl::string_view label, absl::string_view amount);

}  // namespace branchline::cli
