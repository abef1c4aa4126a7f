#include "sync/identity/sha256.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "sync/base/bytes.h"

namespace branchline {
namespace {

struct Vector {
  const char* name;
  std::string bytes;
  const char* hash;
};

class Sha256Vectors : public ::testing::TestWithParam<Vector> {};

TEST_P(Sha256Vectors, InOnePiece) {
  EXPECT_EQ(Hex(Sha256(GetParam().bytes)), GetParam().hash);
}

TEST_P(Sha256Vectors, InPiecesOfSeven) {
  Sha256Hasher hasher;
  absl::string_view rest = GetParam().bytes;
  while (!rest.empty()) {
    hasher.Update(rest.substr(0, 7));
    rest.remove_prefix(std::min<size_t>(7, rest.size()));
  }
  EXPECT_EQ(Hex(hasher.Finish()), GetParam().hash);
}

INSTANTIATE_TEST_SUITE_P(
    Fips180, Sha256Vectors,
    ::testing::ValuesIn(std::vector<Vector>{
        {"Empty", "",
         "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"Abc", "abc",
         "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"TwoBlocks",
         "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {"MillionA", std::string(1'000'000, 'a'),
         "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
    }),
    [](const auto& param) { return std::string(param.param.name); });

TEST(Sha256HasherTest, IsAsNewAfterFinish) {
  Sha256Hasher hasher;
  hasher.Update("something else");
  hasher.Finish();
  hasher.Update("abc");
  EXPECT_EQ(hasher.Finish(), Sha256("abc"));
  EXPECT_EQ(hasher.Finish(), Sha256(""));
}

TEST(Sha256HasherTest, MovesWithWhatItHasTaken) {
  Sha256Hasher first;
  first.Update("ab");
  Sha256Hasher second = std::move(first);
  second.Update("c");
  EXPECT_EQ(second.Finish(), Sha256("abc"));
}

TEST(Sha256Test, IsTheSameOnEveryThread) {
  std::vector<std::string> hashes(4);
  std::vector<std::thread> threads;
  threads.reserve(hashes.size());
  for (std::string& hash : hashes) {
    threads.emplace_back([&hash] {
      for (int i = 0; i < 1'000; ++i) hash = Sha256("abc");
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& hash : hashes) EXPECT_EQ(hash, Sha256("abc"));
}

}  // namespace
}  // namespace branchline
