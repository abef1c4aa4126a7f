#include "tools/cli/hub_init.h"

#include "hub/enrol/hub_home.h"
#include "sync/base/status_macros.h"

namespace branchline::cli {

absl::StatusOr<std::string> InitHub(const std::string& dir,
                                    const std::string& chain_name,
                                    const Clock& clock) {
  const HubHome home(dir);
  BL_RETURN_IF_ERROR(home.Init(chain_name, clock));
  BL_ASSIGN_OR_RETURN(const HubIdentity identity,
                      home.Load(clock, /*read_only=*/true));
  return identity.ca.hash();
}

}  // namespace branchline::cli
