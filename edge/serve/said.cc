#include "edge/serve/said.h"

namespace branchline {
namespace {

void Add(google::protobuf::RepeatedPtrField<std::string>* all,
         std::vector<std::string*>* sentences) {
  for (std::string& one : *all) sentences->push_back(&one);
}

void Add(std::string* one, std::vector<std::string*>* sentences) {
  if (!one->empty()) sentences->push_back(one);
}

}  // namespace

std::vector<std::string*> SentencesIn(google::protobuf::Message*) { return {}; }

std::vector<std::string*> SentencesIn(v1::RingResponse* response) {
  std::vector<std::string*> sentences;
  Add(response->mutable_warnings(), &sentences);
  return sentences;
}

std::vector<std::string*> SentencesIn(v1::ReturnGoodsResponse* response) {
  std::vector<std::string*> sentences;
  Add(response->mutable_warnings(), &sentences);
  return sentences;
}

std::vector<std::string*> SentencesIn(v1::MoveCashResponse* response) {
  std::vector<std::string*> sentences;
  Add(response->mutable_warnings(), &sentences);
  return sentences;
}

std::vector<std::string*> SentencesIn(v1::QuoteResponse* response) {
  std::vector<std::string*> sentences;
  Add(response->mutable_why_not(), &sentences);
  Add(response->mutable_warnings(), &sentences);
  return sentences;
}

std::vector<std::string*> SentencesIn(v1::ExplainResponse* response) {
  std::vector<std::string*> sentences = SentencesIn(response->mutable_quote());
  for (v1::ExplainedLine& line : *response->mutable_lines()) {
    Add(line.mutable_what(), &sentences);
  }
  Add(response->mutable_rules_not_fired(), &sentences);
  return sentences;
}

std::vector<std::string*> SentencesIn(v1::EdgeStatus* response) {
  std::vector<std::string*> sentences;
  Add(response->mutable_stopped_why(), &sentences);
  return sentences;
}

std::vector<std::string*> SentencesIn(v1::OpenDrawerResponse* response) {
  std::vector<std::string*> sentences;
  Add(response->mutable_trouble(), &sentences);
  return sentences;
}

std::vector<std::string*> SentencesIn(v1::ListDevicesResponse* response) {
  std::vector<std::string*> sentences;
  for (v1::DeviceState& device : *response->mutable_devices()) {
    Add(device.mutable_says(), &sentences);
  }
  return sentences;
}

}  // namespace branchline
