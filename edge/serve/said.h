#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "branchline/v1/till.pb.h"
#include "branchline/v1/till_devices.pb.h"
#include "edge/words/say.h"

namespace branchline {

// The sentences in an answer that a cashier reads, to be said in the till's
// language. Other answers have none; what a payment says is made in it.
std::vector<std::string*> SentencesIn(google::protobuf::Message* response);
std::vector<std::string*> SentencesIn(v1::RingResponse* response);
std::vector<std::string*> SentencesIn(v1::ReturnGoodsResponse* response);
std::vector<std::string*> SentencesIn(v1::MoveCashResponse* response);
std::vector<std::string*> SentencesIn(v1::QuoteResponse* response);
std::vector<std::string*> SentencesIn(v1::ExplainResponse* response);
std::vector<std::string*> SentencesIn(v1::EdgeStatus* response);
std::vector<std::string*> SentencesIn(v1::OpenDrawerResponse* response);
std::vector<std::string*> SentencesIn(v1::ListDevicesResponse* response);

// What a till is answered: `status`, or the sentences in `response`, in its
// language. The last step before the answer leaves: what is counted, logged and
// kept in the journal stays English. `language` is asked only if there is
// something to say.
template <typename Response>
absl::Status Said(absl::Status status,
                  absl::FunctionRef<std::string()> language,
                  Response* response) {
  if (!status.ok()) {
    return absl::Status(status.code(), SayIn(status.message(), language()));
  }
  const std::vector<std::string*> sentences = SentencesIn(response);
  if (sentences.empty()) return status;
  const std::string spoken = language();
  for (std::string* sentence : sentences) *sentence = SayIn(*sentence, spoken);
  return status;
}

}  // namespace branchline
