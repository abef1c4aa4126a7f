// SimChain's operator after trouble: boxes replaced, old disks handed in.

#include "absl/strings/str_cat.h"
#include "edge/enrol/journal_loader.h"
#include "edge/enrol/late_suffix.h"
#include "sync/base/bytes.h"
#include "sync/base/check.h"
#include "sync/journal/journal.h"
#include "sync/journal/rebuild.h"
#include "sync/journal/record.h"
#include "sync/ledger/keys.h"
#include "tests/sim/chain.h"

namespace branchline {
namespace {

constexpr size_t kFetchBytes = 3'000;  // small, so that a fetch can be cut

SigningKey NewKey(uint64_t seed, uint64_t number) {
  std::string bytes(kSigningSeedSize - 16, 'k');
  AppendU64(&bytes, seed);
  AppendU64(&bytes, number);
  return *SigningKey::FromSeed(bytes);
}

}  // namespace

bool SimChain::Recover(SimBranch* branch, bool old_box_stays) {
  if (!MayOperate()) return false;
  const SigningKey key = NewKey(context.plan.seed, ++keys_made_);
  auto node = hub.Join(branch->code, key);
  if (!node.ok()) {
    context.trace.Add(branch->code, " cannot join: ", node.status().ToString());
    return false;
  }
  const std::vector<SimBox*> old = InService(*branch);
  SimBox* const box =
      AddBox(branch, EdgeIdentity{*node, key, absl::UTCTimeZone()});
  context.trace.Add(box->name, " joins in epoch ", node->epoch());
  const auto grants = ReadHead(hub.disk, BranchStream(branch->code));
  if (grants.ok()) box->grants_at_join = *grants;
  for (SimBox* before : old) {
    if (old_box_stays && before->running()) continue;
    if (before->running()) network.KillBox(before);
    before->service = SimBox::Service::kOut;
    MoveTills(before, box);
    if (context.plan.lost_disks && context.OneIn(3)) {
      context.Count("disks lost");
      context.trace.Add("the disk of ", before->name, " is lost");
      before->disk_lost = true;
      model.Destroy(before, Cursor());
    }
  }
  // What was handed in may not have reached the hub: it is handed in again.
  branch->handed_in.clear();
  for (const auto& before : branch->boxes) {
    if (before->service == SimBox::Service::kIn) continue;
    before->service = SimBox::Service::kOut;
    MoveTills(before.get(), box);
  }
  if (old_box_stays) {
    for (const auto& till : tills.all()) {
      if (till->branch == branch->code && context.OneIn(2)) till->box = box;
    }
  }
  if (!Load(box)) {
    // The hub went away half through. Its power comes back, the rest is
    // fetched then; here the box simply starts later.
    box->starts_at = context.NowMicros() + 1'000'000;
    return true;
  }
  StartBox(box);
  if (node->epoch() > 1) context.Count("epochs opened by recovery");
  return true;
}

bool SimChain::Load(SimBox* box) {
  const PeerIdentity peer{box->branch(), box->identity.node.epoch()};
  v1::EpochGrant grant;
  BL_CHECK(grant.ParseFromString(box->identity.node.epoch_grant()),
           "a grant is readable");
  const Cursor until = FromProto(grant.from());
  BL_CHECK(RebuildIfNeeded(&box->disk).ok(), "a simulated disk can be read");
  while (peer.epoch > 1) {
    auto loader = JournalLoader::Open(&box->disk, box->stream());
    BL_CHECK(loader.ok(), "a simulated disk can be read");
    if (!loader->head().IsBefore(until)) break;
    if (!hub.running()) return false;
    const auto chunk = hub.node().ReadJournal(peer, box->branch(),
                                              loader->head(), kFetchBytes);
    if (!hub.Watch(chunk.status()).ok() || chunk->records().empty()) {
      context.Violate("recovery", box->name,
                      " cannot fetch its journal: ", chunk.status().ToString());
      return false;
    }
    const absl::Status taken = loader->Take(*chunk);
    if (!taken.ok()) {
      context.Violate("recovery", box->name,
                      " cannot take its journal: ", taken.ToString());
      return false;
    }
    if (context.OneIn(20)) {
      context.Count("recoveries cut half through");
      box->disk.Crash();
    }
  }
  return true;
}

void SimChain::TakeOutStopped(SimBranch* branch) {
  for (SimBox* box : InService(*branch)) {
    if (!box->stopped()) continue;
    context.trace.Add(box->name,
                      " is taken away: ", box->core().state().stopped_why());
    context.Count("boxes taken away");
    network.KillBox(box);
    box->service = SimBox::Service::kOut;
  }
  const std::vector<SimBox*> left = InService(*branch);
  if (left.empty()) return;
  for (const auto& box : branch->boxes) {
    if (box->service != SimBox::Service::kIn) MoveTills(box.get(), left[0]);
  }
}

void SimChain::HandIn(SimBranch* branch) {
  SimBox* const live = Live(*branch);
  if (live == nullptr) return;
  for (const auto& old : branch->boxes) {
    if (old->service != SimBox::Service::kOut || old->disk_lost) continue;
    const auto suffix =
        FindLateSuffix(live->disk, old->disk, live->core().stream());
    if (absl::IsNotFound(suffix.status())) {  // it never wrote anything
      old->service = SimBox::Service::kHandedIn;
      continue;
    }
    if (!suffix.ok()) {
      context.Violate("late", old->name, ": ", suffix.status().ToString());
      return;
    }
    if (suffix->records.empty()) {
      old->service = SimBox::Service::kHandedIn;
      continue;
    }
    const auto found = live->core().OfferLate(suffix->common, suffix->records);
    if (!found.ok()) {
      if (!live->core().broken()) {
        context.Violate("late", old->name, ": ", found.status().ToString());
      }
      return;
    }
    context.trace.Add(old->name, " is handed in at ", live->name, ": ",
                      suffix->records.size(), " records of epoch ",
                      found->epoch());
    context.Count("late suffixes offered");
    for (const auto& [hash, epoch] : branch->handed_in) {
      if (epoch != found->epoch()) continue;
      context.Count("second disks of an epoch");
    }
    branch->handed_in[found->last().hash()] = found->epoch();
    old->service = SimBox::Service::kHandedIn;
    return;
  }
}

void SimChain::ApproveLate(SimBranch* branch) {
  if (!MayOperate() || !context.plan.approvals) return;
  for (const auto& [hash, epoch] : branch->handed_in) {
    if (branch->approved.count(hash) > 0) continue;
    v1::ApproveLateRequest request;
    request.set_branch(branch->code);
    request.set_epoch(epoch);
    request.set_last_hash(Hex(hash));
    const auto approved = hub.admin().ApproveLate(request);
    if (absl::IsNotFound(approved.status())) continue;  // not heard of yet
    if (!hub.Watch(approved.status()).ok()) continue;
    branch->approved.insert(hash);
    context.Count("late suffixes approved");
    context.trace.Add("epoch ", epoch, " of ", branch->code, " is approved");
  }
}

}  // namespace branchline
