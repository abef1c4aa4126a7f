#include "tests/sim/chain.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "hub/merge/catalogue_import.h"
#include "sync/base/check.h"

namespace branchline {

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

bool SimChain::MayOperate() const {
  if (!hub.running()) return false;
  for (const auto& branch : branches) {
    if (hub_restored && !network.Heard(branch->code)) return false;
  }
  return true;
}

void SimChain::ChangeCatalogue() {
  if (!MayOperate()) return;
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

// What the daemon's recovery does: the journal as the hub holds it.
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
