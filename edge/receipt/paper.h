#pragma once

#include <functional>
#include <string>

#include "absl/strings/string_view.h"
#include "devices/printer/receipt_document.h"
#include "edge/receipt/receipt_model.h"

namespace branchline {

// A slip before its printer is known: drawn for any width, any number of times.
struct DrawnPaper {
  std::function<ReceiptDocument(int columns)> draw;
  std::string copy_mark;  // over and under a copy of it
};

DrawnPaper PaperOf(ReceiptModel receipt);
// One that is the same list for every width: an X, a Z, a label.
DrawnPaper PaperOf(ReceiptDocument document, absl::string_view language);

}  // namespace branchline
