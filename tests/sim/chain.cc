#include "tests/sim/chain.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "edge/enrol/journal_loader.h"
#include "edge/enrol/late_suffix.h"
#include "hub/merge/catalogue_import.h"
#include "sync/base/bytes.h"
#include "sync/base/check.h"
#include "sync/journal/journal.h"
#include "sync/journal/rebuild.h"
#include "sync/journal/record.h"
#include "sync/ledger/keys.h"

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

SimChain::SimChain(const SimPlan& plan, bool print)
    : context(plan, print),
      hub(&context),
      network(&context, &hub),
      model(&context),
      tills(&context, &model) {}

SimBox* SimChain::AddBox(SimBranch* branch, EdgeIdentity identity) {
  branch->boxes.push_back(std::make_unique<SimBox>(
      absl::StrCat(branch->code, ".", branch->boxes.size() + 1),
      std::move(identity), &context.clock,
      absl::Milliseconds(context.Between(-3'000, 3'000)),
      context.random.Next()));
  network.AddBox(branch->boxes.back().get());
  return branch->boxes.back().get();
}

void SimChain::SetUp() {
  BL_CHECK(hub.Start().ok(), "an empty hub starts");
  for (int i = 0; i < context.plan.branches; ++i) {
    auto branch = std::make_unique<SimBranch>();
    branch->code = absl::StrCat("S", i + 1);
    v1::AddBranchRequest request;
    request.mutable_branch()->set_code(branch->code);
    request.mutable_branch()->set_name("A branch");
    request.mutable_branch()->set_time_zone("UTC");
    request.mutable_branch()->set_currency("GBP");
    BL_CHECK(hub.admin().AddBranch(request).ok(), "a branch is added");
    branches.push_back(std::move(branch));
  }
  ChangeCatalogue();
  for (const auto& branch : branches) {
    BL_CHECK(Recover(branch.get(), false), "the first box joins");
    SimBox* const box = branch->boxes[0].get();
    for (int t = 0; t < context.plan.tills; ++t) {
      const std::string name = absl::StrCat("T", t + 1);
      BL_CHECK(box->core()
                   .Execute({{"", context.clock.WallNow(),
                              PairTillCommand{name, "key of " + name}}})[0]
                   .ok(),
               "a till is paired");
      // The last one runs an older program, which remembers nothing.
      tills.Add(branch->code, name, t + 1 < context.plan.tills, box);
    }
  }
  network.RunUntil(context.NowMicros() + 2'000'000);
  context.counters.clear();
}

void SimChain::ChangeCatalogue() {
  if (!hub.running()) return;
  v1::ImportCatalogueRequest request;
  const bool first = !branches.empty() && branches[0]->boxes.empty();
  for (int i = 0; i < kSkus; ++i) {
    if (!first && !context.OneIn(3)) continue;
    v1::Item* item = request.add_items();
    item->set_sku(SkuName(i));
    item->set_name(absl::StrCat("One ", i, " of ", context.NowMicros()));
    v1::Price* price = request.add_prices();
    price->set_sku(SkuName(i));
    price->set_currency("GBP");
    price->set_price_minor_e4(context.Between(1, 9'999) * 1'700);
    // Before it is stored: a commit that fails may have landed.
    model.SetPrice(SkuName(i), price->price_minor_e4());
  }
  const auto changed = ImportCatalogue(&hub.store(), &hub.ledger(), request);
  if (hub.Watch(changed.status()).ok()) context.Count("catalogue changes");
}

bool SimChain::Recover(SimBranch* branch, bool old_box_stays) {
  if (!hub.running()) return false;
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

// What the daemon's recovery does: the journal as the hub holds it.
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

void SimChain::StartBox(SimBox* box) {
  if (!Load(box)) return;
  const absl::Status started = box->Start();
  if (started.ok()) {
    context.trace.Add(box->name, " runs, journal at ",
                      box->core().state().head.epoch, "/",
                      box->core().state().head.seq);
    network.PollBox(box);
    return;
  }
  context.trace.Add(box->name, " does not start: ", started.ToString());
  if (absl::IsResourceExhausted(started)) {  // as armed
    box->Kill();
    box->starts_at = context.NowMicros() + 1'000'000;
    return;
  }
  context.Violate("start", box->name, " does not start: ", started.ToString());
}

void SimChain::StartDue() {
  const int64_t now = context.NowMicros();
  if (!hub.running() && (hub.starts_at <= now || context.healing)) {
    const absl::Status started = hub.Start();
    if (!started.ok()) {
      context.Violate("start", "the hub does not start: ", started.ToString());
      return;
    }
    context.trace.Add("hub runs");
  }
  for (SimBox* box : AllBoxes()) {
    if (box->service != SimBox::Service::kIn || box->running()) continue;
    if (box->starts_at <= now || context.healing) StartBox(box);
  }
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
    // One disk of an epoch is taken in; others stay listed, and are a
    // person's to look through.
    const uint64_t epoch = suffix->records[0].epoch();
    if (!branch->handed_in.insert(epoch).second) continue;
    const auto found = live->core().OfferLate(suffix->common, suffix->records);
    if (!found.ok()) {
      branch->handed_in.erase(epoch);
      if (!live->core().broken()) {
        context.Violate("late", old->name, ": ", found.status().ToString());
      }
      return;
    }
    context.trace.Add(old->name, " is handed in at ", live->name, ": ",
                      suffix->records.size(), " records of epoch ", epoch);
    context.Count("late suffixes offered");
    old->service = SimBox::Service::kHandedIn;
    return;
  }
}

void SimChain::ApproveLate(SimBranch* branch) {
  if (!hub.running() || !context.plan.approvals) return;
  for (const uint64_t epoch : branch->handed_in) {
    if (branch->approved.count(epoch) > 0) continue;
    v1::ApproveLateRequest request;
    request.set_branch(branch->code);
    request.set_epoch(epoch);
    const auto approved = hub.admin().ApproveLate(request);
    if (absl::IsNotFound(approved.status())) continue;  // not heard of yet
    if (!hub.Watch(approved.status()).ok()) continue;
    branch->approved.insert(epoch);
    context.Count("late suffixes approved");
    context.trace.Add("epoch ", epoch, " of ", branch->code, " is approved");
  }
}

void SimChain::Clone(SimBox* box) {
  for (const auto& branch : branches) {
    if (branch->code != box->branch()) continue;
    SimBox* const copy = AddBox(branch.get(), box->identity);
    copy->disk.Restore(box->disk.Image());
    context.trace.Add(copy->name, " is a copy of ", box->name);
    context.Count("boxes cloned");
    for (const auto& till : tills.all()) {
      if (till->box == box && till->remembers && context.OneIn(2)) {
        till->box = copy;
      }
    }
    copy->dark_until = context.NowMicros() + context.Between(0, 20'000'000);
    StartBox(copy);
    return;
  }
}

void SimChain::MoveTills(SimBox* from, SimBox* to) {
  for (const auto& till : tills.all()) {
    if (till->box == from) till->box = to;
  }
}

std::vector<SimBox*> SimChain::InService(const SimBranch& branch) const {
  std::vector<SimBox*> boxes;
  for (const auto& box : branch.boxes) {
    if (box->service == SimBox::Service::kIn) boxes.push_back(box.get());
  }
  return boxes;
}

SimBox* SimChain::Live(const SimBranch& branch) const {
  const std::vector<SimBox*> boxes = InService(branch);
  if (boxes.size() != 1 || !boxes[0]->running() || boxes[0]->stopped() ||
      boxes[0]->core().broken()) {
    return nullptr;
  }
  return boxes[0];
}

SimBox* SimChain::AnyServing() {
  std::vector<SimBox*> serving;
  for (SimBox* box : AllBoxes()) {
    if (box->serves() && !box->core().broken()) serving.push_back(box);
  }
  if (serving.empty()) return nullptr;
  return serving[context.random.Below(serving.size())];
}

std::vector<SimBox*> SimChain::AllBoxes() const {
  std::vector<SimBox*> boxes;
  for (const auto& branch : branches) {
    for (const auto& box : branch->boxes) boxes.push_back(box.get());
  }
  return boxes;
}

}  // namespace branchline
