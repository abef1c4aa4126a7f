// What reports, intake and administration read; see kv_hub_store.h.
// Over 400 lines: one short read after another.

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "hub/storage/kv_hub_store.h"
#include "sync/base/bytes.h"
#include "sync/base/status_macros.h"
#include "sync/journal/journal.h"
#include "sync/journal/record.h"
#include "sync/ledger/account_rules.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

// A scan whose visitor may fail.
absl::Status ScanStatus(
    const Store& store, Table table, absl::string_view from,
    absl::string_view to,
    absl::FunctionRef<absl::Status(absl::string_view, absl::string_view)>
        visit) {
  absl::Status result;
  BL_RETURN_IF_ERROR(store.Scan(
      table, from, to, [&](absl::string_view key, absl::string_view value) {
        result = visit(key, value);
        return result.ok();
      }));
  return result;
}

absl::Status ScanPrefix(
    const Store& store, Table table, absl::string_view prefix,
    absl::FunctionRef<absl::Status(absl::string_view, absl::string_view)>
        visit) {
  return ScanStatus(store, table, prefix, PrefixEnd(prefix), visit);
}

template <typename Message>
absl::StatusOr<Message> Parse(absl::string_view what, absl::string_view bytes) {
  Message message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::DataLossError(absl::StrCat("a register (", what,
                                            ") is damaged: stop the hub and "
                                            "have its projections rebuilt"));
  }
  return message;
}

template <typename Message>
absl::StatusOr<std::vector<std::optional<Message>>> ReadMany(
    const Store& store, absl::string_view what,
    const std::vector<std::string>& keys) {
  BL_ASSIGN_OR_RETURN(const auto values, store.MultiGet(Table::kDocs, keys));
  std::vector<std::optional<Message>> messages(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    if (!values[i].has_value()) continue;
    BL_ASSIGN_OR_RETURN(messages[i], Parse<Message>(what, *values[i]));
  }
  return messages;
}

template <typename Message>
absl::StatusOr<std::optional<Message>> ReadOne(const Store& store,
                                               absl::string_view what,
                                               const std::string& key) {
  BL_ASSIGN_OR_RETURN(auto messages, ReadMany<Message>(store, what, {key}));
  return std::move(messages[0]);
}

std::string WithoutTail(const std::string& key, size_t bytes) {
  return key.substr(0, key.size() - bytes);
}

// Days of each branch between two keys of its own.
absl::Status ScanDays(
    const Store& store, const std::vector<std::string>& branches,
    absl::FunctionRef<std::pair<std::string, std::string>(const std::string&)>
        range,
    absl::FunctionRef<absl::Status(const DayFigures&)> visit) {
  DayFigures figures;
  for (const std::string& branch : branches) {
    const auto [from, to] = range(branch);
    BL_RETURN_IF_ERROR(ScanStatus(
        store, Table::kBooks, from, to,
        [&](absl::string_view key, absl::string_view value) -> absl::Status {
          BL_ASSIGN_OR_RETURN(books::DayKey parts, books::ParseDayKey(key));
          figures.branch = std::move(parts.branch);
          figures.date = parts.date;
          figures.sku = std::move(parts.sku);
          BL_RETURN_IF_ERROR(Cell::Decode(value, &figures.cell));
          return visit(figures);
        }));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> KvHubStore::ReadHash(absl::string_view stream,
                                                 uint64_t epoch,
                                                 uint64_t seq) const {
  if (epoch == 1 && seq == 0) return std::string(kHashSize, '\0');
  // An epoch starts with the hash that its first record follows.
  BL_ASSIGN_OR_RETURN(
      const v1::Record record,
      ReadRecord(store_, stream, epoch, std::max<uint64_t>(seq, 1)));
  return seq == 0 ? record.prev_hash() : record.hash();
}

absl::StatusOr<std::vector<std::string>> KvHubStore::ReadRecords(
    absl::string_view stream, const Cursor& after, size_t bytes_max) const {
  return ReadAfter(store_, stream, after, bytes_max);
}

absl::StatusOr<std::vector<v1::Checkpoint>> KvHubStore::ReadCheckpoints(
    absl::string_view stream, const Cursor& after, const Cursor& to) const {
  std::vector<v1::Checkpoint> checkpoints;
  BL_RETURN_IF_ERROR(ScanStatus(
      store_, Table::kJournal,
      CheckpointKey(stream, after.epoch, after.seq + 1),
      CheckpointKey(stream, to.epoch, to.seq + 1),
      [&](absl::string_view, absl::string_view value) -> absl::Status {
        BL_ASSIGN_OR_RETURN(v1::Checkpoint checkpoint,
                            Parse<v1::Checkpoint>("checkpoint", value));
        checkpoints.push_back(std::move(checkpoint));
        return absl::OkStatus();
      }));
  return checkpoints;
}

absl::StatusOr<std::optional<v1::Checkpoint>> KvHubStore::ReadLastCheckpoint(
    absl::string_view stream) const {
  return LastCheckpoint(store_, stream);
}

absl::StatusOr<std::vector<std::string>> KvHubStore::ListStreams() const {
  return branchline::ListStreams(store_);
}

absl::Status KvHubStore::ReadDays(
    const std::vector<std::string>& branches, Date from, Date to,
    absl::FunctionRef<absl::Status(const DayFigures&)> visit) const {
  return ScanDays(
      store_, branches,
      [&](const std::string& branch) {
        return std::pair(books::Day(branch, from),
                         PrefixEnd(books::Day(branch, to)));
      },
      visit);
}

absl::Status KvHubStore::ReadRestated(
    const std::vector<std::string>& branches, Date from, Date to,
    absl::FunctionRef<absl::Status(const DayFigures&)> visit) const {
  return ScanDays(
      store_, branches,
      [&](const std::string& branch) {
        // The date of posting, which ends the key, is no bound.
        return std::pair(
            WithoutTail(books::Restated(branch, from, 0), 4),
            PrefixEnd(WithoutTail(books::Restated(branch, to, 0), 4)));
      },
      [&](const DayFigures& figures) {
        DayFigures day = figures;
        day.sku.clear();  // where a SKU's cell has the SKU
        return visit(day);
      });
}

absl::Status KvHubStore::ReadSkuDays(
    const std::vector<std::string>& branches, Date from, Date to,
    absl::FunctionRef<absl::Status(const DayFigures&)> visit) const {
  return ScanDays(
      store_, branches,
      [&](const std::string& branch) {
        return std::pair(books::SkuDay(branch, from, ""),
                         PrefixEnd(books::SkuDay(branch, to, "")));
      },
      visit);
}

absl::Status KvHubStore::ReadStock(
    const std::vector<std::string>& branches, absl::string_view sku,
    absl::FunctionRef<absl::Status(const StockFigure&)> visit) const {
  v1::Account on_hand;
  on_hand.set_kind(v1::ACCOUNT_KIND_ON_HAND);
  const std::string field = AccountField(on_hand);
  const std::string sku_prefix = SkuUnit("");
  const auto visit_cell = [&](absl::string_view key, absl::string_view value) {
    StockFigure figure;
    BL_ASSIGN_OR_RETURN(books::BalanceKey parts, books::ParseBalanceKey(key));
    Cell cell;
    BL_RETURN_IF_ERROR(Cell::Decode(value, &cell));
    figure.on_hand_milli = cell.Get(field);
    if (figure.on_hand_milli == 0) return absl::OkStatus();
    figure.branch = std::move(parts.owner);
    figure.sku = parts.unit.substr(sku_prefix.size());
    return visit(figure);
  };
  for (const std::string& branch : branches) {
    if (sku.empty()) {
      BL_RETURN_IF_ERROR(ScanPrefix(store_, Table::kBooks,
                                    books::Balance(branch, sku_prefix),
                                    visit_cell));
      continue;
    }
    const std::string key = books::Balance(branch, SkuUnit(sku));
    BL_ASSIGN_OR_RETURN(const auto value, store_.Get(Table::kBooks, key));
    if (value.has_value()) BL_RETURN_IF_ERROR(visit_cell(key, *value));
  }
  return absl::OkStatus();
}

absl::StatusOr<Cell> KvHubStore::ReadBalance(absl::string_view owner,
                                             absl::string_view unit) const {
  return ReadCell(store_, books::Balance(owner, unit));
}

absl::StatusOr<std::vector<std::optional<v1::Item>>> KvHubStore::ReadItems(
    const std::vector<std::string>& skus) const {
  std::vector<std::string> keys;
  keys.reserve(skus.size());
  for (const std::string& sku : skus) keys.push_back(docs::Item(sku));
  return ReadMany<v1::Item>(store_, "item", keys);
}

absl::StatusOr<std::vector<std::optional<v1::Price>>> KvHubStore::ReadPrices(
    const std::vector<std::pair<std::string, std::string>>& skus) const {
  std::vector<std::string> keys;
  keys.reserve(skus.size());
  for (const auto& [sku, currency] : skus) {
    keys.push_back(docs::Price(sku, currency));
  }
  return ReadMany<v1::Price>(store_, "price", keys);
}

absl::StatusOr<std::optional<v1::Branch>> KvHubStore::ReadBranch(
    absl::string_view code) const {
  return ReadOne<v1::Branch>(store_, "branch", docs::Branch(code));
}

absl::StatusOr<std::vector<v1::Branch>> KvHubStore::ReadBranches() const {
  std::vector<v1::Branch> branches;
  BL_RETURN_IF_ERROR(ScanPrefix(
      store_, Table::kDocs, docs::Branch(""),
      [&](absl::string_view, absl::string_view value) -> absl::Status {
        BL_ASSIGN_OR_RETURN(v1::Branch branch,
                            Parse<v1::Branch>("branch", value));
        branches.push_back(std::move(branch));
        return absl::OkStatus();
      }));
  return branches;
}

absl::StatusOr<std::optional<v1::DevicesSet>> KvHubStore::ReadDevices(
    absl::string_view branch) const {
  return ReadOne<v1::DevicesSet>(store_, "devices", docs::Devices(branch));
}

absl::StatusOr<std::optional<v1::Staff>> KvHubStore::ReadStaff(
    absl::string_view id) const {
  return ReadOne<v1::Staff>(store_, "staff", docs::Staff(id));
}

absl::StatusOr<v1::StaffParts> KvHubStore::ReadStaffParts(
    absl::string_view id) const {
  BL_ASSIGN_OR_RETURN(auto parts, ReadOne<v1::StaffParts>(
                                      store_, "staff", docs::StaffParts(id)));
  return parts.has_value() ? *std::move(parts) : v1::StaffParts();
}

absl::StatusOr<v1::PublishRequest> KvHubStore::ReadPublished() const {
  v1::PublishRequest published;
  BL_ASSIGN_OR_RETURN(auto book, ReadOne<v1::PriceBookSet>(store_, "price book",
                                                           docs::PriceBook()));
  if (book.has_value()) *published.mutable_price_book() = *std::move(book);
  BL_ASSIGN_OR_RETURN(
      auto promotions,
      ReadOne<v1::PromotionsSet>(store_, "promotions", docs::Promotions()));
  if (promotions.has_value()) {
    *published.mutable_promotions() = *std::move(promotions);
  }
  BL_ASSIGN_OR_RETURN(auto taxes, ReadOne<v1::TaxRulesSet>(store_, "tax rules",
                                                           docs::TaxRules()));
  if (taxes.has_value()) *published.mutable_taxes() = *std::move(taxes);
  BL_ASSIGN_OR_RETURN(auto roles,
                      ReadOne<v1::RolesSet>(store_, "roles", docs::Roles()));
  if (roles.has_value()) *published.mutable_roles() = *std::move(roles);
  BL_ASSIGN_OR_RETURN(
      auto categories,
      ReadOne<v1::CategoriesSet>(store_, "categories", docs::Categories()));
  if (categories.has_value()) {
    *published.mutable_categories() = *std::move(categories);
  }
  BL_ASSIGN_OR_RETURN(
      auto scan_rules,
      ReadOne<v1::ScanRulesSet>(store_, "scan rules", docs::ScanRules()));
  if (scan_rules.has_value()) {
    *published.mutable_scan_rules() = *std::move(scan_rules);
  }
  BL_RETURN_IF_ERROR(ScanPrefix(
      store_, Table::kDocs, docs::TillPolicy(""),
      [&](absl::string_view, absl::string_view value) -> absl::Status {
        BL_ASSIGN_OR_RETURN(*published.add_policies(),
                            Parse<v1::TillPolicy>("till policy", value));
        return absl::OkStatus();
      }));
  return published;
}

absl::StatusOr<std::vector<std::optional<v1::ListPrice>>>
KvHubStore::ReadListPrices(absl::string_view list_id,
                           const std::vector<std::string>& skus) const {
  std::vector<std::optional<v1::ListPrice>> prices;
  for (const std::string& sku : skus) {
    BL_ASSIGN_OR_RETURN(auto price,
                        ReadOne<v1::ListPrice>(store_, "list price",
                                               docs::ListPrice(sku, list_id)));
    prices.push_back(std::move(price));
  }
  return prices;
}

absl::StatusOr<std::vector<std::optional<v1::Member>>> KvHubStore::ReadMembers(
    const std::vector<std::string>& ids) const {
  std::vector<std::optional<v1::Member>> members;
  for (const std::string& id : ids) {
    BL_ASSIGN_OR_RETURN(
        auto member, ReadOne<v1::Member>(store_, "member", docs::Member(id)));
    members.push_back(std::move(member));
  }
  return members;
}

absl::StatusOr<DaysReached> KvHubStore::ReadDaysReached(
    absl::string_view branch) const {
  // Days are opened in order, so the last ones tell: from the newest back to
  // the first that is sealed.
  DaysReached reached;
  const std::string from = docs::Day(branch, 0);
  std::string to = PrefixEnd(WithoutTail(from, 4));
  while (true) {
    BL_ASSIGN_OR_RETURN(const auto last, store_.Last(Table::kDocs, from, to));
    if (!last.has_value()) return reached;
    BL_ASSIGN_OR_RETURN(const auto day,
                        Parse<v1::DayState>("day", last->second));
    if (day.sealed()) {
      reached.sealed_date = day.date();
      return reached;
    }
    reached.open_date = day.date();
    to = last->first;
  }
}

absl::StatusOr<std::vector<v1::LateState>> KvHubStore::ReadLate(
    absl::string_view branch) const {
  std::vector<v1::LateState> suffixes;
  BL_RETURN_IF_ERROR(ScanPrefix(
      store_, Table::kDocs, docs::LateOf(branch),
      [&](absl::string_view, absl::string_view value) -> absl::Status {
        BL_ASSIGN_OR_RETURN(v1::LateState late,
                            Parse<v1::LateState>("late suffix", value));
        suffixes.push_back(std::move(late));
        return absl::OkStatus();
      }));
  for (v1::LateState& late : suffixes) {
    BL_ASSIGN_OR_RETURN(
        const auto approved,
        store_.Get(Table::kDocs, docs::Late(absl::StrCat(kHub, "/", branch),
                                            late.found().epoch(),
                                            late.found().last().hash())));
    late.set_approved(approved.has_value());
  }
  return suffixes;
}

absl::StatusOr<std::vector<ExceptionRow>> KvHubStore::ReadExceptions(
    absl::string_view branch, size_t max) const {
  const std::string prefix =
      branch.empty()
          ? std::string("x")
          : WithoutTail(docs::Exception(EdgeStream(branch), 0, 0), 16);
  std::vector<ExceptionRow> rows;
  if (max == 0) return rows;
  BL_RETURN_IF_ERROR(store_.Scan(
      Table::kDocs, prefix, PrefixEnd(prefix),
      [&](absl::string_view key, absl::string_view value) {
        if (key.size() < 18) return true;  // not one of ours
        const absl::string_view place = key.substr(key.size() - 16);
        rows.push_back({std::string(key.substr(1, key.size() - 18)),
                        U64FromBytes(place.substr(0, 8)),
                        U64FromBytes(place.substr(8)), std::string(value)});
        return rows.size() < max;
      }));
  return rows;
}

absl::Status KvHubStore::ReadChainRegisters(
    absl::FunctionRef<absl::Status(absl::string_view, absl::string_view)> visit)
    const {
  for (const std::string& prefix :
       {std::string("A"), docs::ScanRules(), std::string("D"),
        docs::Categories(), docs::OpenDepartment(""), docs::Branch(""),
        docs::Item(""), std::string("p"), docs::Staff(""), docs::PriceBook(),
        std::string("r"), docs::Promotions(), docs::TaxRules(),
        docs::StaffParts(""), docs::Roles(), docs::TillPolicy(""),
        docs::Member("")}) {
    BL_RETURN_IF_ERROR(ScanPrefix(store_, Table::kDocs, prefix, visit));
  }
  return absl::OkStatus();
}

}  // namespace branchline
