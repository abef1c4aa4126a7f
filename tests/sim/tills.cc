#include "tests/sim/tills.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "sync/base/bytes.h"
#include "sync/base/check.h"
#include "sync/identity/uuid.h"
#include "sync/journal/record.h"

namespace branchline {
namespace {

template <typename Request>
Command WithHeader(Request request, std::string till, std::string id,
                   absl::Time now) {
  request.mutable_header()->set_command_id(std::move(id));
  return Command{std::move(till), now, std::move(request)};
}

v1::CommandHeader* HeaderIn(Command* command) {
  v1::CommandHeader* header = nullptr;
  std::visit(
      [&](auto& request) {
        if constexpr (requires { request.mutable_header(); }) {
          header = request.mutable_header();
        }
      },
      command->request);
  BL_CHECK(header != nullptr, "what a till keeps has an id");
  return header;
}

Date NextDate(Date date) {
  if (date == 0) return 20261121;
  const absl::CivilDay day =
      absl::CivilDay(date / 10'000, date / 100 % 100, date % 100) + 1;
  return static_cast<Date>(day.year() * 10'000 + day.month() * 100 + day.day());
}

}  // namespace

std::string SkuName(int64_t index) { return absl::StrCat("SKU-", index); }

void SimTills::Add(const std::string& branch, const std::string& name,
                   bool remembers, SimBox* box) {
  auto till = std::make_unique<SimTill>();
  till->branch = branch;
  till->name = name;
  till->remembers = remembers;
  till->box = box;
  tills_.push_back(std::move(till));
}

std::string SimTills::NewId() {
  return NewUuidV7(context_.clock.WallNow(),
                   context_.random.Bytes(kUuidRandomSize));
}

v1::RingRequest SimTills::NewSale() {
  v1::RingRequest request;
  const int64_t lines = context_.Between(1, 3);
  for (int64_t i = 0; i < lines; ++i) {
    v1::RingLine* line = request.add_lines();
    line->set_sku(SkuName(context_.Between(0, kSkus - 1)));
    line->set_quantity_milli(context_.Between(1, 5) * 1'000 -
                             (context_.OneIn(4) ? 333 : 0));
    if (context_.OneIn(5)) {
      line->set_unit_price_minor_e4(context_.Between(-100, 9'000) * 1'234);
    }
    if (context_.OneIn(6)) line->set_discount_minor(context_.Between(1, 20));
    if (context_.OneIn(12)) {
      line->set_kind(v1::LINE_KIND_RETURN);
      line->set_quantity_milli(-line->quantity_milli());
    }
  }
  return request;
}

std::optional<v1::ReturnGoodsRequest> SimTills::NewReturn(const SimTill& till) {
  std::vector<const Told*> sales;
  for (const auto& [id, wanted] : model_.wanted()) {
    if (wanted.branch != till.branch || wanted.what != "sale") continue;
    for (const Told& told : wanted.told) sales.push_back(&told);
  }
  if (sales.empty()) return std::nullopt;
  v1::ReturnGoodsRequest request;
  request.set_original_receipt_no(
      sales[context_.random.Below(sales.size())]->receipt_no);
  v1::ReturnGoodsLine* line = request.add_lines();
  line->set_quantity_milli(context_.Between(1, 2'500));
  return request;
}

v1::ChangeStockRequest SimTills::NewStockChange() {
  v1::ChangeStockRequest request;
  request.set_reason(context_.OneIn(2) ? v1::STOCK_CHANGE_REASON_RECEIVED
                                       : v1::STOCK_CHANGE_REASON_COUNTED);
  v1::ChangeStockLine* line = request.add_lines();
  line->set_sku(SkuName(context_.Between(0, kSkus - 1)));
  line->set_quantity_milli(context_.Between(1, 40) * 1'000);
  if (context_.OneIn(3)) line->set_quantity_milli(-line->quantity_milli());
  if (context_.OneIn(4)) line->set_unit_price_minor_e4(1'500'000);
  return request;
}

Command SimTills::NewCommand(const SimTill& till) {
  const absl::Time now = context_.clock.WallNow();
  std::string id = NewId();
  Wanted& wanted = model_.At(id);
  wanted.branch = till.branch;
  wanted.till = till.name;
  if (context_.plan.returns && context_.OneIn(6)) {
    if (auto back = NewReturn(till); back.has_value()) {
      wanted.what = "return";
      return WithHeader(*std::move(back), till.name, std::move(id), now);
    }
  }
  if (context_.plan.stock_changes && context_.OneIn(7)) {
    wanted.what = "stock change";
    return WithHeader(NewStockChange(), till.name, std::move(id), now);
  }
  wanted.what = "sale";
  return WithHeader(NewSale(), till.name, std::move(id), now);
}

void SimTills::Act() {
  SimTill* first = tills_[context_.random.Below(tills_.size())].get();
  std::vector<SimTill*> asking;
  for (const auto& till : tills_) {
    if (till->box != first->box) continue;
    if (till.get() != first && !context_.OneIn(4)) continue;
    if (!till->asking.has_value()) {
      const bool again = till->answered.has_value() && context_.OneIn(6);
      if (again) context_.Count("answered commands repeated");
      till->asking = again ? *till->answered : NewCommand(*till);
    }
    asking.push_back(till.get());
  }
  if (!first->box->serves()) return;  // nobody answers: they ask again later
  if (first->box->core().state().open_date == 0) OpenDay(first->box);
  Ask(first->box, asking);
}

void SimTills::AskAgain() {
  for (const auto& till : tills_) {
    if (!till->asking.has_value() || !till->box->serves()) continue;
    if (till->box->stopped()) continue;
    if (till->box->core().state().open_date == 0) OpenDay(till->box);
    if (till->box->serves()) Ask(till->box, {till.get()});
  }
}

bool SimTills::AnyWaits() const {
  for (const auto& till : tills_) {
    if (till->asking.has_value()) return true;
  }
  return false;
}

void SimTills::Ask(SimBox* box, const std::vector<SimTill*>& tills) {
  if (!box->serves() || box->core().broken()) return;
  std::vector<Command> commands;
  for (SimTill* till : tills) {
    till->asking->wall_now = box->clock.WallNow();
    v1::CommandHeader* header = HeaderIn(&*till->asking);
    header->clear_last_seen();
    if (till->remembers) *header->mutable_last_seen() = till->last_seen;
    commands.push_back(*till->asking);
  }
  auto outcomes = box->core().Execute(commands);
  for (size_t i = 0; i < tills.size(); ++i) {
    Answer(tills[i], box, std::move(outcomes[i]));
  }
}

void SimTills::Answer(SimTill* till, SimBox* box,
                      absl::StatusOr<Outcome> outcome) {
  const std::string id = HeaderIn(&*till->asking)->command_id();
  Wanted& wanted = model_.At(id);
  if (!outcome.ok()) return Refuse(till, box, outcome.status());
  context_.Count(outcome->repeated ? "repeats recognised" : "events committed");
  if (!context_.healing && context_.plan.lost_answers && context_.OneIn(10)) {
    context_.Count("answers lost");
    wanted.unanswered = true;
    return;  // asks again
  }
  context_.trace.Add(box->name, " ", till->name, " ", wanted.what, " ",
                     ReadDocument(outcome->event).receipt_no, " at ",
                     outcome->at.epoch, "/", outcome->at.seq,
                     outcome->repeated ? " again" : "");
  model_.Tell(id, box, *till->asking, *outcome);
  if (till->remembers) {
    const Cursor seen = FromProto(till->last_seen);
    const bool newer =
        till->last_seen.epoch() == 0 || seen.IsBefore(outcome->at);
    if (newer) till->last_seen = ToProto(outcome->at);
  }
  till->answered = std::exchange(till->asking, std::nullopt);
}

void SimTills::Refuse(SimTill* till, SimBox* box, const absl::Status& why) {
  const std::string id = HeaderIn(&*till->asking)->command_id();
  if (box->core().broken()) {
    model_.At(id).unanswered = true;  // nobody knows: asks again
    return;
  }
  context_.trace.Add(box->name, " ", till->name, " refused: ", why.ToString());
  if (absl::IsAlreadyExists(why) || absl::IsInternal(why)) {
    context_.Violate("answer", why.ToString());
  }
  const bool box_is_out =
      absl::IsDataLoss(why) || box->stopped() || box->core().broken();
  if (box_is_out) {
    context_.Count("refused by a stopped box");
    return;  // asks again, at another box
  }
  context_.Count("commands refused");
  till->asking.reset();
}

void SimTills::RunOnce(SimBox* box, Command command, const std::string& what) {
  const std::string id = HeaderIn(&command)->command_id();
  const auto outcome = std::move(box->core().Execute({command})[0]);
  if (!outcome.ok()) return;
  context_.trace.Add(box->name, " ", what, " at ", outcome->at.epoch, "/",
                     outcome->at.seq);
  Wanted& wanted = model_.At(id);
  wanted.branch = box->branch();
  wanted.what = what;
  model_.Tell(id, box, command, *outcome);
}

void SimTills::OpenDay(SimBox* box) {
  if (!box->serves() || box->stopped()) return;
  if (box->core().state().open_date != 0) return;
  v1::OpenDayRequest request;
  if (context_.plan.clock_jumps && context_.OneIn(2)) {
    // The date is the clock's, if that is after the last.
    RunOnce(box, WithHeader(request, "", NewId(), box->clock.WallNow()),
            "day opening");
    if (!box->serves() || box->core().broken()) return;
    if (box->core().state().open_date != 0) return;
  }
  request.set_date(NextDate(box->core().state().sealed_date));
  RunOnce(box, WithHeader(request, "", NewId(), box->clock.WallNow()),
          "day opening");
}

void SimTills::CloseDay(SimBox* box) {
  if (!box->serves() || box->stopped()) return;
  if (box->core().state().open_date == 0) return;
  RunOnce(box,
          WithHeader(v1::CloseDayRequest(), "", NewId(), box->clock.WallNow()),
          "day closing");
}

}  // namespace branchline
