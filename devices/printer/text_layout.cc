#include "devices/printer/text_layout.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_split.h"

namespace branchline {
namespace {

bool IsBlank(const StyledCell& cell) {
  return cell.cell.kind == PrinterCell::Kind::kAscii &&
         cell.cell.character == U' ';
}

// How many cells of the paragraph from `first` on go on one line of `columns`.
size_t LineEnd(const TextLine& paragraph, size_t first, int columns) {
  int used = 0;
  size_t end = first;
  size_t last_break = first;  // none yet
  while (end < paragraph.size()) {
    const StyledCell& next = paragraph[end];
    // Blanks may hang over the margin: they are cut off.
    if (!IsBlank(next) && used + next.columns() > columns) {
      return last_break > first ? last_break : end;
    }
    used += next.columns();
    ++end;
    const bool breaks_after =
        IsBlank(next) || next.cell.columns == 2 ||
        (end < paragraph.size() && paragraph[end].cell.columns == 2);
    if (breaks_after) last_break = end;
  }
  return end;
}

void Pad(int columns, TextLine* line) {
  line->insert(line->end(), static_cast<size_t>(std::max(columns, 0)),
               StyledCell());
}

void AlignLine(Align align, int columns, TextLine* line) {
  const int missing = columns - ColumnsOf(*line);
  if (align == Align::kLeft || missing <= 0) return;
  TextLine aligned;
  Pad(align == Align::kRight ? missing : missing / 2, &aligned);
  aligned.insert(aligned.end(), line->begin(), line->end());
  *line = std::move(aligned);
}

void BreakParagraph(TextLine paragraph, int columns, Align align,
                    std::vector<TextLine>* lines) {
  paragraph.erase(std::remove_if(paragraph.begin(), paragraph.end(),
                                 [columns](const StyledCell& cell) {
                                   return cell.columns() > columns;
                                 }),
                  paragraph.end());
  size_t first = 0;
  do {
    const size_t end = LineEnd(paragraph, first, columns);
    TextLine line(paragraph.begin() + static_cast<ptrdiff_t>(first),
                  paragraph.begin() + static_cast<ptrdiff_t>(end));
    while (!line.empty() && IsBlank(line.back())) line.pop_back();
    AlignLine(align, columns, &line);
    lines->push_back(std::move(line));
    first = end;
  } while (first < paragraph.size());
}

}  // namespace

int ColumnsOf(const TextLine& line) {
  int columns = 0;
  for (const StyledCell& cell : line) columns += cell.columns();
  return columns;
}

std::vector<TextLine> LayOut(const TextBlock& block, int columns,
                             PrinterText* text) {
  std::vector<TextLine> paragraphs(1);
  for (const TextSpan& span : block.spans) {
    bool is_first = true;
    for (const absl::string_view part : absl::StrSplit(span.text, '\n')) {
      if (!is_first) paragraphs.emplace_back();
      is_first = false;
      for (const PrinterCell& cell : text->Cells(part)) {
        paragraphs.back().push_back({cell, span.style});
      }
    }
  }
  std::vector<TextLine> lines;
  for (TextLine& paragraph : paragraphs) {
    BreakParagraph(std::move(paragraph), columns, block.align, &lines);
  }
  return lines;
}

std::vector<TextLine> LayOut(const RowBlock& block, int columns,
                             PrinterText* text) {
  int taken = 0;
  int sharing = 0;
  for (const RowCell& cell : block.cells) {
    taken += std::clamp(cell.width, 0, columns);
    if (cell.width <= 0) ++sharing;
  }
  const int share = sharing == 0 ? 0 : std::max(columns - taken, 0) / sharing;

  std::vector<TextLine> lines;
  int left = 0;  // where the cell begins
  for (const RowCell& cell : block.cells) {
    const int width =
        std::min(cell.width > 0 ? cell.width : share, columns - left);
    if (width <= 0) continue;
    const std::vector<TextLine> cell_lines =
        LayOut(TextBlock{{{cell.text, block.style}}, cell.align}, width, text);
    for (size_t i = 0; i < cell_lines.size(); ++i) {
      if (i >= lines.size()) lines.emplace_back();
      if (cell_lines[i].empty()) continue;
      Pad(left - ColumnsOf(lines[i]), &lines[i]);
      lines[i].insert(lines[i].end(), cell_lines[i].begin(),
                      cell_lines[i].end());
    }
    left += width;
  }
  return lines;
}

}  // namespace branchline
