#include "edge/commit/posting_builder.h"

#include <algorithm>

#include "sync/base/check.h"

namespace branchline {

uint32_t PostingBuilder::Unit(absl::string_view unit) {
  for (int i = 0; i < event_.units_size(); ++i) {
    if (event_.units(i) == unit) return static_cast<uint32_t>(i);
  }
  event_.add_units(std::string(unit));
  return static_cast<uint32_t>(event_.units_size() - 1);
}

uint32_t PostingBuilder::Account(v1::AccountKind kind,
                                 absl::string_view detail) {
  for (int i = 0; i < event_.accounts_size(); ++i) {
    if (event_.accounts(i).kind() == kind &&
        event_.accounts(i).detail() == detail) {
      return static_cast<uint32_t>(i);
    }
  }
  v1::Account* account = event_.add_accounts();
  account->set_kind(kind);
  account->set_owner(owner_);
  account->set_detail(std::string(detail));
  return static_cast<uint32_t>(event_.accounts_size() - 1);
}

void PostingBuilder::Post(uint32_t unit, uint32_t source, uint32_t destination,
                          int64_t amount) {
  v1::Posting* posting = event_.add_postings();
  posting->set_unit(unit);
  posting->set_source(source);
  posting->set_destination(destination);
  posting->set_amount(amount);
}

void PostingBuilder::Move(absl::string_view unit, v1::AccountKind source,
                          v1::AccountKind destination, int64_t amount) {
  BL_CHECK(amount >= 0, "a posting moves forward");
  if (amount == 0) return;
  Post(Unit(unit), Account(source, ""), Account(destination, ""), amount);
}

void PostingBuilder::Settle(absl::string_view currency,
                            const std::vector<Leg>& legs) {
  __int128 sum = 0;
  for (const Leg& leg : legs) sum += leg.gives_minor;
  BL_CHECK(sum == 0, "a money document balances before it is posted");
  std::vector<Leg> givers;
  std::vector<Leg> getters;
  for (const Leg& leg : legs) {
    if (leg.gives_minor > 0) givers.push_back(leg);
    if (leg.gives_minor < 0) getters.push_back(leg);
  }
  size_t getter = 0;
  for (Leg& giver : givers) {
    while (giver.gives_minor > 0) {
      Leg& to = getters[getter];
      const int64_t amount = std::min(giver.gives_minor, -to.gives_minor);
      Post(Unit(currency), Account(giver.kind, giver.detail),
           Account(to.kind, to.detail), amount);
      giver.gives_minor -= amount;
      to.gives_minor += amount;
      if (to.gives_minor == 0) ++getter;
    }
  }
}

}  // namespace branchline
