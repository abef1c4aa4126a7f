// branchline devices: what a technician types, and reads.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "devices/counter/counter_emulator.h"
#include "edge/devices/devices_file.h"
#include "tests/tools/cli/cli_runner.h"
#include "tests/tools/cli/fake_hub.h"

namespace branchline::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

namespace fs = std::filesystem;

TEST(DevicesProbe, NamesPortsByWhatStaysAndOpensNone) {
  ShortDir dir;
  const std::string dev = dir.path();
  fs::create_directories(dev + "/serial/by-path");
  fs::create_directories(dev + "/usb");
  fs::create_directories(dev + "/input/by-path");
  // Files: whoever wrote to one would leave something in it.
  for (const char* name : {"/ttyUSB0", "/usb/lp0", "/input/event3"}) {
    std::ofstream(dev + name) << "";
  }
  fs::create_symlink("../../ttyUSB0", dev + "/serial/by-path/pci-1-port0");
  fs::create_symlink("../event3", dev + "/input/by-path/pci-2-event-kbd");
  const Ended ended =
      RunBranchline({"devices", "probe", "--dev", dev, "--format", "csv"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(
      ended.out,
      AllOf(HasSubstr(absl::StrCat("serial:", dev,
                                   "/serial/by-path/pci-1-port0,9600 8N1")),
            HasSubstr(absl::StrCat("tty:", dev, "/usb/lp0")),
            HasSubstr(absl::StrCat("input:", dev,
                                   "/input/by-path/pci-2-event-kbd"))));
  for (const char* name : {"/ttyUSB0", "/usb/lp0", "/input/event3"}) {
    EXPECT_EQ(fs::file_size(dev + name), 0u) << name;
  }
  EXPECT_THAT(RunBranchline({"devices", "probe", "--dev", dev + "/no"}).out,
              HasSubstr("no port that a device could be at"));
}

TEST(DevicesTest, TriesADeviceThatIsNotConfiguredYet) {
  ShortDir dir;
  const auto counter = *CounterEmulator::Open({.dir = dir.path()});
  Ended ended =
      RunBranchline({"devices", "test", "--kind", "printer", "--model",
                     "epson-80mm", "--address", counter->printer_address()});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out,
              AllOf(HasSubstr("the slip is: printed"), HasSubstr("passed")));
  EXPECT_THAT(*counter->Do("receipts"), HasSubstr("PRINTER TEST"));

  ASSERT_TRUE(counter->Do("weigh 1.250").ok());
  ended = RunBranchline({"devices", "test", "--kind", "scale", "--model",
                         "toledo-8217", "--address", counter->scale_address()});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("it says: 1.250 kg"));

  ended = RunBranchline({"devices", "test", "--kind", "scanner", "--seconds",
                         "1", "--address", "tty:" + dir.path() + "/nothing"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.out, HasSubstr("it is not ready: not there: "));
  EXPECT_THAT(ended.err, HasSubstr("branchline devices test: not passed"));
}

TEST(DevicesTest, SaysWhatItNeeds) {
  EXPECT_THAT(RunBranchline({"devices", "test"}).err,
              HasSubstr("name a configured DEVICE and its --data, or an "
                        "--address"));
  EXPECT_THAT(
      RunBranchline({"devices", "test", "--address", "tcp:a:1", "--kind", "x"})
          .err,
      HasSubstr("--kind is 'x', want printer, scanner, scale or display"));
  EXPECT_THAT(RunBranchline({"devices", "test", "--address", "tcp:a:1",
                             "--kind", "printer", "--model", "laser"})
                  .err,
              HasSubstr("laser"));
}

TEST(DevicesEmulate, IsAWholeCounterOnStandardInput) {
  ShortDir dir;
  std::istringstream typed("weigh 1.250\npaper green\nstatus\nquit\n");
  std::streambuf* const keyboard = std::cin.rdbuf(typed.rdbuf());
  const Ended ended =
      RunBranchline({"devices", "emulate", "--data", dir.path()});
  std::cin.rdbuf(keyboard);
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, AllOf(HasSubstr("till T1 has a counter"),
                               HasSubstr("0 lines on paper")));
  EXPECT_THAT(ended.err, HasSubstr("'paper green' is no command"));
  EXPECT_FALSE(fs::exists(dir / "devices.json"));

  std::ofstream(dir / "devices.json") << "{}";
  const Ended refused =
      RunBranchline({"devices", "emulate", "--data", dir.path()});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("is there already"));
}

class DevicesSet : public ::testing::Test {
 protected:
  Ended Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--hub-data", dir_.path()});
    return RunBranchline(arguments);
  }
  std::string File(const std::string& json) {
    const std::string path = dir_ / "devices.json";
    std::ofstream(path) << json;
    return path;
  }

  ShortDir dir_;
  FakeHub hub_{dir_.path()};
};

constexpr const char* kPrinter =
    "{\"devices\": [{\"name\": \"p1\", \"kind\": \"printer\","
    " \"address\": \"tcp:10.0.0.5:9100\", \"model\": \"epson-80mm\"}],"
    " \"tills\": [{\"till\": \"T1\", \"printer\": \"p1\"}]}";

TEST_F(DevicesSet, SendsAFileWholeAndShowsItAgain) {
  const Ended ended = Run({"devices", "set", "S014", "--file", File(kPrinter)});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("branch S014: 1 devices at 1 tills"));
  EXPECT_EQ(hub_.devices.branch(), "S014");
  EXPECT_EQ(hub_.devices.devices(0).kind(), v1::DEVICE_KIND_PRINTER);
  const Ended shown = Run({"devices", "get", "S014"});
  EXPECT_EQ(shown.code, 0) << shown.err;
  const auto back = ParseDevices(shown.out);
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(back->SerializeAsString(), hub_.devices.SerializeAsString());
}

TEST_F(DevicesSet, AsksNothingOfTheHubForAFileThatIsWrong) {
  std::string json = kPrinter;
  json.replace(json.find("epson-80mm"), 10, "laser");
  const Ended ended = Run({"devices", "set", "S014", "--file", File(json)});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("nothing was set: device p1: "),
                               HasSubstr("laser"),
                               HasSubstr("till T1: there is no printer 'p1'")));
  EXPECT_EQ(hub_.devices.devices_size(), 0);
  EXPECT_EQ(Run({"devices", "set", "S014", "--file", "/no/file"}).code, 1);
}

}  // namespace
}  // namespace branchline::cli
