#pragma once

#include <vector>

#include "devices/printer/printer_text.h"
#include "devices/printer/receipt_document.h"

namespace branchline {

struct StyledCell {
  PrinterCell cell;
  TextStyle style;

  int columns() const { return cell.columns * style.width_times; }
};

// Never wider than the paper.
using TextLine = std::vector<StyledCell>;

int ColumnsOf(const TextLine& line);

// Breaks paragraphs and rows into lines of at most `columns`. A line breaks at
// a blank, beside a wide character (Chinese has no blanks), or, in a word that
// is longer than a line, anywhere. A character that is wider than the whole
// line is left out.
std::vector<TextLine> LayOut(const TextBlock& block, int columns,
                             PrinterText* text);
std::vector<TextLine> LayOut(const RowBlock& block, int columns,
                             PrinterText* text);

}  // namespace branchline
