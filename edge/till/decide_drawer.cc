#include "edge/till/decide_drawer.h"

#include "absl/strings/str_cat.h"

namespace branchline {

absl::Status DecideOpenDrawer(const DecideView& view,
                              const v1::OpenDrawerRequest& request,
                              v1::Event* event) {
  if (request.header().staff().empty()) {
    return absl::InvalidArgumentError(
        "open the drawer: header.staff is empty; nobody opens it unnamed");
  }
  if (request.drawer().empty()) {
    return absl::NotFoundError("open the drawer: the till has none");
  }
  if (request.note().size() > kDrawerNoteSizeMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("open the drawer: the note has ", request.note().size(),
                     " bytes, at most ", kDrawerNoteSizeMax));
  }
  switch (request.reason()) {
    case v1::DRAWER_REASON_NO_SALE:
    case v1::DRAWER_REASON_PAID_IN:
    case v1::DRAWER_REASON_PAID_OUT:
    case v1::DRAWER_REASON_PICKUP:
    case v1::DRAWER_REASON_COUNT:
    case v1::DRAWER_REASON_TEST:
      break;
    default:
      return absl::InvalidArgumentError(absl::StrCat(
          "open the drawer: reason ", static_cast<int>(request.reason()),
          "; want no sale, paid in, paid out, pickup, count or test (a sale "
          "and "
          "a return open it by themselves)"));
  }
  event->set_business_date(view.open_date());
  v1::DrawerRecorded* what = event->mutable_drawer_recorded();
  what->set_drawer(request.drawer());
  what->set_kind(v1::DRAWER_EVENT_KIND_COMMANDED);
  what->set_reason(request.reason());
  what->set_user(request.header().staff());
  what->set_note(request.note());
  return absl::OkStatus();
}

absl::Status DecideRecordDrawer(const DecideView& view,
                                const v1::DrawerRecorded& what,
                                v1::Event* event) {
  event->set_business_date(view.open_date());
  event->set_staff(what.user());
  *event->mutable_drawer_recorded() = what;
  return absl::OkStatus();
}

}  // namespace branchline
