#include "tests/sim/box.h"

#include "sync/base/check.h"
#include "sync/base/status_macros.h"
#include "sync/base/version.h"
#include "sync/journal/journal.h"
#include "sync/journal/rebuild.h"
#include "sync/ledger/keys.h"

namespace branchline {

absl::Status SimBox::Start() {
  BL_CHECK(!running(), "a box is started once");
  BL_RETURN_IF_ERROR(RebuildIfNeeded(&disk).status());
  auto process = std::make_unique<Process>();
  BL_ASSIGN_OR_RETURN(process->core, EdgeCore::Open(identity, &disk, &clock));
  process->committer = std::make_unique<DirectCommitter>(process->core.get());
  process->port = std::make_unique<EdgeSyncPort>(
      process->core.get(), process->committer.get(), &clock, kVersion);
  process->session =
      std::make_unique<EdgeSession>(process->port.get(), &random);
  process_ = std::move(process);
  wakes_at = 0;
  line = 0;
  return absl::OkStatus();
}

void SimBox::Kill() {
  process_.reset();
  disk.Crash();
  line = 0;
}

std::string SimBox::stream() const { return EdgeStream(branch()); }

bool SimBox::KnowsGrants() const {
  const auto head = ReadHead(disk, BranchStream(branch()));
  return head.ok() && !head->IsBefore(grants_at_join);
}

Cursor SimBox::DiskHead() const {
  const auto head = ReadHead(disk, stream());
  BL_CHECK(head.ok(), "a simulated disk can be read");
  return *head;
}

}  // namespace branchline
