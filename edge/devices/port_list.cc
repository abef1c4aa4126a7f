#include "edge/devices/port_list.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "devices/transport/serial_transport.h"

namespace branchline {
namespace {

namespace fs = std::filesystem;

// The links of `folder`, by what they lead to; the first of several counts.
std::map<std::string, std::string> LinksOf(const std::string& folder) {
  std::map<std::string, std::string> links;
  std::error_code error;
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    names.push_back(entry.path().string());
  }
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) {
    const fs::path node = fs::canonical(name, error);
    if (!error) links.emplace(node.string(), name);
  }
  return links;
}

}  // namespace

std::vector<PortInfo> ListPorts(const std::string& dev_dir) {
  std::map<std::string, PortInfo> ports;  // by node
  std::map<std::string, std::string> stable = LinksOf(dev_dir + "/pos");
  for (const char* folder : {"/serial/by-id", "/serial/by-path"}) {
    stable.merge(LinksOf(dev_dir + folder));
  }
  std::map<std::string, std::string> descriptions;
  for (const SerialPortInfo& info : ListSerialPorts()) {
    if (!absl::StartsWith(info.path, dev_dir + "/")) continue;
    // Without USB ids it is one of the board's UARTs, which may not exist.
    descriptions[info.path] = absl::StrCat(
        info.description, info.usb_ids.empty() ? "" : " ", info.usb_ids,
        info.serial_number.empty() ? "" : " ", info.serial_number);
    stable.emplace(info.path, info.path);
  }
  for (const auto& [node, name] : stable) {
    ports[node] = {absl::StrCat("serial:", name, ",9600 8N1"), node,
                   descriptions[node]};
  }
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(dev_dir + "/usb", error)) {
    const std::string node = entry.path().string();
    if (!absl::StartsWith(entry.path().filename().string(), "lp")) continue;
    ports[node] = {absl::StrCat("tty:", node), node, "USB printer"};
  }
  for (const auto& [node, name] : LinksOf(dev_dir + "/input/by-path")) {
    if (!absl::EndsWith(name, "-event-kbd")) continue;
    ports[node] = {absl::StrCat("input:", name), node,
                   "a keyboard, or a scanner that plays one"};
  }
  std::vector<PortInfo> list;
  for (auto& [node, port] : ports) list.push_back(std::move(port));
  return list;
}

}  // namespace branchline
