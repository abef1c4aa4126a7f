#include "edge/serve/till_device_api.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "devices/display/cd5220.h"
#include "edge/receipt/lay_out_label.h"
#include "edge/serve/said.h"
#include "sync/base/bytes.h"
#include "sync/base/status_macros.h"
#include "sync/journal/record.h"

namespace branchline {
namespace {

constexpr uint32_t kTakeScansWaitMaxMs = 10'000;
// How soon a stream that nobody listens to any more lets its thread go.
constexpr absl::Duration kWatchTurn = absl::Milliseconds(500);

}  // namespace

absl::Status TillDeviceApi::WatchScans(
    const CallContext& context, const v1::WatchScansRequest& request,
    const std::function<bool(const v1::ScanRead&)>& write,
    const std::function<bool()>& cancelled) {
  BL_ASSIGN_OR_RETURN(std::string till, tills_.TillOf(context));
  ScanFeed& scans = desk_.manager().scans();
  uint64_t after = request.after() == 0 ? scans.last() : request.after();
  while (!cancelled()) {
    for (const v1::ScanRead& scan : scans.Wait(till, after, kWatchTurn)) {
      after = scan.number();
      if (!write(scan)) return absl::OkStatus();
    }
    if (scans.stopped()) {
      return absl::UnavailableError("this node is stopping; watch again");
    }
    // An unpaired till's stream ends.
    BL_ASSIGN_OR_RETURN(till, tills_.TillOf(context));
  }
  return absl::OkStatus();
}

absl::Status TillDeviceApi::TakeScans(const CallContext& context,
                                      const v1::TakeScansRequest& request,
                                      v1::TakeScansResponse* response) {
  BL_ASSIGN_OR_RETURN(const std::string till, tills_.TillOf(context));
  ScanFeed& scans = desk_.manager().scans();
  const uint64_t after = request.after() == 0 ? scans.last() : request.after();
  response->set_next_after(after);
  const uint32_t wait_ms = std::min(request.wait_ms(), kTakeScansWaitMaxMs);
  for (v1::ScanRead& scan :
       scans.Wait(till, after, absl::Milliseconds(wait_ms))) {
    response->set_next_after(scan.number());
    *response->add_scans() = std::move(scan);
  }
  return absl::OkStatus();
}

absl::Status TillDeviceApi::TakeWeight(const CallContext& context,
                                       const v1::TakeWeightRequest&,
                                       v1::TakeWeightResponse* response) {
  BL_ASSIGN_OR_RETURN(const std::string till, tills_.TillOf(context));
  BL_ASSIGN_OR_RETURN(const ScaleReading reading,
                      desk_.manager().TakeWeight(till));
  response->set_weight_grams(reading.weight_grams);
  response->set_is_net(reading.is_net);
  return absl::OkStatus();
}

absl::Status TillDeviceApi::ZeroScale(const CallContext& context,
                                      const v1::ZeroScaleRequest&,
                                      v1::ZeroScaleResponse*) {
  BL_ASSIGN_OR_RETURN(const std::string till, tills_.TillOf(context));
  return desk_.manager().ZeroScale(till);
}

absl::Status TillDeviceApi::ShowOnDisplay(
    const CallContext& context, const v1::ShowOnDisplayRequest& request,
    v1::ShowOnDisplayResponse*) {
  BL_ASSIGN_OR_RETURN(const std::string till, tills_.TillOf(context));
  return desk_.manager().Show(
      till, {DisplayLine(request.upper(), request.upper_right()),
             DisplayLine(request.lower(), request.lower_right())});
}

absl::Status TillDeviceApi::OpenDrawer(const CallContext& context,
                                       const v1::OpenDrawerRequest& request,
                                       v1::OpenDrawerResponse* response) {
  BL_ASSIGN_OR_RETURN(const std::string till, tills_.TillOf(context));
  BL_ASSIGN_OR_RETURN(const std::string drawer, desk_.manager().DrawerOf(till));
  if (!request.drawer().empty() && request.drawer() != drawer) {
    return absl::InvalidArgumentError(absl::StrCat(
        "till ", till, " opens drawer ", drawer, ", not ", request.drawer()));
  }
  v1::OpenDrawerRequest asked = request;
  asked.set_drawer(drawer);
  BL_ASSIGN_OR_RETURN(const Outcome outcome,
                      queue_.Execute({till, clock_.WallNow(), asked}));
  *response->mutable_landed()->mutable_at() = ToProto(outcome.at);
  response->mutable_landed()->set_repeated(outcome.repeated);
  if (outcome.repeated) {
    // The first answer was lost on its way; the drawer has opened.
    response->set_trouble("asked before: the drawer was told to open then");
    return absl::OkStatus();
  }
  const absl::Status opened = desk_.manager().OpenDrawer(
      drawer, request.reason(), request.header().staff(), "",
      /*recorded=*/true);
  response->set_trouble(std::string(opened.message()));
  return absl::OkStatus();
}

// Whoever asks finds out that there is no printer before anything is
// journalled.
absl::Status TillDeviceApi::ReprintReceipt(
    const CallContext& context, const v1::ReprintReceiptRequest& request,
    v1::ReprintReceiptResponse* response) {
  BL_ASSIGN_OR_RETURN(const std::string till, tills_.TillOf(context));
  BL_RETURN_IF_ERROR(desk_.manager().CheckPrinter(till));
  BL_ASSIGN_OR_RETURN(const Outcome outcome, tills_.Reprint(context, request));
  SetLanded(outcome, response->mutable_landed());
  *response->mutable_reprinted() = outcome.event.paper_reprinted();
  BL_ASSIGN_OR_RETURN(
      const IssuedPaper paper,
      desk_.receipts().Find(outcome.event.paper_reprinted().document_no()));
  BL_ASSIGN_OR_RETURN(
      *response->mutable_printer(),
      desk_.manager().Reprint(
          till, absl::StrCat("copy:", Hex(outcome.event.command_id())), paper,
          outcome.event.staff()));
  return absl::OkStatus();
}

absl::Status TillDeviceApi::PrintX(const CallContext& context,
                                   const v1::PrintXRequest& request,
                                   v1::PrintXResponse* response) {
  BL_ASSIGN_OR_RETURN(const std::string till, tills_.TillOf(context));
  if (request.request_id().size() != kCommandIdSize) {
    return absl::InvalidArgumentError(absl::StrCat(
        "request_id has ", request.request_id().size(), " bytes, want ",
        kCommandIdSize, ": make a UUID and keep it for retries"));
  }
  v1::ShiftReport x;
  BL_RETURN_IF_ERROR(tills_.GetShift(context, v1::GetShiftRequest(), &x));
  BL_ASSIGN_OR_RETURN(const DrawnPaper paper,
                      desk_.receipts().DrawShift(
                          x, desk_.manager().ReceiptText(), clock_.WallNow()));
  BL_ASSIGN_OR_RETURN(*response->mutable_printer(),
                      desk_.manager().PrintAt(
                          till, absl::StrCat("x:", Hex(request.request_id())),
                          paper, /*as_copy=*/false));
  return absl::OkStatus();
}

absl::Status TillDeviceApi::PrintLabels(const CallContext& context,
                                        const v1::PrintLabelsRequest& request,
                                        v1::PrintLabelsResponse* response) {
  BL_ASSIGN_OR_RETURN(const std::string till, tills_.TillOf(context));
  BL_RETURN_IF_ERROR(desk_.manager().CheckPrinter(till));
  BL_ASSIGN_OR_RETURN(const Outcome outcome,
                      tills_.TakeLabels(context, request));
  SetLanded(outcome, response->mutable_landed());
  const v1::LabelsPrinted& printed = outcome.event.labels_printed();
  *response->mutable_printed() = printed;
  const std::string language = desk_.manager().ReceiptText().language();
  BL_ASSIGN_OR_RETURN(
      const DrawnPaper paper,
      LabelPaper(printed, desk_.receipts().NameOf(printed.sku(), language),
                 language));
  BL_ASSIGN_OR_RETURN(
      *response->mutable_printer(),
      desk_.manager().PrintAt(
          till, absl::StrCat("label:", Hex(outcome.event.command_id())), paper,
          /*as_copy=*/false));
  return absl::OkStatus();
}

absl::Status TillDeviceApi::ListDevices(const CallContext& context,
                                        const v1::ListDevicesRequest&,
                                        v1::ListDevicesResponse* response) {
  BL_ASSIGN_OR_RETURN(const std::string till, tills_.TillOf(context));
  for (v1::DeviceState& state : desk_.manager().States(till)) {
    *response->add_devices() = std::move(state);
  }
  return absl::OkStatus();
}

void TillDeviceApi::Register(UnaryRegistry* registry) {
#define BL_REGISTER(method)                                                  \
  registry->Register<v1::method##Request, v1::method##Response>(             \
      "branchline.v1.TillDeviceService/" #method,                            \
      [this](const CallContext& context, const v1::method##Request& request, \
             v1::method##Response* response) {                               \
        return Said(                                                         \
            method(context, request, response),                              \
            [&] { return Language(context); }, response);                    \
      })
  BL_REGISTER(TakeScans);
  BL_REGISTER(TakeWeight);
  BL_REGISTER(ZeroScale);
  BL_REGISTER(ShowOnDisplay);
  BL_REGISTER(OpenDrawer);
  BL_REGISTER(ReprintReceipt);
  BL_REGISTER(PrintX);
  BL_REGISTER(PrintLabels);
  BL_REGISTER(ListDevices);
#undef BL_REGISTER
}

}  // namespace branchline
