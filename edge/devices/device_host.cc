#include "edge/devices/device_host.h"

#include "absl/strings/str_cat.h"

namespace branchline {

v1::DeviceState DeviceHost::StateOf(const LinkStatus& link) const {
  v1::DeviceState state;
  state.set_name(device_.name());
  state.set_kind(device_.kind());
  state.set_address(device_.address());
  state.set_ready(link.open);
  state.set_opened_count(link.opened_count);
  state.set_read_bytes(link.read_bytes);
  state.set_written_bytes(link.written_bytes);
  if (link.open) {
    state.set_says("ready");
  } else if (link.last_error.empty()) {
    state.set_says("not opened yet");
  } else {
    state.set_says(absl::StrCat("not there: ", link.last_error));
  }
  return state;
}

}  // namespace branchline
