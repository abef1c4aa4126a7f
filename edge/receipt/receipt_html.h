#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "devices/printer/receipt_document.h"

namespace branchline {

// A slip as one HTML page that needs nothing beside it: for a screen, or an
// e-mail. Codes and pictures are drawn in SVG; every text is escaped; sizes and
// cuts are shown as on paper. `language` for the page's lang attribute.
std::string ReceiptAsHtml(const ReceiptDocument& document,
                          absl::string_view language, absl::string_view title);

}  // namespace branchline
