// Opening the drawer is a command like a sale: on disk first, and once.

#include "edge/till/decide_drawer.h"
#include "tests/edge/edge_fixture.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

class DrawerCommand : public EdgeFixture {
 protected:
  static v1::OpenDrawerRequest NoSale() {
    v1::OpenDrawerRequest request;
    request.mutable_header()->set_staff("ada");
    request.set_reason(v1::DRAWER_REASON_NO_SALE);
    request.set_note("change for the meter");
    request.set_drawer("d1");
    return request;
  }
};

TEST_F(DrawerCommand, IsInTheJournalWithWhoAndWhyAndOnlyOnce) {
  const v1::OpenDrawerRequest request = WithId(NoSale());
  const auto first = Run(request);
  ASSERT_THAT(first, IsOk());
  CrashAndOpen();
  const auto again = Run(request);
  ASSERT_THAT(again, IsOk());
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(again->at.seq, first->at.seq);
  const v1::DrawerRecorded& what = again->event.drawer_recorded();
  EXPECT_EQ(what.kind(), v1::DRAWER_EVENT_KIND_COMMANDED);
  EXPECT_EQ(what.reason(), v1::DRAWER_REASON_NO_SALE);
  EXPECT_EQ(what.user(), "ada");
  EXPECT_EQ(what.note(), "change for the meter");
  EXPECT_EQ(again->event.till(), "T1");
}

TEST_F(DrawerCommand, NobodyOpensItUnnamedOrWithoutAReason) {
  v1::OpenDrawerRequest request = NoSale();
  request.mutable_header()->clear_staff();
  EXPECT_THAT(Run(request), StatusIs(absl::StatusCode::kInvalidArgument,
                                     HasSubstr("nobody opens it unnamed")));
  for (const auto reason :
       {v1::DRAWER_REASON_UNSPECIFIED, v1::DRAWER_REASON_SALE}) {
    request = NoSale();
    request.set_reason(reason);
    EXPECT_THAT(Run(request), StatusIs(absl::StatusCode::kInvalidArgument,
                                       HasSubstr("want no sale, paid in")));
  }
  request = NoSale();
  request.set_note(std::string(kDrawerNoteSizeMax + 1, 'x'));
  EXPECT_THAT(Run(request), StatusIs(absl::StatusCode::kInvalidArgument,
                                     HasSubstr("the note has 201 bytes")));
  request = NoSale();
  request.clear_drawer();
  EXPECT_THAT(Run(request), StatusIs(absl::StatusCode::kNotFound,
                                     HasSubstr("the till has none")));
}

// It was folded as if the till's shift had been opened by it.
TEST_F(DrawerCommand, OpensNoShift) {
  ASSERT_THAT(OpenDay(), IsOk());
  ASSERT_THAT(Run(NoSale()), IsOk());
  RecordDrawerCommand command;
  command.what.set_drawer("d1");
  command.what.set_kind(v1::DRAWER_EVENT_KIND_CLOSED);
  ASSERT_THAT(Run(command), IsOk());
  EXPECT_THAT(Run(v1::CloseShiftRequest()),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("no shift is open")));
  EXPECT_THAT(Run(v1::OpenShiftRequest()), IsOk());
  ASSERT_THAT(Run(NoSale()), IsOk());
  ASSERT_THAT(Run(command), IsOk());
  EXPECT_THAT(core_->Look([](const DecideView& view) -> absl::Status {
    EXPECT_NE(view.Shift("T1")->opened_seq(), 0u);
    return view.Shift("T1").status();
  }),
              IsOk());
  EXPECT_THAT(Run(v1::CloseShiftRequest()), IsOk());
}

TEST_F(DrawerCommand, WhatItDidByItselfIsRecordedOnAnyDay) {
  RecordDrawerCommand command;
  command.what.set_drawer("d1");
  command.what.set_kind(v1::DRAWER_EVENT_KIND_OPENED_BY_HAND);
  const auto outcome = Run(command);
  ASSERT_THAT(outcome, IsOk());
  EXPECT_EQ(outcome->event.business_date(), 0u);
  EXPECT_EQ(outcome->event.drawer_recorded().drawer(), "d1");
}

}  // namespace
}  // namespace branchline
