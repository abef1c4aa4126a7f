#include "devices/transport/tty_transport.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "devices/transport/serial_transport.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

TEST(TtyTransportTest, RefusesAFile) {
  const std::string path = absl::StrCat(::testing::TempDir(), "not_a_tty");
  std::ofstream(path) << "x";
  TtyTransport transport(path, {});
  EXPECT_THAT(transport.Open(), StatusIs(absl::StatusCode::kInvalidArgument,
                                         HasSubstr("not a character device")));
}

// A device that is no terminal, as a USB printer's /dev/usb/lp0 is none.
TEST(TtyTransportTest, TakesACharacterDevice) {
  TtyTransport transport("/dev/null", {});
  ASSERT_THAT(transport.Open(), IsOk());
  EXPECT_THAT(transport.Write("receipt", absl::Seconds(1)), IsOk());
}

TEST(SerialTransportTest, AFileIsNoPort) {
  SerialTransport transport("/dev/null", {});
  EXPECT_THAT(transport.Open(), StatusIs(absl::StatusCode::kUnavailable,
                                         HasSubstr("open /dev/null")));
}

TEST(SerialTransportTest, ListingOpensNothingAndEndsOnAnyMachine) {
  for (const SerialPortInfo& port : ListSerialPorts()) {
    EXPECT_THAT(port.path, HasSubstr("/dev/"));
  }
}

}  // namespace
}  // namespace branchline
