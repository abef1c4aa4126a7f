#include "edge/receipt/receipt_html.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "devices/printer/qr_picture.h"

namespace branchline {
namespace {

constexpr absl::string_view kStyle =
    "body{font:14px/1.35 'Noto Sans','Noto Sans CJK SC',sans-serif;"
    "max-width:26em;margin:1em auto;padding:0 1em}"
    "p{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}"
    "table{width:100%;border-collapse:collapse}"
    "td{padding:0;vertical-align:top;overflow-wrap:anywhere}"
    ".c{text-align:center}.r{text-align:right;white-space:nowrap}"
    "hr{border:0;border-top:1px dashed}hr.d{border-top:3px double}"
    "svg{display:block;margin:.5em auto;max-width:100%}"
    ".cut{margin:1em 0;border-top:2px dotted}";

std::string Escaped(absl::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out.push_back(c);
    }
  }
  return out;
}

absl::string_view ClassOf(Align align) {
  switch (align) {
    case Align::kCentre:
      return " class=\"c\"";
    case Align::kRight:
      return " class=\"r\"";
    default:
      return "";
  }
}

// Opens and closes what the style asks for around `text`.
std::string Styled(absl::string_view text, const TextStyle& style) {
  std::string css;
  if (style.bold) css += "font-weight:bold;";
  if (style.underline) css += "text-decoration:underline;";
  if (style.inverse) css += "color:#fff;background:#000;";
  const int times = std::max(style.width_times, style.height_times);
  if (times > 1) absl::StrAppend(&css, "font-size:", 60 + times * 40, "%;");
  if (css.empty()) return Escaped(text);
  return absl::StrCat("<span style=\"", css, "\">", Escaped(text), "</span>");
}

// Black runs of a row become one rectangle each.
std::string Svg(const Bitmap& picture, absl::string_view says) {
  std::string out = absl::StrCat(
      "<svg role=\"img\" aria-label=\"", Escaped(says), "\" width=\"",
      picture.width(), "\" height=\"", picture.height(), "\" viewBox=\"0 0 ",
      picture.width(), " ", picture.height(),
      "\" shape-rendering=\"crispEdges\"><path d=\"");
  for (int y = 0; y < picture.height(); ++y) {
    for (int x = 0; x < picture.width();) {
      if (!picture.Get(x, y)) {
        ++x;
        continue;
      }
      const int from = x;
      while (x < picture.width() && picture.Get(x, y)) ++x;
      absl::StrAppend(&out, "M", from, " ", y, "h", x - from, "v1h-", x - from,
                      "z");
    }
  }
  return out + "\"/></svg>\n";
}

class HtmlRenderer {
 public:
  void operator()(const TextBlock& block) {
    EndTable();
    absl::StrAppend(&out_, "<p", ClassOf(block.align), ">");
    for (const TextSpan& span : block.spans) {
      out_ += Styled(span.text, span.style);
    }
    out_ += "</p>\n";
  }
  void operator()(const RowBlock& block) {
    // Rows of another number of cells are a table of their own.
    if (cells_ != block.cells.size()) EndTable();
    if (cells_ == 0) {
      out_ += "<table>\n";
      cells_ = block.cells.size();
    }
    out_ += "<tr>";
    for (const RowCell& cell : block.cells) {
      absl::StrAppend(&out_, "<td", ClassOf(cell.align), ">",
                      Styled(cell.text, block.style), "</td>");
    }
    out_ += "</tr>\n";
  }
  void operator()(const RuleBlock& block) {
    EndTable();
    out_ += block.fill == '=' ? "<hr class=\"d\">\n" : "<hr>\n";
  }
  void operator()(const BarcodeBlock& block) {
    EndTable();
    absl::StrAppend(&out_, "<p class=\"c\">", Escaped(block.data), "</p>\n");
  }
  void operator()(const QrBlock& block) {
    EndTable();
    const auto picture = QrPicture(block);
    if (picture.ok()) {
      out_ += Svg(*picture, block.data);
    } else {
      absl::StrAppend(&out_, "<p class=\"c\">", Escaped(block.data), "</p>\n");
    }
  }
  void operator()(const ImageBlock& block) {
    EndTable();
    out_ += Svg(block.bitmap, "");
  }
  void operator()(const FeedBlock&) {
    EndTable();
    out_ += "<p>&nbsp;</p>\n";
  }
  void operator()(const CutBlock&) {
    EndTable();
    out_ += "<div class=\"cut\"></div>\n";
  }
  void operator()(const DrawerBlock&) {}

  std::string Take() {
    EndTable();
    return std::move(out_);
  }

 private:
  void EndTable() {
    if (cells_ == 0) return;
    out_ += "</table>\n";
    cells_ = 0;
  }

  std::string out_;
  size_t cells_ = 0;  // of the table that is open; 0: none is
};

}  // namespace

std::string ReceiptAsHtml(const ReceiptDocument& document,
                          absl::string_view language, absl::string_view title) {
  HtmlRenderer renderer;
  for (const ReceiptBlock& block : document.blocks) {
    std::visit(renderer, block);
  }
  return absl::StrCat(
      "<!doctype html>\n<html lang=\"", Escaped(language),
      "\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\"><title>",
      Escaped(title), "</title><style>", kStyle, "</style></head>\n<body>\n",
      renderer.Take(), "</body>\n</html>\n");
}

}  // namespace branchline
