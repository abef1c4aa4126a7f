#include "sync/base/random.h"

#include <sys/random.h>

#include <cerrno>
#include <cstring>

#include "sync/base/check.h"

namespace branchline {
namespace {

class KernelRandom final : public Random {
 public:
  std::string Bytes(size_t size) override {
    std::string bytes(size, '\0');
    size_t done = 0;
    while (done < size) {
      const ssize_t got = getrandom(bytes.data() + done, size - done, 0);
      if (got < 0 && errno == EINTR) continue;  // a signal, and a long wait
      BL_CHECK(got > 0, "the kernel gives random bytes");
      done += static_cast<size_t>(got);
    }
    return bytes;
  }
};

}  // namespace

uint64_t Random::Below(uint64_t bound) {
  BL_CHECK(bound > 0, "a choice among at least one");
  const std::string bytes = Bytes(sizeof(uint64_t));
  uint64_t value;
  std::memcpy(&value, bytes.data(), sizeof(value));
  // 128-bit scaling: the bias is below 2^-64 x bound.
  return static_cast<uint64_t>(
      (static_cast<unsigned __int128>(value) * bound) >> 64);
}

Random& SystemRandom() {
  static KernelRandom random;
  return random;
}

// SplitMix64 (Steele, Lea, Flood 2014).
uint64_t SeededRandom::Next() {
  state_ += 0x9e3779b97f4a7c15;
  uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

std::string SeededRandom::Bytes(size_t size) {
  std::string bytes;
  bytes.reserve(size + 8);
  while (bytes.size() < size) {
    const uint64_t value = Next();
    bytes.append(reinterpret_cast<const char*>(&value), sizeof(value));
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace branchline
