#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "branchline/v1/chain.pb.h"
#include "hub/merge/hub_ledger.h"
#include "hub/storage/hub_store.h"

namespace branchline {

inline constexpr size_t kBranchNameSizeMax = 100;  // bytes
inline constexpr int kBranchGroupsMax = 32;
inline constexpr size_t kBranchGroupSizeMax = 32;  // bytes; of a region too
inline constexpr size_t kStaffNameSizeMax = 200;   // bytes
inline constexpr int kListStaffMax = 500;          // of one page
inline constexpr int kStaffBranchesMax = 5'000;
inline constexpr int kDevicesMax = 64;              // of a branch; tills too
inline constexpr size_t kDevicesBytesMax = 60'000;  // as they are sent

// What an operator decides about branches and staff. Doing anything twice
// equals doing it once. Safe for concurrent use. Every call also returns what
// HubLedger::Decide() may.
class ChainAdmin {
 public:
  ChainAdmin(HubStore* store, HubLedger* ledger)
      : store_(*store), ledger_(*ledger) {}

  //   INVALID_ARGUMENT  code, name, time zone or currency; "HUB" is the hub's
  //   ALREADY_EXISTS    with other facts
  absl::Status AddBranch(const v1::AddBranchRequest& request);

  // The groups and the tax region that its prices, promotions and taxes go by;
  // true: that is news. The branch pulls it, and sells by it from then on.
  //   INVALID_ARGUMENT  too many groups, one twice, or too long a name
  //   NOT_FOUND         no such branch
  absl::StatusOr<bool> SetBranch(const v1::SetBranchRequest& request);

  // For good: live lines are cut, nothing more is taken, joins and renewals are
  // refused, and the epoch is sealed at what the hub holds.
  //   NOT_FOUND  no such branch
  absl::Status RetireBranch(const v1::RetireBranchRequest& request);

  // Name and PIN go on as they are unless new ones are given, role and branches
  // if the request keeps them; who has left has no PIN any more.
  //   INVALID_ARGUMENT  id, name, PIN, or too many branches
  //   NOT_FOUND         a branch or role that this chain does not have
  absl::Status SetStaff(const v1::SetStaffRequest& request);

  // Who works in `branch`, or in any; a page.
  absl::StatusOr<v1::ListStaffResponse> ListStaff(
      const v1::ListStaffRequest& request) const;

  // What the tills of a branch have, from now on; true: that is news. Whether
  // the devices make sense is checked by who sends it, and by the branch.
  //   INVALID_ARGUMENT  larger than a branch takes
  //   NOT_FOUND         no such branch
  absl::StatusOr<bool> SetDevices(const v1::DevicesSet& devices);
  // Empty if nothing was ever set.
  //   NOT_FOUND  no such branch
  absl::StatusOr<v1::DevicesSet> Devices(const std::string& branch);

  // Lets the branch append a late suffix that it listed; see LateSuffixFound.
  // Answers with the number of its records.
  //   NOT_FOUND            the branch has listed none that it can be
  //   FAILED_PRECONDITION  more than one waits that it can be: name its hash
  absl::StatusOr<v1::ApproveLateResponse> ApproveLate(
      const v1::ApproveLateRequest& request);

 private:
  HubStore& store_;
  HubLedger& ledger_;
};

}  // namespace branchline
