#pragma once

#include "branchline/v1/device.pb.h"

namespace branchline {

inline v1::Device* AddDevice(v1::DevicesSet* set, const char* name,
                             v1::DeviceKind kind, const std::string& address,
                             const char* model) {
  v1::Device* device = set->add_devices();
  device->set_name(name);
  device->set_kind(kind);
  device->set_address(address);
  device->set_model(model);
  return device;
}

// Two tills with one printer, a second one to fall back on, and a counter of
// everything else at the first.
inline v1::DevicesSet SampleDevices() {
  v1::DevicesSet set;
  set.set_branch("S014");
  AddDevice(&set, "printer-1", v1::DEVICE_KIND_PRINTER, "tcp:127.0.0.1:9101",
            "epson-80mm");
  AddDevice(&set, "printer-2", v1::DEVICE_KIND_PRINTER, "tcp:127.0.0.1:9102",
            "generic-58mm");
  AddDevice(&set, "scanner-1", v1::DEVICE_KIND_SCANNER, "tty:/dev/pos/scanner",
            "");
  AddDevice(&set, "scale-1", v1::DEVICE_KIND_SCALE, "tty:/dev/pos/scale",
            "toledo-8217");
  AddDevice(&set, "display-1", v1::DEVICE_KIND_DISPLAY, "tty:/dev/pos/display",
            "");
  v1::Device* drawer =
      AddDevice(&set, "drawer-1", v1::DEVICE_KIND_DRAWER, "", "");
  drawer->set_printer("printer-1");
  drawer->set_open_level("high");
  v1::TillDevices* till = set.add_tills();
  till->set_till("T1");
  till->set_printer("printer-1");
  till->set_fallback_printer("printer-2");
  till->set_drawer("drawer-1");
  till->add_scanners("scanner-1");
  till->set_scale("scale-1");
  till->set_display("display-1");
  till = set.add_tills();
  till->set_till("T2");
  till->set_printer("printer-1");
  set.mutable_receipt()->set_legal_entity("Corner Shops Ltd");
  set.mutable_receipt()->add_footer_lines("Thank you");
  set.add_measure_rules("21iiiiivvvvvc weight 3");
  return set;
}

}  // namespace branchline
