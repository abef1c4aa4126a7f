#include "sync/rpc/http/unary_registry.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "google/protobuf/descriptor.h"

namespace branchline {

void UnaryRegistry::Add(absl::string_view name,
                        const google::protobuf::Message* request,
                        const google::protobuf::Message* response,
                        UnaryHandler handler) {
  const google::protobuf::MethodDescriptor* method =
      google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
          absl::StrReplaceAll(name, {{"/", "."}}));
  const std::string what = absl::StrCat("method ", name);
  BL_CHECK(method != nullptr, absl::StrCat(what, " is not in the contract"));
  BL_CHECK(method->input_type() == request->GetDescriptor(),
           absl::StrCat(what, " takes another request"));
  BL_CHECK(method->output_type() == response->GetDescriptor(),
           absl::StrCat(what, " gives another response"));
  const bool is_new =
      methods_
          .emplace(std::string(name),
                   UnaryMethod{request, response, std::move(handler)})
          .second;
  BL_CHECK(is_new, absl::StrCat(what, " is registered twice"));
}

const UnaryMethod* UnaryRegistry::Find(absl::string_view name) const {
  const auto it = methods_.find(std::string(name));
  return it == methods_.end() ? nullptr : &it->second;
}

std::vector<std::string> UnaryRegistry::Names() const {
  std::vector<std::string> names;
  for (const auto& [name, method] : methods_) names.push_back(name);
  return names;
}

}  // namespace branchline
