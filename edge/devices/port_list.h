#pragma once

#include <string>
#include <vector>

namespace branchline {

// A port of this machine at which a device may be. Found by looking at names
// alone: nothing is opened, and nothing is ever written to it.
struct PortInfo {
  // What to configure, by a name that stays with the socket or the adapter:
  // "serial:/dev/serial/by-path/...,9600 8N1".
  std::string address;
  std::string node;         // what that is just now: "/dev/ttyUSB0"
  std::string description;  // what the adapter calls itself; may be empty
};

// Serial ports, USB printers and keyboards under `dev_dir`, by name.
std::vector<PortInfo> ListPorts(const std::string& dev_dir = "/dev");

}  // namespace branchline
