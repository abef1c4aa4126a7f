#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "devices/printer/glyph_source.h"
#include "devices/printer/printer_profile.h"
#include "devices/printer/printer_text.h"
#include "devices/printer/receipt_document.h"
#include "devices/printer/text_layout.h"

namespace branchline {

// A slip as the bytes of one printer. The same document, profile and fonts give
// the same bytes. Not thread-safe.
class ReceiptEncoder {
 public:
  // `glyphs` may be null: what the printer lacks is then replaced, not drawn.
  // It outlives the encoder.
  //
  //   INVALID_ARGUMENT  the profile names a character set that does not exist,
  //                     or its sizes make no sense
  static absl::StatusOr<ReceiptEncoder> Make(const PrinterProfile& profile,
                                             GlyphSource* glyphs);

  // The whole slip, ESC @ to cut.
  //
  //   INVALID_ARGUMENT    a block that cannot be printed; the message names it
  //   RESOURCE_EXHAUSTED  more blocks or bytes than a slip may have
  absl::StatusOr<std::string> Encode(const ReceiptDocument& document);

  // The same slip marked as a copy, first and last, in words given by the
  // caller (the shop's language), and without opening the drawer.
  absl::StatusOr<std::string> EncodeCopy(const ReceiptDocument& document,
                                         const std::string& mark);

 private:
  ReceiptEncoder(const PrinterProfile& profile, GlyphSource* glyphs,
                 PrinterText text)
      : profile_(profile), glyphs_(glyphs), text_(std::move(text)) {}

  absl::StatusOr<std::string> EncodeBlocks(const ReceiptDocument& document,
                                           bool is_copy);
  Bitmap DrawLine(const TextLine& line);

  class BlockEncoder;

  PrinterProfile profile_;
  GlyphSource* glyphs_;
  PrinterText text_;
};

}  // namespace branchline
