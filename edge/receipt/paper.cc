#include "edge/receipt/paper.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "edge/receipt/lay_out_receipt.h"
#include "edge/receipt/receipt_words.h"

namespace branchline {

DrawnPaper PaperOf(ReceiptModel receipt) {
  std::string copy_mark = receipt.copy_mark;
  return {[receipt = std::move(receipt)](int columns) {
            return LayOutReceipt(receipt, columns);
          },
          std::move(copy_mark)};
}

DrawnPaper PaperOf(ReceiptDocument document, absl::string_view language) {
  return {[document = std::move(document)](int) { return document; },
          absl::StrCat("*** ", WordsOf(language).copy, " ***")};
}

}  // namespace branchline
