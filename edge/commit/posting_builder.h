#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "branchline/v1/event.pb.h"

namespace branchline {

// Writes postings into an event, each unit and account once.
// Not thread-safe; lives no longer than the event.
class PostingBuilder {
 public:
  PostingBuilder(std::string owner, v1::Event* event)
      : owner_(std::move(owner)), event_(*event) {}

  // Moves `amount` (> 0; 0 posts nothing) between two accounts of the owner.
  void Move(absl::string_view unit, v1::AccountKind source,
            v1::AccountKind destination, int64_t amount);

  // One leg of a money document: what an account gives (> 0) or gets (< 0).
  struct Leg {
    v1::AccountKind kind;
    std::string detail;
    int64_t gives_minor;
  };
  // Pairs givers with getters in order; the legs must sum to zero.
  void Settle(absl::string_view currency, const std::vector<Leg>& legs);

 private:
  uint32_t Unit(absl::string_view unit);
  uint32_t Account(v1::AccountKind kind, absl::string_view detail);
  void Post(uint32_t unit, uint32_t source, uint32_t destination,
            int64_t amount);

  const std::string owner_;
  v1::Event& event_;
};

}  // namespace branchline
