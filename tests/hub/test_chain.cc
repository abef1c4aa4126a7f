#include "tests/hub/test_chain.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "sync/base/check.h"
#include "sync/base/status_macros.h"
#include "sync/identity/certificate_request.h"
#include "sync/identity/join_token.h"
#include "sync/journal/rebuild.h"
#include "sync/journal/record.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

const CertificateAuthority& TestCa() {
  static const auto* ca =
      new CertificateAuthority(*CertificateAuthority::Create(
          "Test", FakeClock().WallNow() - absl::Hours(24)));
  return *ca;
}

}  // namespace

TestHub::TestHub(bool threaded) : threaded_(threaded) { Restart(); }

void TestHub::Restart() {
  node.reset();
  BL_CHECK(RebuildIfNeeded(&disk).ok(), "a test's disk is whole");
  store = std::make_unique<KvHubStore>(&disk);
  ledger = std::make_unique<HubLedger>(
      store.get(), *SigningKey::FromSeed(std::string(32, 'h')), &clock, &random,
      &changed);
  HubNodeOptions options;
  options.threaded = threaded_;
  options.on_failure = [this](const absl::Status& status) {
    failures.push_back(status);
  };
  node = std::make_unique<HubNode>(store.get(), ledger.get(), &clock, &changed,
                                   std::move(options));
  enroller =
      std::make_unique<Enroller>(store.get(), ledger.get(), TestCa(), &clock);
  enroller->SetSyncAddress(":7001");
  admin = std::make_unique<ChainAdmin>(store.get(), ledger.get());
  reports = std::make_unique<Reports>(store.get(), &clock);
}

std::string TestHub::AddBranch(absl::string_view code) {
  v1::AddBranchRequest request;
  request.mutable_branch()->set_code(std::string(code));
  request.mutable_branch()->set_name(absl::StrCat("Branch ", code));
  request.mutable_branch()->set_time_zone("Europe/London");
  request.mutable_branch()->set_currency("GBP");
  const absl::Status added = admin->AddBranch(request);
  BL_CHECK(added.ok(), added.message());
  return Token(code);
}

std::string TestHub::Token(absl::string_view code, bool recover) {
  v1::IssueTokenRequest request;
  request.set_branch(std::string(code));
  request.set_recover(recover);
  const auto issued = enroller->IssueToken(request);
  BL_CHECK(issued.ok(), issued.status().message());
  return issued->token();
}

TestBox::TestBox(char seed)
    : key(*SigningKey::FromSeed(std::string(32, seed))),
      tls(*TlsKey::Generate()) {}

v1::JoinRequest TestBox::JoinRequest(absl::string_view token_text) const {
  const JoinToken token = *ParseJoinToken(token_text);
  v1::JoinRequest request;
  request.set_branch(token.branch);
  request.set_secret(token.secret);
  request.set_csr_pem(*MakeCertificateRequest(tls, token.branch));
  request.set_journal_public_key(key.public_key());
  request.set_possession(key.Sign("join", request.csr_pem()));
  return request;
}

absl::Status TestBox::Join(TestHub* hub, absl::string_view token) {
  const v1::JoinRequest request = JoinRequest(token);
  BL_ASSIGN_OR_RETURN(joined, hub->enroller->Join(request));
  v1::EpochGrant grant;
  BL_CHECK(grant.ParseFromString(joined.epoch_grant()), "a grant");
  branch = grant.branch();
  epoch = grant.epoch();
  if (grant.has_from()) head = FromProto(grant.from());
  head = Cursor{epoch, 0, head.hash};
  v1::Event opened;
  opened.mutable_epoch_opened()->set_grant(joined.epoch_grant());
  opened.mutable_epoch_opened()->set_signature(joined.epoch_signature());
  Append(std::move(opened));
  return absl::OkStatus();
}

v1::Record& TestBox::Append(v1::Event event) {
  return AppendBytes(event.SerializeAsString());
}

v1::Record& TestBox::AppendBytes(std::string payload) {
  records.push_back(NextRecord(EdgeStream(branch), head, std::move(payload)));
  head = CursorOf(records.back());
  return records.back();
}

void TestBox::Sign(v1::Push* push) const {
  v1::Record last;
  last.ParseFromString(push->records(push->records_size() - 1));
  v1::Checkpoint& checkpoint = *push->mutable_checkpoint();
  checkpoint.set_epoch(last.epoch());
  checkpoint.set_seq(last.seq());
  checkpoint.set_hash(last.hash());
  checkpoint.set_signature(key.Sign(
      kCheckpointPurpose, CheckpointBytes(EdgeStream(branch), checkpoint)));
}

v1::Push TestBox::Push(const std::vector<v1::Record>& some) const {
  v1::Push push;
  for (const v1::Record& record : some) {
    push.add_records(record.SerializeAsString());
  }
  Sign(&push);
  return push;
}

v1::Push TestBox::Push(size_t from) const {
  return Push(std::vector<v1::Record>(records.begin() + from, records.end()));
}

absl::StatusOr<HubPort::Taken> TestBox::PushTo(TestHub* hub) {
  absl::StatusOr<HubPort::Taken> answer = absl::UnknownError("no answer");
  hub->node->Take(
      peer(), Push(pushed),
      [&](absl::StatusOr<HubPort::Taken> taken) { answer = std::move(taken); });
  if (answer.ok() && std::holds_alternative<v1::Ack>(*answer)) {
    ack = std::get<v1::Ack>(*answer);
    pushed = records.size();
  }
  return answer;
}

v1::Hello TestBox::Hello(const TestHub& hub) const {
  v1::Hello hello;
  hello.set_protocol(1);
  hello.set_branch(branch);
  *hello.mutable_head() = ToProto(head);
  if (!ack.signature().empty()) *hello.mutable_last_ack() = ack;
  hello.set_session_secret(secret);
  hello.set_now_unix_micros(absl::ToUnixMicros(hub.clock.WallNow()));
  return hello;
}

HubPort::Greeting TestBox::Greet(TestHub* hub) {
  hub->clock.Advance(absl::Seconds(1));
  const auto taken = hub->node->GreetingsTaken(peer());
  BL_CHECK(taken.ok(), taken.status().message());
  auto greeting = hub->node->Greet(peer(), *taken, Hello(*hub));
  BL_CHECK(greeting.ok(), greeting.status().message());
  if (const auto* welcome = std::get_if<v1::Welcome>(&*greeting)) {
    secret = welcome->offered_secret();
    BL_CHECK(hub->node->ConfirmSecret(peer(), secret).ok(), "confirmed");
  }
  return *std::move(greeting);
}

v1::Event OpenDay(Date date) {
  v1::Event event;
  event.set_business_date(date);
  event.mutable_day_opened()->set_date(date);
  return event;
}

v1::Event CloseDay(Date date) {
  v1::Event event;
  event.set_business_date(date);
  event.mutable_day_closed()->set_date(date);
  return event;
}

v1::Event SaleOf(absl::string_view branch, Date date, uint64_t number,
                 absl::string_view sku, int64_t quantity_milli,
                 int64_t amount_minor, absl::string_view currency) {
  v1::Event event;
  event.set_command_id(absl::StrFormat("%016d", number));
  event.set_till("T1");
  event.set_business_date(date);
  event.add_units(SkuUnit(sku));
  event.add_units(std::string(currency));
  for (const v1::AccountKind kind :
       {v1::ACCOUNT_KIND_ON_HAND, v1::ACCOUNT_KIND_SOLD,
        v1::ACCOUNT_KIND_REVENUE, v1::ACCOUNT_KIND_TENDER}) {
    v1::Account& account = *event.add_accounts();
    account.set_kind(kind);
    account.set_owner(std::string(branch));
    if (kind == v1::ACCOUNT_KIND_TENDER) account.set_detail("cash:T1");
  }
  v1::Posting& goods = *event.add_postings();
  goods.set_unit(0);
  goods.set_source(0);
  goods.set_destination(1);
  goods.set_amount(quantity_milli);
  v1::Posting& money = *event.add_postings();
  money.set_unit(1);
  money.set_source(2);
  money.set_destination(3);
  money.set_amount(amount_minor);
  v1::Sale& sale = *event.mutable_sale();
  sale.set_receipt_no(absl::StrFormat("%s-T1-1-%06d", branch, number));
  sale.set_receipt_counter(number);
  sale.set_currency(std::string(currency));
  v1::SaleLine& line = *sale.add_lines();
  line.set_sku(std::string(sku));
  line.set_kind(v1::LINE_KIND_SALE);
  line.set_quantity_milli(quantity_milli);
  line.set_amount_minor(amount_minor);
  v1::Tender& tender = *sale.add_tenders();
  tender.set_kind(v1::TENDER_KIND_CASH);
  tender.set_amount_minor(amount_minor);
  sale.set_total_minor(amount_minor);
  return event;
}

}  // namespace branchline
