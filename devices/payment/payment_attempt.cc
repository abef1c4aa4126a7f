#include "devices/payment/payment_attempt.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "sync/base/bytes.h"

namespace branchline {
namespace {

constexpr absl::string_view kMagic("BLPA\1", 5);
constexpr size_t kHashSize = 8;

uint64_t Fnv1a(absl::string_view bytes) {
  uint64_t hash = 0xCBF29CE484222325;
  for (const char c : bytes) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  }
  return hash;
}

// Writes fields, or reads them: one list of fields (Fields()) for both, so that
// they cannot differ.
class Writer {
 public:
  explicit Writer(std::string* out) : out_(*out) {}
  template <typename Enum>
  void Byte(const Enum& value, Enum, Enum) {
    out_.push_back(static_cast<char>(value));
  }
  void Text(const std::string& text, size_t) {
    AppendU32(&out_, static_cast<uint32_t>(text.size()));
    absl::StrAppend(&out_, text);
  }
  void Number(int64_t value) { AppendU64(&out_, static_cast<uint64_t>(value)); }
  void Maybe(const std::optional<int64_t>& value) {
    out_.push_back(value.has_value() ? '\1' : '\0');
    if (value.has_value()) Number(*value);
  }
  void Seconds(absl::Time time) { Number(absl::ToUnixSeconds(time)); }

 private:
  std::string& out_;
};

class Reader {
 public:
  explicit Reader(absl::string_view in) : in_(in) {}
  template <typename Enum>
  void Byte(Enum& value, Enum first, Enum last) {
    const uint8_t byte = TakeByte();
    ok_ = ok_ && byte >= static_cast<uint8_t>(first) &&
          byte <= static_cast<uint8_t>(last);
    if (ok_) value = static_cast<Enum>(byte);
  }
  void Text(std::string& text, size_t size_max) {
    ok_ = ok_ && in_.size() >= 4;
    if (!ok_) return;
    const uint32_t size = U32FromBytes(in_.substr(0, 4));
    in_.remove_prefix(4);
    ok_ = size <= size_max && size <= in_.size();
    if (!ok_) return;
    text = std::string(in_.substr(0, size));
    in_.remove_prefix(size);
  }
  void Number(int64_t& value) {
    ok_ = ok_ && in_.size() >= 8;
    if (!ok_) return;
    value = static_cast<int64_t>(U64FromBytes(in_.substr(0, 8)));
    in_.remove_prefix(8);
  }
  void Maybe(std::optional<int64_t>& value) {
    const uint8_t has = TakeByte();
    ok_ = ok_ && has <= 1;
    int64_t number = 0;
    if (ok_ && has == 1) Number(number);
    value = ok_ && has == 1 ? std::optional<int64_t>(number) : std::nullopt;
  }
  void Seconds(absl::Time& time) {
    int64_t seconds = 0;
    Number(seconds);
    // Four thousand years: beyond it is damage.
    ok_ = ok_ && seconds > -(1LL << 37) && seconds < (1LL << 37);
    if (ok_) time = absl::FromUnixSeconds(seconds);
  }
  bool ok() const { return ok_ && in_.empty(); }

 private:
  uint8_t TakeByte() {
    ok_ = ok_ && !in_.empty();
    if (!ok_) return 0;
    const auto byte = static_cast<uint8_t>(in_[0]);
    in_.remove_prefix(1);
    return byte;
  }

  absl::string_view in_;
  bool ok_ = true;
};

template <typename Io, typename Attempt>
void Fields(Io& io, Attempt& a) {
  io.Text(a.id, kPaymentIdSizeMax);
  io.Text(a.sale_id, kPaymentIdSizeMax);
  io.Byte(a.means, PaymentMeans::kTerminal, PaymentMeans::kAlipay);
  io.Byte(a.kind, PaymentKind::kPayment, PaymentKind::kReversal);
  io.Byte(a.state, PaymentState::kStarted, PaymentState::kReversed);
  io.Byte(a.why, PaymentWhy::kNone, PaymentWhy::kReversedAlready);
  io.Text(a.device, kPaymentTextSizeMax);
  io.Text(a.original_id, kPaymentIdSizeMax);
  io.Number(a.amount_minor);
  io.Number(a.done_minor);
  io.Text(a.currency, kPaymentTextSizeMax);
  io.Seconds(a.started_at);
  io.Text(a.detail, kPaymentTextSizeMax);
  io.Text(a.settled_by, kPaymentTextSizeMax);
  io.Number(a.original_minor);
  io.Text(a.original_number, kPaymentTextSizeMax);
  io.Maybe(a.original_receipt);
  io.Maybe(a.original_trace);
  io.Text(a.terminal_id, kPaymentTextSizeMax);
  io.Maybe(a.receipt);
  io.Maybe(a.trace);
  io.Maybe(a.earlier_receipt);
  io.Maybe(a.earlier_trace);
  io.Text(a.card_name, kPaymentTextSizeMax);
  io.Text(a.number, kPaymentTextSizeMax);
  io.Text(a.trade_no, kPaymentTextSizeMax);
  io.Text(a.code_hash, kPaymentTextSizeMax);
}

}  // namespace

bool IsFinal(PaymentState state) {
  return state == PaymentState::kDone || state == PaymentState::kFailed ||
         state == PaymentState::kReversed;
}

bool MayBecome(PaymentState from, PaymentState to) {
  if (from == to) return true;
  switch (from) {
    case PaymentState::kStarted:
      return true;
    case PaymentState::kApproved:
      return to != PaymentState::kStarted && to != PaymentState::kFailed;
    case PaymentState::kReversing:
      // Never kDone: other money may be on its way in its place.
      return to == PaymentState::kReversed || to == PaymentState::kFailed ||
             to == PaymentState::kOpen;
    case PaymentState::kOpen:
      return to != PaymentState::kStarted && to != PaymentState::kApproved;
    case PaymentState::kDone:
    case PaymentState::kFailed:
    case PaymentState::kReversed:
      return false;
  }
  return false;
}

int64_t MovedMinor(const PaymentAttempt& attempt) {
  if (attempt.state != PaymentState::kDone) return 0;
  return attempt.kind == PaymentKind::kPayment ? attempt.done_minor
                                               : -attempt.done_minor;
}

std::string EncodePaymentAttempt(const PaymentAttempt& attempt) {
  std::string bytes(kMagic);
  Writer writer(&bytes);
  Fields(writer, attempt);
  AppendU64(&bytes, Fnv1a(bytes));
  return bytes;
}

absl::StatusOr<PaymentAttempt> DecodePaymentAttempt(absl::string_view bytes) {
  if (bytes.size() < kMagic.size() + kHashSize) {
    return absl::DataLossError(absl::StrCat(
        "read a payment attempt: ", bytes.size(), " bytes are too few"));
  }
  const absl::string_view body = bytes.substr(0, bytes.size() - kHashSize);
  if (U64FromBytes(bytes.substr(body.size())) != Fnv1a(body)) {
    return absl::DataLossError("read a payment attempt: its hash differs");
  }
  absl::string_view in = body;
  PaymentAttempt attempt;
  const bool known = absl::ConsumePrefix(&in, kMagic);
  Reader reader(in);
  Fields(reader, attempt);
  if (!known || !reader.ok()) {
    return absl::DataLossError(
        "read a payment attempt: not of the form that this version writes");
  }
  return attempt;
}

}  // namespace branchline
