#include "devices/wallet/wallet_fields.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace branchline {
namespace {

void SkipSpace(absl::string_view* in) {
  while (!in->empty() && absl::ascii_isspace((*in)[0])) in->remove_prefix(1);
}

// Takes a string in quotes off `*in`; `inside` is without them, escapes as they
// stand.
bool TakeString(absl::string_view* in, absl::string_view* inside) {
  if (in->empty() || (*in)[0] != '"') return false;
  for (size_t i = 1; i < in->size(); ++i) {
    if ((*in)[i] == '\\') {
      ++i;
    } else if ((*in)[i] == '"') {
      *inside = in->substr(1, i - 1);
      in->remove_prefix(i + 1);
      return true;
    }
  }
  return false;
}

// Takes a value of any kind off `*in`.
bool TakeValue(absl::string_view* in, absl::string_view* value) {
  const absl::string_view from = *in;
  int depth = 0;
  while (!in->empty()) {
    const char c = (*in)[0];
    if (c == '"') {
      absl::string_view inside;
      if (!TakeString(in, &inside)) return false;
    } else if (c == '{' || c == '[') {
      ++depth;
      in->remove_prefix(1);
    } else if (c == '}' || c == ']') {
      if (depth == 0) break;
      --depth;
      in->remove_prefix(1);
    } else if (c == ',' && depth == 0) {
      break;
    } else {
      in->remove_prefix(1);
    }
    if (depth == 0 && (c == '"' || c == '}' || c == ']')) break;
  }
  *value = absl::StripTrailingAsciiWhitespace(
      from.substr(0, from.size() - in->size()));
  return !value->empty();
}

}  // namespace

std::string Of(const WalletFields& fields, absl::string_view name) {
  const auto found = fields.find(name);
  return found == fields.end() ? "" : found->second;
}

std::string SignedText(const WalletFields& fields) {
  std::string text;
  for (const auto& [name, value] : fields) {
    if (value.empty() || name == "sign") continue;
    absl::StrAppend(&text, text.empty() ? "" : "&", name, "=", value);
  }
  return text;
}

std::string JsonOf(const WalletFields& fields) {
  std::string json = "{";
  for (const auto& [name, value] : fields) {
    absl::StrAppend(&json, json.size() > 1 ? "," : "", "\"", name, "\":\"");
    for (const char c : value) {
      if (c == '"' || c == '\\') {
        json += {'\\', c};
      } else if (static_cast<unsigned char>(c) < 0x20) {
        absl::StrAppendFormat(&json, "\\u%04x", c);
      } else {
        json.push_back(c);
      }
    }
    json.push_back('"');
  }
  return json + "}";
}

absl::StatusOr<WalletFields> ParseJson(absl::string_view text) {
  google::protobuf::Struct object;
  if (text.size() > kWalletAnswerSizeMax ||
      !google::protobuf::util::JsonStringToMessage(
           google::protobuf::StringPiece(text.data(), text.size()), &object)
           .ok()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "read a wallet's answer: ", text.size(), " bytes that are no JSON"));
  }
  WalletFields fields;
  for (const auto& [name, value] : object.fields()) {
    if (value.has_string_value()) fields[name] = value.string_value();
  }
  if (fields.size() > kWalletFieldsMax) {
    return absl::InvalidArgumentError(
        "read a wallet's answer: too many fields");
  }
  return fields;
}

std::optional<absl::string_view> RawJsonValue(absl::string_view text,
                                              absl::string_view name) {
  SkipSpace(&text);
  if (text.empty() || text[0] != '{') return std::nullopt;
  text.remove_prefix(1);
  std::optional<absl::string_view> found;
  while (true) {
    absl::string_view key;
    absl::string_view value;
    SkipSpace(&text);
    if (!TakeString(&text, &key)) return std::nullopt;
    SkipSpace(&text);
    if (text.empty() || text[0] != ':') return std::nullopt;
    text.remove_prefix(1);
    SkipSpace(&text);
    if (!TakeValue(&text, &value)) return std::nullopt;
    if (key == name) {
      if (found.has_value()) return std::nullopt;  // twice: which is signed?
      found = value;
    }
    SkipSpace(&text);
    if (text.empty()) return std::nullopt;
    const char after = text[0];
    text.remove_prefix(1);
    if (after == '}') return found;
    if (after != ',') return std::nullopt;
  }
}

std::string FormOf(const WalletFields& fields) {
  std::string form;
  for (const auto& [name, value] : fields) {
    absl::StrAppend(&form, form.empty() ? "" : "&", name, "=");
    for (const char c : value) {
      if (absl::ascii_isalnum(c) || c == '-' || c == '_' || c == '.' ||
          c == '~') {
        form.push_back(c);
      } else {
        absl::StrAppendFormat(&form, "%%%02X", static_cast<unsigned char>(c));
      }
    }
  }
  return form;
}

absl::StatusOr<WalletFields> ParseForm(absl::string_view text) {
  WalletFields fields;
  for (const absl::string_view part : absl::StrSplit(text, '&')) {
    const std::pair<absl::string_view, absl::string_view> pair =
        absl::StrSplit(part, absl::MaxSplits('=', 1));
    std::string value;
    for (size_t i = 0; i < pair.second.size(); ++i) {
      const char c = pair.second[i];
      if (c != '%') {
        value.push_back(c == '+' ? ' ' : c);
        continue;
      }
      const absl::string_view hex = pair.second.substr(i + 1, 2);
      if (hex.size() != 2 || !absl::ascii_isxdigit(hex[0]) ||
          !absl::ascii_isxdigit(hex[1])) {
        return absl::InvalidArgumentError("read a form: a % without its hex");
      }
      value += absl::HexStringToBytes(hex);
      i += 2;
    }
    if (!fields.emplace(std::string(pair.first), std::move(value)).second ||
        fields.size() > kWalletFieldsMax) {
      return absl::InvalidArgumentError(
          "read a form: a field twice, or too many");
    }
  }
  return fields;
}

}  // namespace branchline
