#include "sync/journal/export.h"

#include <google/protobuf/util/json_util.h>

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "branchline/v1/event.pb.h"
#include "sync/base/bytes.h"
#include "sync/base/status_macros.h"
#include "sync/journal/journal.h"
#include "sync/journal/json_string.h"
#include "sync/journal/record.h"

namespace branchline {
namespace {

std::string Base64(absl::string_view bytes) {
  return absl::StrCat("\"", absl::Base64Escape(bytes), "\"");
}

std::string Place(absl::string_view kind, absl::string_view stream,
                  uint64_t epoch, uint64_t seq) {
  return absl::StrCat("{\"kind\":\"", kind,
                      "\",\"stream\":", JsonString(stream),
                      ",\"epoch\":", epoch, ",\"seq\":", seq);
}

// Empty if it cannot be written as JSON.
std::string EventJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string json;
  const auto status =
      google::protobuf::util::MessageToJsonString(message, &json, options);
  return status.ok() ? json : "";
}

std::string PartJson(const v1::Part& part, bool with_parts) {
  std::string json = absl::StrCat("{\"name\":", JsonString(part.name()));
  if (part.erased()) {
    absl::StrAppend(&json, ",\"erased\":true");
  } else if (with_parts) {
    absl::StrAppend(&json, ",\"salt\":", Base64(part.salt()),
                    ",\"data\":", Base64(part.data()));
  } else {
    absl::StrAppend(&json, ",\"withheld\":true");
  }
  return absl::StrCat(json, "}");
}

// Checkpoints of `stream` after `after`, read a page at a time.
class Checkpoints {
 public:
  Checkpoints(const Store& store, absl::string_view stream, const Cursor& after)
      : store_(store),
        from_(CheckpointKey(stream, after.epoch, after.seq + 1)),
        end_(PrefixEnd(from_.substr(0, from_.size() - 16))) {}

  // The checkpoint at the place of `record`, if there is one. Ask in order.
  absl::StatusOr<std::optional<v1::Checkpoint>> At(const v1::Record& record) {
    while (true) {
      if (next_ == page_.size()) {
        if (ended_) return std::optional<v1::Checkpoint>();
        BL_RETURN_IF_ERROR(ReadPage());
        continue;
      }
      const v1::Checkpoint& checkpoint = page_[next_];
      const auto place = std::pair(checkpoint.epoch(), checkpoint.seq());
      const auto here = std::pair(record.epoch(), record.seq());
      if (place > here) return std::optional<v1::Checkpoint>();
      ++next_;
      if (place == here) return std::optional<v1::Checkpoint>(checkpoint);
    }
  }

 private:
  static constexpr size_t kPageMax = 1'000;

  absl::Status ReadPage() {
    page_.clear();
    next_ = 0;
    bool parsed = true;
    std::string last;
    BL_RETURN_IF_ERROR(
        store_.Scan(Table::kJournal, from_, end_,
                    [&](absl::string_view key, absl::string_view value) {
                      parsed = page_.emplace_back().ParseFromArray(
                          value.data(), static_cast<int>(value.size()));
                      last = std::string(key);
                      return parsed && page_.size() < kPageMax;
                    }));
    if (!parsed) return absl::DataLossError("a checkpoint cannot be read");
    ended_ = page_.size() < kPageMax;
    from_ = absl::StrCat(last, absl::string_view("\0", 1));
    return absl::OkStatus();
  }

  const Store& store_;
  std::string from_;
  const std::string end_;
  std::vector<v1::Checkpoint> page_;
  size_t next_ = 0;
  bool ended_ = false;
};

}  // namespace

std::string ExportHeader(absl::string_view hub_public_key) {
  std::string json = "{\"kind\":\"export\",\"format\":1";
  if (!hub_public_key.empty()) {
    absl::StrAppend(&json, ",\"hub_public_key\":\"", Hex(hub_public_key), "\"");
  }
  return absl::StrCat(json, "}");
}

std::string ExportRecord(absl::string_view stream, const v1::Record& record,
                         const ExportOptions& options) {
  std::string json = Place("record", stream, record.epoch(), record.seq());
  absl::StrAppend(&json, ",\"prev_hash\":\"", Hex(record.prev_hash()),
                  "\",\"hash\":\"", Hex(record.hash()),
                  "\",\"payload\":", Base64(record.payload()));
  if (record.parts_size() > 0) {
    std::string parts;
    for (const v1::Part& part : record.parts()) {
      absl::StrAppend(&parts, parts.empty() ? "" : ",",
                      PartJson(part, options.with_parts));
    }
    absl::StrAppend(&json, ",\"parts\":[", parts, "]");
  }
  v1::Event event;
  if (event.ParseFromString(record.payload())) {
    const std::string decoded = EventJson(event);
    if (!decoded.empty()) absl::StrAppend(&json, ",\"event\":", decoded);
    v1::EpochGrant grant;
    if (event.has_epoch_opened() &&
        grant.ParseFromString(event.epoch_opened().grant())) {
      absl::StrAppend(&json, ",\"epoch_key\":\"",
                      Hex(grant.journal_public_key()), "\"");
    }
  }
  return absl::StrCat(json, "}");
}

std::string ExportCheckpoint(absl::string_view stream,
                             const v1::Checkpoint& checkpoint) {
  return absl::StrCat(
      Place("checkpoint", stream, checkpoint.epoch(), checkpoint.seq()),
      ",\"hash\":\"", Hex(checkpoint.hash()),
      "\",\"events_total\":", checkpoint.events_total(),
      ",\"signature\":", Base64(checkpoint.signature()), "}");
}

absl::Status ExportStream(const Store& store, absl::string_view stream,
                          const Cursor& after, const ExportOptions& options,
                          absl::FunctionRef<bool(const std::string&)> line) {
  BL_ASSIGN_OR_RETURN(const Cursor head, ReadHead(store, stream));
  if (head == Cursor()) {
    return absl::NotFoundError(
        absl::StrCat("there is no stream '", stream, "' here"));
  }
  Checkpoints checkpoints(store, stream, after);
  bool first = true;
  const std::string key = RecordKey(stream, after.epoch, after.seq + 1);
  const std::string end = PrefixEnd(key.substr(0, key.size() - 16));
  absl::Status result;
  BL_RETURN_IF_ERROR(store.Scan(
      Table::kJournal, key, end,
      [&](absl::string_view, absl::string_view value) {
        v1::Record record;
        if (!record.ParseFromArray(value.data(),
                                   static_cast<int>(value.size()))) {
          result = absl::DataLossError(absl::StrCat(
              "a record of ", stream, " in the journal cannot be read"));
          return false;
        }
        const bool from_start = record.epoch() == 1 && record.seq() == 1;
        if (first && !from_start &&
            !line(absl::StrCat(
                Place("base", stream, record.epoch(), record.seq() - 1),
                ",\"hash\":\"", Hex(record.prev_hash()), "\"}"))) {
          return false;
        }
        first = false;
        if (!line(ExportRecord(stream, record, options))) return false;
        const auto checkpoint = checkpoints.At(record);
        if (!checkpoint.ok()) {
          result = checkpoint.status();
          return false;
        }
        return !checkpoint->has_value() ||
               line(ExportCheckpoint(stream, **checkpoint));
      }));
  return result;
}

}  // namespace branchline
