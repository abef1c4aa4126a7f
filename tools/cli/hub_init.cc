#include "tools/cli/hub_init.h"

#include "hub/enrol/hub_home.h"
#include "hub/hub_books.h"
#include "sync/base/random.h"
#include "sync/base/status_macros.h"

namespace branchline::cli {

absl::StatusOr<std::string> InitHub(const std::string& dir,
                                    const std::string& chain_name,
                                    const Clock& clock) {
  BL_RETURN_IF_ERROR(HubHome(dir).Init(chain_name, clock));
  // An empty ledger, so that lists and reports find one from the start.
  BL_ASSIGN_OR_RETURN(
      const auto books,
      HubBooks::Open({.data_dir = dir}, &clock, &SystemRandom()));
  return books->identity().ca.hash();
}

}  // namespace branchline::cli
