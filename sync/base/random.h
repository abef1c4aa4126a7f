#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace branchline {

// The only source of chance outside key making. Safe for concurrent use unless
// an implementation says otherwise.
class Random {
 public:
  virtual ~Random() = default;

  // `size` random bytes.
  virtual std::string Bytes(size_t size) = 0;

  // Even over 0 .. bound - 1; `bound` > 0.
  uint64_t Below(uint64_t bound);
  // Even over first .. last.
  int64_t Between(int64_t first, int64_t last) {
    return first +
           static_cast<int64_t>(Below(static_cast<uint64_t>(last - first + 1)));
  }
};

// The kernel's generator. Lives for ever.
Random& SystemRandom();

// Repeatable from its seed: for simulation, drills and generated data. Never
// for secrets. Not thread-safe.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(uint64_t seed) : state_(seed) {}
  std::string Bytes(size_t size) override;
  uint64_t Next();

 private:
  uint64_t state_;
};

}  // namespace branchline
