// WeChat's flat XML, by expat.

#include <expat.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "devices/wallet/wallet_fields.h"

namespace branchline {
namespace {

struct Reading {
  XML_Parser parser = nullptr;
  WalletFields fields;
  int depth = 0;
  std::string name;
  std::string value;
  const char* wrong = nullptr;
};

void Stop(Reading* reading, const char* wrong) {
  if (reading->wrong == nullptr) reading->wrong = wrong;
  XML_StopParser(reading->parser, XML_FALSE);
}

void XMLCALL OnStart(void* user, const XML_Char* name, const XML_Char**) {
  auto* const reading = static_cast<Reading*>(user);
  ++reading->depth;
  if (reading->depth > 2) return Stop(reading, "it is nested");
  if (reading->depth == 2) {
    reading->name = name;
    reading->value.clear();
  }
}

void XMLCALL OnEnd(void* user, const XML_Char*) {
  auto* const reading = static_cast<Reading*>(user);
  if (--reading->depth != 1) return;
  if (!reading->fields.emplace(reading->name, reading->value).second) {
    return Stop(reading, "a field comes twice");
  }
  if (reading->fields.size() > kWalletFieldsMax) {
    Stop(reading, "it has too many fields");
  }
}

void XMLCALL OnText(void* user, const XML_Char* text, int size) {
  auto* const reading = static_cast<Reading*>(user);
  if (reading->depth == 2) {
    reading->value.append(text, static_cast<size_t>(size));
  }
}

void XMLCALL OnDocumentType(void* user, const XML_Char*, const XML_Char*,
                            const XML_Char*, int) {
  Stop(static_cast<Reading*>(user), "it has a document type");
}

void AppendEscaped(std::string* xml, absl::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        absl::StrAppend(xml, "&amp;");
        break;
      case '<':
        absl::StrAppend(xml, "&lt;");
        break;
      case '>':
        absl::StrAppend(xml, "&gt;");
        break;
      case '\r':
        absl::StrAppend(xml, "&#13;");
        break;
      default:
        xml->push_back(c);
    }
  }
}

}  // namespace

std::string XmlOf(const WalletFields& fields) {
  std::string xml = "<xml>";
  for (const auto& [name, value] : fields) {
    absl::StrAppend(&xml, "<", name, ">");
    AppendEscaped(&xml, value);
    absl::StrAppend(&xml, "</", name, ">");
  }
  return xml + "</xml>";
}

absl::StatusOr<WalletFields> ParseXml(absl::string_view text) {
  if (text.size() > kWalletAnswerSizeMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("read a wallet's answer: ", text.size(),
                     " bytes, at most ", kWalletAnswerSizeMax));
  }
  const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(
      XML_ParserCreate("UTF-8"), &XML_ParserFree);
  Reading reading;
  reading.parser = parser.get();
  XML_SetUserData(parser.get(), &reading);
  XML_SetElementHandler(parser.get(), &OnStart, &OnEnd);
  XML_SetCharacterDataHandler(parser.get(), &OnText);
  XML_SetStartDoctypeDeclHandler(parser.get(), &OnDocumentType);
  const XML_Status status =
      XML_Parse(parser.get(), text.data(), static_cast<int>(text.size()), 1);
  if (reading.wrong != nullptr || status != XML_STATUS_OK) {
    return absl::InvalidArgumentError(
        absl::StrCat("read a wallet's answer: ",
                     reading.wrong != nullptr
                         ? reading.wrong
                         : XML_ErrorString(XML_GetErrorCode(parser.get()))));
  }
  return reading.fields;
}

}  // namespace branchline
