#include "edge/devices/devices_file.h"

#include <google/protobuf/util/json_util.h>

#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "sync/base/status_macros.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

const std::pair<absl::string_view, absl::string_view> kKinds[] = {
    {"\"DEVICE_KIND_PRINTER\"", "\"printer\""},
    {"\"DEVICE_KIND_DRAWER\"", "\"drawer\""},
    {"\"DEVICE_KIND_SCANNER\"", "\"scanner\""},
    {"\"DEVICE_KIND_SCALE\"", "\"scale\""},
    {"\"DEVICE_KIND_DISPLAY\"", "\"display\""},
    {"\"DEVICE_KIND_TERMINAL\"", "\"terminal\""},
    {"\"DEVICE_KIND_WALLET\"", "\"wallet\""},
};

// After a name: "kind": "printer", however it is spaced. A name or an address
// may be "printer" too, so only the value of a kind is touched.
std::string WithLongKinds(absl::string_view json) {
  std::string out;
  size_t from = 0;
  constexpr absl::string_view kMember = "\"kind\"";
  for (size_t at = 0;
       (at = json.find(kMember, from)) != absl::string_view::npos;) {
    at = json.find_first_not_of(" \t\r\n:", at + kMember.size());
    if (at == absl::string_view::npos) break;
    absl::StrAppend(&out, json.substr(from, at - from));
    from = at;
    for (const auto& [full, brief] : kKinds) {
      if (absl::StartsWith(json.substr(at), brief)) {
        absl::StrAppend(&out, full);
        from = at + brief.size();
        break;
      }
    }
  }
  absl::StrAppend(&out, json.substr(from));
  return out;
}

}  // namespace

absl::StatusOr<v1::DevicesSet> ParseDevices(const std::string& json) {
  v1::DevicesSet devices;
  if (json.size() > kDevicesFileSizeMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("a configuration of ", json.size(), " bytes, at most ",
                     kDevicesFileSizeMax));
  }
  const auto status = google::protobuf::util::JsonStringToMessage(
      WithLongKinds(json), &devices);
  if (!status.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "no configuration of devices: ", std::string(status.message()),
        "; docs/DEVICES.md shows one"));
  }
  return devices;
}

std::string DevicesAsJson(const v1::DevicesSet& devices) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.preserve_proto_field_names = true;
  std::string json;
  (void)google::protobuf::util::MessageToJsonString(devices, &json, options);
  for (const auto& [full, brief] : kKinds) {
    absl::StrReplaceAll({{full, brief}}, &json);
  }
  return json;
}

absl::StatusOr<v1::DevicesSet> ReadDevicesFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return absl::NotFoundError(absl::StrCat("there is no file ", path));
  }
  std::ostringstream json;
  json << file.rdbuf();
  auto devices = ParseDevices(json.str());
  BL_RETURN_IF_ERROR(Annotate(devices.status(), path));
  return devices;
}

absl::StatusOr<v1::DevicesSet> ReadDevices(const Store& store,
                                           const std::string& branch) {
  BL_ASSIGN_OR_RETURN(const auto bytes,
                      store.Get(Table::kDocs, docs::Devices(branch)));
  v1::DevicesSet devices;
  if (bytes.has_value() && !devices.ParseFromString(*bytes)) {
    return absl::DataLossError("the devices are damaged in the ledger");
  }
  return devices;
}

}  // namespace branchline
