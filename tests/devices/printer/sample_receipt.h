#pragma once

#include <string>

#include "devices/printer/receipt_document.h"

namespace branchline {

// A sale with everything that a slip can have on it.
inline ReceiptDocument SampleReceipt() {
  Bitmap logo(160, 60);
  for (int y = 0; y < 60; ++y) {
    for (int x = 0; x < 160; ++x) {
      const bool is_frame = x < 4 || x > 155 || y < 4 || y > 55;
      if (is_frame || (x + y) % 16 < 3) logo.Set(x, y);
    }
  }
  const auto row = [](const char* name, const char* amount,
                      TextStyle style = {}) {
    return RowBlock{{{name, 0, Align::kLeft}, {amount, 10, Align::kRight}},
                    style};
  };
  ReceiptDocument document;
  document.blocks = {
      ImageBlock{logo, Align::kCentre},
      TextBlock{{{"HIGH STREET TEA",
                  {.bold = true, .width_times = 2, .height_times = 2}}},
                Align::kCentre},
      TextBlock{{{"Branch S001, till 2\n21 Nov 2026 10:15", {}}},
                Align::kCentre},
      RuleBlock{'-'},
      row("Tea, Earl Grey 50 bags", "3.98"),
      row("2 x 1.99", ""),
      row("\u9F99\u4E95\u7EFF\u8336 250 g", "\u00A568.00"),
      row("Caf\u00E9 cr\u00E8me, a coffee whose name is longer than a line "
          "of this receipt",
          "12.50"),
      RuleBlock{'='},
      row("TOTAL", "84.48", {.bold = true, .height_times = 2}),
      row("Cash", "100.00"),
      row("Change", "15.52", {.inverse = true}),
      TextBlock{{{"Thank you", {.underline = true}}}, Align::kRight},
      BarcodeBlock{Symbology::kEan13, "4006381333931"},
      QrBlock{"https://example.com/r/S001-17"},
      FeedBlock{2},
      DrawerBlock{},
      CutBlock{},
  };
  return document;
}

}  // namespace branchline
