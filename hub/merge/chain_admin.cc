#include "hub/merge/chain_admin.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "sync/base/bytes.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"
#include "sync/identity/branch_code.h"
#include "sync/identity/pin.h"
#include "sync/journal/record.h"
#include "sync/ledger/account_rules.h"
#include "sync/ledger/keys.h"
#include "sync/ledger/roles.h"

namespace branchline {
namespace {

constexpr size_t kStaffIdSizeMax = 64;  // bytes: it becomes a key

absl::Status CheckBranch(const v1::Branch& branch) {
  BL_RETURN_IF_ERROR(ValidateBranchCode(branch.code()));
  if (branch.code() == kHub) {
    return absl::InvalidArgumentError(
        "branch code HUB is the hub's own: choose another");
  }
  if (branch.name().empty() || branch.name().size() > kBranchNameSizeMax) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the name of branch ", branch.code(), " has ", branch.name().size(),
        " bytes, want 1 to ", kBranchNameSizeMax));
  }
  absl::TimeZone zone;
  if (branch.time_zone().empty() ||
      !absl::LoadTimeZone(branch.time_zone(), &zone)) {
    return absl::InvalidArgumentError(
        absl::StrCat("branch ", branch.code(), ": '", branch.time_zone(),
                     "' is no time zone of the IANA list, like Europe/London"));
  }
  BL_RETURN_IF_ERROR(Annotate(MinorDigits(branch.currency()).status(),
                              absl::StrCat("branch ", branch.code())));
  if (branch.groups_size() > kBranchGroupsMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("branch ", branch.code(), " is in ", branch.groups_size(),
                     " groups, at most ", kBranchGroupsMax));
  }
  std::set<std::string> groups;
  for (const std::string& group : branch.groups()) {
    if (group.empty() || group.size() > kBranchGroupSizeMax) {
      return absl::InvalidArgumentError(absl::StrCat(
          "branch ", branch.code(), ": a group's name has ", group.size(),
          " bytes, want 1 to ", kBranchGroupSizeMax));
    }
    if (!groups.insert(group).second) {
      return absl::InvalidArgumentError(absl::StrCat(
          "branch ", branch.code(), ": group '", group, "' is given twice"));
    }
  }
  if (branch.tax_region().size() <= kBranchGroupSizeMax) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "branch ", branch.code(), ": its tax region has ",
      branch.tax_region().size(), " bytes, at most ", kBranchGroupSizeMax));
}

HubEvent OnChain() {
  HubEvent event;
  event.stream = std::string(kChainStream);
  return event;
}

void AddPart(absl::string_view name, const std::string& data, HubEvent* event) {
  if (data.empty()) return;
  v1::Part& part = event->parts.emplace_back();
  part.set_name(std::string(name));
  part.set_data(data);
}

// The suffix that a person means: of those that wait, or, so that an approval
// may be repeated, of those that do not.
absl::StatusOr<v1::LateState> ChooseLate(
    const v1::ApproveLateRequest& request,
    const std::vector<v1::LateState>& suffixes) {
  std::vector<v1::LateState> meant;
  for (const v1::LateState& late : suffixes) {
    if (late.found().epoch() == request.epoch() &&
        absl::StartsWith(Hex(late.found().last().hash()),
                         request.last_hash())) {
      meant.push_back(late);
    }
  }
  const auto waiting =
      std::stable_partition(meant.begin(), meant.end(),
                            [](const auto& late) { return late.approved(); });
  if (meant.empty()) {
    return absl::NotFoundError(absl::StrCat(
        "branch ", request.branch(), " has listed no late records of epoch ",
        request.epoch(),
        request.last_hash().empty() ? "" : " whose last hash begins so",
        "; 'branchline branch late ", request.branch(), "' lists what waits"));
  }
  if (meant.end() - waiting <= 1) return meant.back();
  std::string ends;
  for (auto it = waiting; it != meant.end(); ++it) {
    absl::StrAppend(&ends, ends.empty() ? "" : ", ",
                    Hex(it->found().last().hash()).substr(0, 16));
  }
  return absl::FailedPreconditionError(
      absl::StrCat(meant.end() - waiting, " disks of epoch ", request.epoch(),
                   " of ", request.branch(), " wait, with the last hashes ",
                   ends, ": approve one after the other, each by its hash"));
}

}  // namespace

absl::Status ChainAdmin::AddBranch(const v1::AddBranchRequest& request) {
  v1::Branch branch = request.branch();
  branch.clear_receipt_keys();  // given by joining
  BL_RETURN_IF_ERROR(CheckBranch(branch));
  return ledger_.Decide([&]() -> absl::StatusOr<HubDecision> {
    HubDecision decision;
    BL_ASSIGN_OR_RETURN(const auto known, store_.ReadBranch(branch.code()));
    if (known.has_value()) {
      branch.set_status(known->status());
      *branch.mutable_receipt_keys() = known->receipt_keys();
      if (branch.SerializeAsString() == known->SerializeAsString()) {
        return decision;
      }
      return absl::AlreadyExistsError(absl::StrCat(
          "branch ", branch.code(), " is there already: '", known->name(),
          "', ", known->time_zone(), ", ", known->currency()));
    }
    branch.set_status(v1::BRANCH_STATUS_PLANNED);
    HubEvent added = OnChain();
    *added.event.mutable_branch_set()->mutable_branch() = branch;
    decision.events.push_back(std::move(added));
    return decision;
  });
}

absl::StatusOr<bool> ChainAdmin::SetBranch(
    const v1::SetBranchRequest& request) {
  bool changed = false;
  BL_RETURN_IF_ERROR(ledger_.Decide([&]() -> absl::StatusOr<HubDecision> {
    HubDecision decision;
    changed = false;  // a second try
    BL_ASSIGN_OR_RETURN(const auto known, store_.ReadBranch(request.code()));
    if (!known.has_value()) {
      return absl::NotFoundError(
          absl::StrCat("this chain has no branch ", request.code(),
                       "; 'branchline branch list' shows them"));
    }
    v1::Branch branch = *known;
    if (request.sets_groups()) *branch.mutable_groups() = request.groups();
    if (request.has_tax_region()) branch.set_tax_region(request.tax_region());
    BL_RETURN_IF_ERROR(CheckBranch(branch));
    if (branch.SerializeAsString() == known->SerializeAsString()) {
      return decision;
    }
    changed = true;
    HubEvent set = OnChain();
    *set.event.mutable_branch_set()->mutable_branch() = std::move(branch);
    decision.events.push_back(std::move(set));
    return decision;
  }));
  return changed;
}

absl::Status ChainAdmin::RetireBranch(const v1::RetireBranchRequest& request) {
  return ledger_.Decide([&]() -> absl::StatusOr<HubDecision> {
    HubDecision decision;
    BL_ASSIGN_OR_RETURN(auto branch, store_.ReadBranch(request.code()));
    if (!branch.has_value()) {
      return absl::NotFoundError(
          absl::StrCat("this chain has no branch ", request.code(),
                       "; 'branchline branch list' shows them"));
    }
    if (branch->status() == v1::BRANCH_STATUS_RETIRED) return decision;
    branch->set_status(v1::BRANCH_STATUS_RETIRED);
    HubEvent retired = OnChain();
    *retired.event.mutable_branch_set()->mutable_branch() = *branch;
    decision.events.push_back(std::move(retired));
    BL_ASSIGN_OR_RETURN(auto box, store_.ReadBox(request.code()));
    if (!box.has_value()) return decision;
    // Nothing comes in between: the seal is where the journal ends.
    StreamAppend& still = decision.with.appends.emplace_back();
    still.stream = EdgeStream(request.code());
    BL_ASSIGN_OR_RETURN(const auto cursors, store_.ReadCursors({still.stream}));
    still.expect = still.end = cursors[0];
    v1::SealedEpoch* sealed = box->add_sealed();
    sealed->set_epoch(box->epoch());
    *sealed->mutable_last() = ToProto(cursors[0]);
    sealed->set_journal_public_key(box->journal_public_key());
    box->set_closed(true);
    box->set_revision(box->revision() + 1);
    decision.with.boxes.push_back(*std::move(box));
    return decision;
  });
}

absl::StatusOr<v1::ListStaffResponse> ChainAdmin::ListStaff(
    const v1::ListStaffRequest& request) const {
  v1::ListStaffResponse response;
  std::string after = request.after_id();
  while (true) {
    BL_ASSIGN_OR_RETURN(const auto page,
                        store_.ListStaff(after, kListStaffMax));
    for (const v1::Staff& staff : page) {
      after = staff.id();
      const bool works_there =
          request.branch().empty() || staff.branches().empty() ||
          absl::c_linear_search(staff.branches(), request.branch());
      if (!works_there) continue;
      if (response.staff_size() == kListStaffMax) {
        response.set_more(true);
        return response;
      }
      BL_ASSIGN_OR_RETURN(const v1::StaffParts parts,
                          store_.ReadStaffParts(staff.id()));
      v1::StaffInfo* info = response.add_staff();
      *info->mutable_staff() = staff;
      info->set_name(parts.name());
      info->set_has_pin(!parts.pin_hash().empty());
    }
    if (page.size() < static_cast<size_t>(kListStaffMax)) return response;
  }
}

absl::Status ChainAdmin::SetStaff(const v1::SetStaffRequest& request) {
  v1::Staff staff = request.staff();
  if (staff.id().empty() || staff.id().size() > kStaffIdSizeMax ||
      staff.id().find('\0') != std::string::npos) {
    return absl::InvalidArgumentError(
        absl::StrCat("a staff id has ", staff.id().size(), " bytes, want 1 to ",
                     kStaffIdSizeMax, " and none of them zero"));
  }
  if (request.name().size() > kStaffNameSizeMax ||
      staff.branches_size() > kStaffBranchesMax) {
    return absl::InvalidArgumentError(absl::StrCat(
        "staff ", staff.id(), " has a name of ", request.name().size(),
        " bytes and ", staff.branches_size(), " branches, at most ",
        kStaffNameSizeMax, " and ", kStaffBranchesMax));
  }
  // Hashed before anything is decided: it is slow, and made once.
  std::string pin_hash;
  if (!request.pin().empty()) {
    BL_RETURN_IF_ERROR(CheckPin(request.pin()));
    BL_ASSIGN_OR_RETURN(pin_hash, HashPin(request.pin()));
  }
  return ledger_.Decide([&]() -> absl::StatusOr<HubDecision> {
    HubDecision decision;
    BL_ASSIGN_OR_RETURN(const auto before, store_.ReadStaff(staff.id()));
    const v1::Staff known = before.value_or(v1::Staff());
    if (request.keeps_role()) staff.set_role(known.role());
    if (request.keeps_branches()) *staff.mutable_branches() = known.branches();
    if (!request.keeps_role() && !staff.role().empty()) {
      BL_ASSIGN_OR_RETURN(const v1::PublishRequest published,
                          store_.ReadPublished());
      if (RoleOf(published.roles(), staff.role()) == nullptr) {
        return absl::NotFoundError(
            absl::StrCat("staff ", staff.id(), ": there is no role '",
                         staff.role().substr(0, 40), "'"));
      }
    }
    for (const std::string& code : request.staff().branches()) {
      if (request.keeps_branches()) break;
      BL_ASSIGN_OR_RETURN(const auto branch, store_.ReadBranch(code));
      if (!branch.has_value()) {
        return absl::NotFoundError(absl::StrCat(
            "staff ", staff.id(), ": this chain has no branch ", code));
      }
    }
    HubEvent set = OnChain();
    *set.event.mutable_staff_set()->mutable_staff() = staff;
    BL_ASSIGN_OR_RETURN(v1::StaffParts parts,
                        store_.ReadStaffParts(staff.id()));
    if (!request.name().empty()) parts.set_name(request.name());
    if (!pin_hash.empty()) parts.set_pin_hash(pin_hash);
    if (request.clear_pin() || staff.left()) parts.clear_pin_hash();
    AddPart("name", parts.name(), &set);
    AddPart("pin", parts.pin_hash(), &set);
    decision.events.push_back(std::move(set));
    return decision;
  });
}

absl::StatusOr<bool> ChainAdmin::SetDevices(const v1::DevicesSet& devices) {
  if (devices.devices_size() > kDevicesMax ||
      devices.tills_size() > kDevicesMax ||
      devices.ByteSizeLong() > kDevicesBytesMax) {
    return absl::InvalidArgumentError(absl::StrCat(
        "branch ", devices.branch(), " is given ", devices.devices_size(),
        " devices for ", devices.tills_size(), " tills in ",
        devices.ByteSizeLong(), " bytes, at most ", kDevicesMax, ", ",
        kDevicesMax, " and ", kDevicesBytesMax));
  }
  bool changed = false;
  BL_RETURN_IF_ERROR(ledger_.Decide([&]() -> absl::StatusOr<HubDecision> {
    HubDecision decision;
    BL_ASSIGN_OR_RETURN(const v1::DevicesSet known, Devices(devices.branch()));
    changed = known.SerializeAsString() != devices.SerializeAsString();
    if (!changed) return decision;
    HubEvent set;
    set.stream = BranchStream(devices.branch());
    *set.event.mutable_devices_set() = devices;
    decision.events.push_back(std::move(set));
    return decision;
  }));
  return changed;
}

absl::StatusOr<v1::DevicesSet> ChainAdmin::Devices(const std::string& branch) {
  BL_ASSIGN_OR_RETURN(const auto known, store_.ReadBranch(branch));
  if (!known.has_value()) {
    return absl::NotFoundError(
        absl::StrCat("this chain has no branch ", branch,
                     "; 'branchline branch list' shows them"));
  }
  BL_ASSIGN_OR_RETURN(auto devices, store_.ReadDevices(branch));
  if (devices.has_value()) return *std::move(devices);
  v1::DevicesSet none;
  none.set_branch(branch);
  return none;
}

absl::StatusOr<v1::ApproveLateResponse> ChainAdmin::ApproveLate(
    const v1::ApproveLateRequest& request) {
  v1::ApproveLateResponse response;
  BL_RETURN_IF_ERROR(ledger_.Decide([&]() -> absl::StatusOr<HubDecision> {
    HubDecision decision;
    BL_ASSIGN_OR_RETURN(const auto suffixes, store_.ReadLate(request.branch()));
    BL_ASSIGN_OR_RETURN(const v1::LateState late,
                        ChooseLate(request, suffixes));
    const v1::LateSuffixFound& found = late.found();
    response.set_records(found.last().seq() - found.first_seq() + 1);
    if (late.approved()) return decision;
    HubEvent approved;
    approved.stream = BranchStream(request.branch());
    auto* body = approved.event.mutable_late_suffix_approved();
    body->set_branch(request.branch());
    body->set_epoch(found.epoch());
    body->set_first_seq(found.first_seq());
    *body->mutable_last() = found.last();
    decision.events.push_back(std::move(approved));
    return decision;
  }));
  return response;
}

}  // namespace branchline
