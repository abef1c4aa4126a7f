#include "devices/transport/device_address.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

struct GoodCase {
  const char* name;
  std::string text;
  std::string again;  // what it is written as
};

class GoodAddress : public ::testing::TestWithParam<GoodCase> {};

TEST_P(GoodAddress, IsReadAndWritten) {
  const auto address = ParseDeviceAddress(GetParam().text);
  ASSERT_THAT(address, IsOk());
  EXPECT_EQ(ToText(*address), GetParam().again);
  EXPECT_EQ(*ParseDeviceAddress(ToText(*address)), *address);
}

INSTANTIATE_TEST_SUITE_P(
    Forms, GoodAddress,
    ::testing::ValuesIn(std::vector<GoodCase>{
        {"Tcp", "tcp:10.0.0.5:9100", "tcp:10.0.0.5:9100"},
        {"TcpName", "tcp:printer.shop:9100", "tcp:printer.shop:9100"},
        {"TcpV6", "tcp:[fe80::1]:20007", "tcp:[fe80::1]:20007"},
        {"Lp", "tty:/dev/usb/lp0", "tty:/dev/usb/lp0,9600 8N1"},
        {"Scale", "serial:/dev/pos/scale0,9600 7E1",
         "serial:/dev/pos/scale0,9600 7E1"},
        {"Flow", "serial:/dev/ttyS0,115200 8O2 rtscts",
         "serial:/dev/ttyS0,115200 8O2 rtscts"},
        {"Keyboard", "input:/dev/input/by-path/x-event-kbd",
         "input:/dev/input/by-path/x-event-kbd"},
        {"XonXoff", "serial:/dev/ttyS0,300  7N1 xonxoff",
         "serial:/dev/ttyS0,300 7N1 xonxoff"},
    }),
    [](const auto& param) { return std::string(param.param.name); });

class BadAddress : public ::testing::TestWithParam<std::string> {};

TEST_P(BadAddress, IsRefusedAndSaysWhatIsWanted) {
  EXPECT_THAT(ParseDeviceAddress(GetParam()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("want ")));
}

INSTANTIATE_TEST_SUITE_P(
    Rules, BadAddress,
    ::testing::Values("", "/dev/ttyUSB0", "usb:1", "tcp:", "tcp:host",
                      "tcp::9100", "tcp:host:0", "tcp:host:65536", "tcp:host:x",
                      "tcp:fe80::1:9100", "tcp:[fe80::1:9100", "tty:dev/lp0",
                      "input:event3", "input:/dev/input/event3,9600 8N1",
                      "tty:", "serial:ttyS0", "serial:/dev/ttyS0,",
                      "serial:/dev/ttyS0,9600", "serial:/dev/ttyS0,299 8N1",
                      "serial:/dev/ttyS0,9600 6N1",
                      "serial:/dev/ttyS0,9600 8X1",
                      "serial:/dev/ttyS0,9600 8N3",
                      "serial:/dev/ttyS0,9600 8N1 dsr",
                      "serial:/dev/ttyS0,9600 8N11", std::string(600, 'a')));

}  // namespace
}  // namespace branchline
