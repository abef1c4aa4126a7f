#pragma once

#include <array>
#include <cstddef>

#include "absl/strings/string_view.h"
#include "devices/wallet/wallet_codec.h"

namespace branchline {

// An error of a wallet that says for certain that the call did nothing.
struct KnownRefusal {
  absl::string_view code;
  PaymentWhy why;
};

// `answer`, refused if `code` is one of `known`.
template <size_t n>
WalletAnswer Refusal(const std::array<KnownRefusal, n>& known,
                     absl::string_view code, WalletAnswer answer) {
  for (const KnownRefusal& row : known) {
    if (row.code != code) continue;
    answer.word = WalletWord::kRefused;
    answer.why = row.why;
  }
  return answer;
}

}  // namespace branchline
