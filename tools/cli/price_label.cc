// price label: the digits of a reduced-to-clear label, or the label drawn.

#include <memory>
#include <ostream>
#include <string>

#include "absl/strings/str_cat.h"
#include "devices/barcode/measure_rules.h"
#include "devices/printer/emulator/png_file.h"
#include "devices/printer/emulator/printer_emulator.h"
#include "devices/printer/glyph_source.h"
#include "devices/printer/printer_profile.h"
#include "devices/printer/receipt_encoder.h"
#include "edge/receipt/build_receipt.h"
#include "edge/receipt/lay_out_label.h"
#include "edge/receipt/receipt_text.h"
#include "edge/till/find_item.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"
#include "tools/cli/commands.h"
#include "tools/cli/hub_channel.h"
#include "tools/cli/rpc.h"

namespace branchline::cli {
namespace {

constexpr size_t kReceiveBytes = 1 << 20;  // of the drawn printer

struct LabelOptions {
  std::string hub_data;
  std::string number;
  std::string price;
  std::string currency;
  std::string language = "en";
  std::string profile = "epson-80mm";
  std::string png;
  bool text = false;
};

absl::StatusOr<v1::MeasureCodeRule> ReducedRule(HubChannel& hub) {
  BL_ASSIGN_OR_RETURN(const v1::PublishRequest published,
                      Call(hub.chain(), &v1::Chain::Stub::GetPublished,
                           v1::GetPublishedRequest()));
  for (const v1::MeasureCodeRule& rule : published.scan_rules().rules()) {
    if (rule.kind() == v1::MEASURE_CODE_KIND_REDUCED) return rule;
  }
  return absl::FailedPreconditionError(
      "the chain has no rule for labels with a reduced price: publish one in "
      "scanRules, of kind MEASURE_CODE_KIND_REDUCED (docs/PRICING.md)");
}

// The item that has `number`, with its prices.
absl::StatusOr<v1::CatalogueEntry> ItemOf(HubChannel& hub,
                                          const std::string& number) {
  v1::ListItemsRequest request;
  while (true) {
    BL_ASSIGN_OR_RETURN(
        const auto page,
        Call(hub.chain(), &v1::Chain::Stub::ListItems, request));
    if (page.entries().empty()) break;
    for (const v1::CatalogueEntry& entry : page.entries()) {
      if (entry.item().sku() == number || HasCode(entry.item(), number)) {
        return entry;
      }
      request.set_after_sku(entry.item().sku());
    }
  }
  return absl::NotFoundError(
      absl::StrCat("no item has the number ", number,
                   ": give it one, 'branchline catalog import'"));
}

absl::Status Draw(const v1::LabelsPrinted& label, const std::string& name,
                  const LabelOptions& options, Run& run) {
  BL_ASSIGN_OR_RETURN(const PrinterProfile profile,
                      FindProfile(options.profile));
  BL_ASSIGN_OR_RETURN(
      const ReceiptDocument document,
      LayOutLabel(label, name, options.language, profile.columns));
  if (options.text) run.out << ReceiptAsText(document, profile.columns);
  if (options.png.empty()) return absl::OkStatus();
  BL_ASSIGN_OR_RETURN(const auto fonts, OpenFonts(DefaultFontFiles()));
  BL_ASSIGN_OR_RETURN(ReceiptEncoder encoder,
                      ReceiptEncoder::Make(profile, fonts.get()));
  BL_ASSIGN_OR_RETURN(const std::string bytes, encoder.Encode(document));
  BL_ASSIGN_OR_RETURN(
      PrinterEmulator printer,
      PrinterEmulator::Make({profile, kReceiveBytes}, fonts.get()));
  printer.Accept(bytes);
  BL_RETURN_IF_ERROR(WritePng(options.png, printer.paper().picture()));
  run.out << options.png << "\n";
  return absl::OkStatus();
}

absl::Status PrintLabel(const LabelOptions& options, Run& run) {
  BL_ASSIGN_OR_RETURN(
      HubChannel hub,
      HubChannel::Open(options.hub_data, HubChannel::Access::kRead));
  BL_ASSIGN_OR_RETURN(const v1::MeasureCodeRule rule, ReducedRule(hub));
  BL_ASSIGN_OR_RETURN(
      const int64_t value,
      ParseDecimal(options.price, static_cast<int>(rule.decimals())));
  BL_ASSIGN_OR_RETURN(
      const std::string code,
      MeasureRules::Write({rule.pattern(), MeasureKind::kReduced,
                           static_cast<int>(rule.decimals()),
                           static_cast<int>(rule.weight_decimals())},
                          options.number, value));
  if (!options.text && options.png.empty()) {
    run.out << code << "\n";
    return absl::OkStatus();
  }
  BL_ASSIGN_OR_RETURN(const v1::CatalogueEntry entry,
                      ItemOf(hub, options.number));
  v1::LabelsPrinted label;
  label.set_sku(entry.item().sku());
  label.set_code(code);
  label.set_count(1);
  for (const v1::Price& price : entry.prices()) {
    if (!options.currency.empty() && price.currency() != options.currency) {
      continue;
    }
    if (!label.currency().empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("SKU ", label.sku(),
                       " has prices in several currencies: give "
                       "--currency"));
    }
    label.set_currency(price.currency());
    BL_ASSIGN_OR_RETURN(const int64_t old_minor,
                        PriceTimesQuantity(price.price_minor_e4(), 1'000));
    label.set_old_price_minor(old_minor);
  }
  if (label.currency().empty()) {
    return absl::NotFoundError(
        absl::StrCat("SKU ", label.sku(), " has no price ",
                     options.currency.empty() ? "" : "in ", options.currency));
  }
  BL_ASSIGN_OR_RETURN(const int digits, MinorDigits(label.currency()));
  BL_ASSIGN_OR_RETURN(const int64_t price_minor,
                      ParseDecimal(options.price, digits));
  label.set_price_minor(price_minor);
  return Draw(label, ItemNameIn(entry.item(), options.language), options, run);
}

}  // namespace

void AddPriceLabelCommand(CLI::App& group, Run& run) {
  const std::vector<ExitCode> exits = {ExitCode::kNotReachable,
                                       ExitCode::kDamaged, ExitCode::kNoSpace};
  const auto o = std::make_shared<LabelOptions>();
  CLI::App* command = AddCommand(
      group,
      {"label",
       "The digits of a label that carries an item's number and its reduced "
       "price, by the chain's rule for such labels; or the label itself, as "
       "text or as a picture. Tills sell one piece at exactly that price. In a "
       "branch, 'label' of 'branchline till' prints it.",
       "  branchline price label 12345 0.99 --hub-data hub\n"
       "  branchline price label 12345 0.99 --text --language zh-CN --hub-data "
       "hub\n"
       "  branchline price label 12345 0.99 --png label.png --hub-data hub\n"},
      exits, run, [o, &run] { return PrintLabel(*o, run); });
  AddHubData(command, &o->hub_data);
  command->add_option("number", o->number, "The item's number, digits only")
      ->required();
  command->add_option("price", o->price, "The reduced price")->required();
  command->add_flag("--text", o->text, "Print the label as text");
  command->add_option("--png", o->png, "Draw the label into this file")
      ->type_name("FILE");
  command
      ->add_option("--currency", o->currency,
                   "Where the item has prices in several")
      ->type_name("CODE");
  command->add_option("--language", o->language,
                      "en, zh-CN or zh-TW. Default: en");
  command->add_option("--profile", o->profile,
                      "The printer whose paper it is drawn for. Default: "
                      "epson-80mm");
}

}  // namespace branchline::cli
