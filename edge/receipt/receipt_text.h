#pragma once

#include <string>

#include "devices/printer/receipt_document.h"

namespace branchline {

// A slip as plain text, `columns` wide: what a person reads in a terminal, and
// what a test compares. Chinese takes two columns a character, as on paper; a
// picture or a code is a line that says so; sizes and cuts are not shown. Lines
// end with a newline and have no blanks at their end.
std::string ReceiptAsText(const ReceiptDocument& document, int columns);

}  // namespace branchline
