#include "devices/printer/printer_profile.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace branchline {
namespace {

std::vector<PrinterProfile> MakeProfiles() {
  const std::vector<std::pair<int, std::string>> western = {
      {0, "CP437"},  {2, "CP850"}, {16, "CP1252"}, {19, "CP858"}, {18, "CP852"},
      {17, "CP866"}, {3, "CP860"}, {4, "CP863"},   {5, "CP865"}};
  PrinterProfile epson;
  epson.name = "epson-80mm";
  epson.columns = 42;
  epson.code_pages = western;
  epson.proof = PrintProof::kProcessId;

  PrinterProfile japan = epson;
  japan.name = "epson-80mm-ja";
  japan.double_byte = "SHIFT_JIS";

  PrinterProfile generic;
  generic.name = "generic-80mm";
  generic.columns = 48;
  generic.code_pages = western;

  PrinterProfile small = generic;
  small.name = "generic-58mm";
  small.columns = 32;
  small.cut = PaperCut::kNone;

  // Made for the Chinese market: GB18030 on at power-up, and code pages that
  // differ from model to model, so none is relied on.
  PrinterProfile china = generic;
  china.name = "china-80mm";
  china.code_pages.clear();
  china.double_byte = "GB18030";
  china.double_byte_at_power_on = true;

  PrinterProfile china_small = china;
  china_small.name = "china-58mm";
  china_small.columns = 32;
  china_small.cut = PaperCut::kNone;

  // What every machine that calls itself ESC/POS can do.
  PrinterProfile plain;
  plain.name = "plain";
  plain.columns = 32;
  plain.raster = false;
  plain.qr_command = false;
  plain.status_back = false;
  plain.cut = PaperCut::kNone;
  plain.proof = PrintProof::kStatus;
  plain.real_time_pulse = false;

  return {epson, japan, generic, small, china, china_small, plain};
}

}  // namespace

const std::vector<PrinterProfile>& Profiles() {
  static const auto& profiles =
      *new std::vector<PrinterProfile>(MakeProfiles());
  return profiles;
}

absl::StatusOr<PrinterProfile> FindProfile(absl::string_view name) {
  for (const PrinterProfile& profile : Profiles()) {
    if (profile.name == name) return profile;
  }
  return absl::NotFoundError(absl::StrCat(
      "no printer profile '", name, "'; there are ",
      absl::StrJoin(Profiles(), ", ",
                    [](std::string* out, const PrinterProfile& profile) {
                      absl::StrAppend(out, profile.name);
                    })));
}

}  // namespace branchline
