#include "tests/sim/model.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "sync/base/bytes.h"
#include "sync/base/money.h"

namespace branchline {

Told ReadDocument(const v1::Event& event) {
  Told told;
  if (event.has_sale()) {
    told.receipt_no = event.sale().receipt_no();
    for (const v1::SaleLine& line : event.sale().lines()) {
      if (line.voided()) continue;
      told.net_minor += line.amount_minor();
      told.shelf_milli[line.sku()] -= line.quantity_milli();
    }
  } else if (event.has_return_()) {
    told.receipt_no = event.return_().receipt_no();
    for (const v1::ReturnLine& line : event.return_().lines()) {
      told.net_minor -= line.amount_minor();
      told.shelf_milli[line.sku()] += line.quantity_milli();
    }
  } else if (event.has_stock_change()) {
    for (const v1::StockChangeLine& line : event.stock_change().lines()) {
      told.net_minor += line.amount_minor();
      told.shelf_milli[line.sku()] += line.quantity_milli();
    }
  }
  return told;
}

void SimModel::CheckPrices(const Command& command, const v1::Sale& sale) {
  const auto& asked = std::get<v1::RingRequest>(command.request);
  if (asked.lines_size() != sale.lines_size()) {
    context_.Violate("answer", sale.receipt_no(), " has ", sale.lines_size(),
                     " lines, asked were ", asked.lines_size());
    return;
  }
  int64_t total_minor = 0;
  for (int i = 0; i < sale.lines_size(); ++i) {
    const v1::SaleLine& line = sale.lines(i);
    const std::vector<int64_t>& set = prices_[line.sku()];
    const bool price_is_right =
        asked.lines(i).has_unit_price_minor_e4()
            ? line.unit_price_minor_e4() == asked.lines(i).unit_price_minor_e4()
            : std::count(set.begin(), set.end(), line.unit_price_minor_e4()) >
                  0;
    const auto gross =
        PriceTimesQuantity(line.unit_price_minor_e4(), line.quantity_milli());
    if (!price_is_right || !gross.ok() ||
        line.quantity_milli() != asked.lines(i).quantity_milli() ||
        line.amount_minor() != *gross - line.discount_minor()) {
      context_.Violate("answer", "line ", i, " of ", sale.receipt_no(),
                       " is not what was asked and priced");
    }
    total_minor += line.amount_minor();
  }
  if (total_minor != sale.total_minor()) {
    context_.Violate("answer", sale.receipt_no(), " comes to ",
                     sale.total_minor(), ", its lines to ", total_minor);
  }
}

void SimModel::Tell(const std::string& command_id, const SimBox* box,
                    const Command& command, const Outcome& outcome) {
  Wanted& wanted = wanted_[command_id];
  Told told = ReadDocument(outcome.event);
  told.box = box;
  told.at = outcome.at;
  if (outcome.event.command_id() != command_id) {
    context_.Violate("answer", "the answer is to another command");
  }
  if (outcome.event.has_sale()) CheckPrices(command, outcome.event.sale());
  for (Told& before : wanted.told) {
    // What is gone may be done again, and get the number that was free again.
    if (before.destroyed && before.at != told.at) continue;
    if (before.receipt_no == told.receipt_no) {
      // The same, told again, perhaps by a box that has it from the hub.
      if (before.net_minor != told.net_minor) {
        context_.Violate("repeat", told.receipt_no, " was first ",
                         before.net_minor, ", now ", told.net_minor);
      }
      if (before.box != box) before = std::move(told);
      return;
    }
    if (before.box == box && !before.destroyed) {
      context_.Violate("repeat", wanted.what, " was told as ",
                       before.receipt_no, ", now as ", told.receipt_no);
    }
  }
  context_.Count(absl::StrCat(wanted.what, "s answered"));
  wanted.told.push_back(std::move(told));
}

void SimModel::Destroy(const SimBox* box, const Cursor& kept) {
  for (auto& [id, wanted] : wanted_) {
    for (Told& told : wanted.told) {
      if (told.box == box && kept.IsBefore(told.at)) told.destroyed = true;
    }
  }
}

}  // namespace branchline
