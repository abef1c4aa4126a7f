#include "devices/printer/print_job.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "sync/base/bytes.h"

namespace branchline {
namespace {

constexpr absl::string_view kMagic("BLPJ\1", 5);
constexpr size_t kHashSize8 = 8;

uint64_t Fnv1a(absl::string_view bytes) {
  uint64_t hash = 0xCBF29CE484222325;
  for (const char c : bytes) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  }
  return hash;
}

void AppendText(std::string* out, absl::string_view text) {
  AppendU32(out, static_cast<uint32_t>(text.size()));
  absl::StrAppend(out, text);
}

bool TakeU32(absl::string_view* in, uint32_t* value) {
  if (in->size() < 4) return false;
  *value = U32FromBytes(in->substr(0, 4));
  in->remove_prefix(4);
  return true;
}

bool TakeText(absl::string_view* in, std::string* text) {
  uint32_t size = 0;
  if (!TakeU32(in, &size) || size > in->size()) return false;
  *text = std::string(in->substr(0, size));
  in->remove_prefix(size);
  return true;
}

bool TakeJob(absl::string_view in, PrintJob* job) {
  if (in.size() < 8) return false;
  job->number = U64FromBytes(in.substr(0, 8));
  in.remove_prefix(8);
  uint32_t state = 0;
  uint32_t attempts = 0;
  uint32_t is_copy = 0;
  if (!TakeU32(&in, &state) || !TakeU32(&in, &attempts) ||
      !TakeU32(&in, &is_copy) || !TakeText(&in, &job->id) ||
      !TakeText(&in, &job->original) || !TakeText(&in, &job->copy)) {
    return false;
  }
  if (!in.empty() || is_copy > 1 || attempts > 1'000'000 ||
      state > static_cast<uint32_t>(PrintState::kFailed)) {
    return false;
  }
  job->state = static_cast<PrintState>(state);
  job->attempts = static_cast<int>(attempts);
  job->is_copy = is_copy == 1;
  return true;
}

}  // namespace

std::string ToText(PrintState state) {
  switch (state) {
    case PrintState::kWaiting:
      return "waiting";
    case PrintState::kSending:
      return "printing";
    case PrintState::kUnproven:
      return "not known to be printed";
    case PrintState::kPrinted:
      return "printed";
    case PrintState::kFailed:
      return "failed";
  }
  return "unknown";
}

std::string EncodePrintJob(const PrintJob& job) {
  std::string bytes(kMagic);
  AppendU64(&bytes, job.number);
  AppendU32(&bytes, static_cast<uint32_t>(job.state));
  AppendU32(&bytes, static_cast<uint32_t>(job.attempts));
  AppendU32(&bytes, job.is_copy ? 1 : 0);
  AppendText(&bytes, job.id);
  AppendText(&bytes, job.original);
  AppendText(&bytes, job.copy);
  AppendU64(&bytes, Fnv1a(bytes));
  return bytes;
}

absl::StatusOr<PrintJob> DecodePrintJob(absl::string_view bytes) {
  if (bytes.size() < kMagic.size() + kHashSize8) {
    return absl::DataLossError(
        absl::StrCat("read a print job: ", bytes.size(), " bytes are too few"));
  }
  const absl::string_view body = bytes.substr(0, bytes.size() - kHashSize8);
  if (U64FromBytes(bytes.substr(body.size())) != Fnv1a(body)) {
    return absl::DataLossError("read a print job: its hash does not match");
  }
  absl::string_view fields = body;
  PrintJob job;
  if (!absl::ConsumePrefix(&fields, kMagic) || !TakeJob(fields, &job)) {
    return absl::DataLossError(
        "read a print job: not of the form that this version writes");
  }
  return job;
}

}  // namespace branchline
