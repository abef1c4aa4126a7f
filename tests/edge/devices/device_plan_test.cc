// Which till has what: what is wrong is left out and said, the rest works.

#include "edge/devices/device_plan.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/edge/devices/sample_devices.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(DevicePlanTest, TakesAWholeCounter) {
  const v1::DevicesSet set = SampleDevices();
  EXPECT_THAT(CheckDevices(set), IsOk());
  const DevicePlan plan = MakeDevicePlan(set);
  EXPECT_THAT(plan.troubles, IsEmpty());
  EXPECT_EQ(plan.devices.size(), 6u);
  EXPECT_EQ(plan.Of("T1").drawer(), "drawer-1");
  EXPECT_EQ(plan.Of("T2").printer(), "printer-1");
  EXPECT_EQ(plan.Of("T9").printer(), "");
  EXPECT_TRUE(plan.measure_rules.Read("2112345015002")->has_value());
}

struct TroubleCase {
  const char* name;
  void (*breakage)(v1::DevicesSet& set);
  const char* trouble;
  size_t devices_left = 6;
};

class DeviceTroubles : public ::testing::TestWithParam<TroubleCase> {};

TEST_P(DeviceTroubles, AreSaidAndLeftOut) {
  v1::DevicesSet set = SampleDevices();
  GetParam().breakage(set);
  const DevicePlan plan = MakeDevicePlan(set);
  ASSERT_THAT(plan.troubles, testing::Contains(HasSubstr(GetParam().trouble)));
  EXPECT_EQ(plan.devices.size(), GetParam().devices_left);
  EXPECT_THAT(CheckDevices(set), StatusIs(absl::StatusCode::kInvalidArgument,
                                          HasSubstr(GetParam().trouble)));
  // Whatever is wrong, the other till's printer works on.
  EXPECT_EQ(plan.Of("T2").printer(), "printer-1");
}

using Set = v1::DevicesSet;
INSTANTIATE_TEST_SUITE_P(
    Rules, DeviceTroubles,
    ::testing::ValuesIn(std::vector<TroubleCase>{
        {"Name", [](Set& s) { s.mutable_devices(3)->set_name("Scale 1"); },
         "its name is 'Scale 1'", 5},
        {"NoName", [](Set& s) { s.mutable_devices(3)->clear_name(); },
         "its name is ''", 5},
        {"TwoOfAName",
         [](Set& s) { s.mutable_devices(3)->set_name("printer-1"); },
         "there are two of that name", 5},
        {"Kind",
         [](Set& s) {
           s.mutable_devices(3)->set_kind(v1::DEVICE_KIND_UNSPECIFIED);
         },
         "kind 0 is not known here", 5},
        {"Address", [](Set& s) { s.mutable_devices(3)->set_address("COM1"); },
         "COM1", 5},
        {"SameAddress",
         [](Set& s) {
           s.mutable_devices(3)->set_address(s.devices(0).address());
         },
         "is device printer-1's already", 5},
        {"Profile", [](Set& s) { s.mutable_devices(1)->set_model("laser"); },
         "laser", 5},
        {"ScaleModel", [](Set& s) { s.mutable_devices(3)->set_model("x"); },
         "model 'x' is no scale", 5},
        {"CodePage", [](Set& s) { s.mutable_devices(4)->set_model("CP9999"); },
         "CP9999", 5},
        {"ScannerModel", [](Set& s) { s.mutable_devices(2)->set_model("x"); },
         "a scanner has no model", 5},
        {"KeyboardPrinter",
         [](Set& s) {
           s.mutable_devices(1)->set_address("input:/dev/input/event0");
         },
         "is a keyboard, which only a scanner can be", 5},
        {"DrawerAddress",
         [](Set& s) { s.mutable_devices(5)->set_address("tcp:a:1"); },
         "a drawer has no address", 5},
        {"DrawerPin", [](Set& s) { s.mutable_devices(5)->set_pin(3); },
         "pin 3, want 2 or 5", 5},
        {"DrawerLevel",
         [](Set& s) { s.mutable_devices(5)->set_open_level("up"); },
         "open_level 'up'", 5},
        {"DrawerAlarm",
         [](Set& s) { s.mutable_devices(5)->set_alarm_seconds(86'401); },
         "alarm_seconds is 86401", 5},
        {"DrawerPrinter",
         [](Set& s) { s.mutable_devices(5)->set_printer("scale-1"); },
         "'scale-1' is a scale, want a printer", 5},
        {"NoSuchPrinter", [](Set& s) { s.mutable_tills(0)->set_printer("p9"); },
         "till T1: there is no printer 'p9'"},
        {"WrongKind",
         [](Set& s) { s.mutable_tills(0)->set_scale("printer-1"); },
         "till T1: 'printer-1' is a printer, want a scale"},
        {"SameFallback",
         [](Set& s) { s.mutable_tills(0)->set_fallback_printer("printer-1"); },
         "its fallback is the same printer"},
        {"ScannerTwice",
         [](Set& s) { s.mutable_tills(1)->add_scanners("scanner-1"); },
         "scanner 'scanner-1' is till T1's: it belongs to one alone"},
        {"DisplayTwice",
         [](Set& s) { s.mutable_tills(1)->set_display("display-1"); },
         "display 'display-1' is till T1's"},
        {"TillTwice", [](Set& s) { *s.add_tills() = s.tills(0); },
         "till T1: named twice"},
        {"Language", [](Set& s) { s.mutable_receipt()->set_language("fr"); },
         "language 'fr', want en, zh-CN or zh-TW"},
        {"LongFoot",
         [](Set& s) {
           for (int i = 0; i < 13; ++i) {
             s.mutable_receipt()->add_footer_lines("x");
           }
         },
         "footer_lines has 14 lines, at most 12"},
        {"WideFoot",
         [](Set& s) {
           s.mutable_receipt()->add_footer_lines(std::string(201, 'x'));
         },
         "has 201 bytes, at most 200"},
        {"Rule", [](Set& s) { s.add_measure_rules("21iiiiivvvvvc"); },
         "'21iiiiivvvvvc', want a pattern, then"},
        {"RulePattern", [](Set& s) { s.add_measure_rules("21 weight 3"); },
         "measure rule"},
    }),
    [](const auto& param) { return std::string(param.param.name); });

TEST(DevicePlanTest, HasABoundForEverything) {
  v1::DevicesSet set;
  for (int i = 0; i < 70; ++i) {
    v1::Device* device = set.add_devices();
    device->set_name(absl::StrCat("s", i));
    device->set_kind(v1::DEVICE_KIND_SCANNER);
    device->set_address(absl::StrCat("tty:/dev/s", i));
    set.add_tills()->set_till(absl::StrCat("T", i));
  }
  const DevicePlan plan = MakeDevicePlan(set);
  EXPECT_EQ(plan.devices.size(), static_cast<size_t>(kPlanDevicesMax));
  EXPECT_EQ(plan.tills.size(), static_cast<size_t>(kPlanDevicesMax));
  EXPECT_EQ(plan.troubles.size(), 12u);
}

}  // namespace
}  // namespace branchline
