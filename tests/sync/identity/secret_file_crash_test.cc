// WriteSecretFile() in a process that is killed at any moment: what is at the
// path is always one whole version, and the next write works.

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "sync/identity/secret_file.h"
#include "tests/sync/identity/status_matchers.h"
#include "tests/sync/identity/temporary_dir.h"

namespace branchline {
namespace {

using identity_testing::IsOk;
using identity_testing::TemporaryDir;

constexpr size_t kContentsSize = 300'000;  // Several write() calls' worth.

// Writes whole files of one letter each, a to z and again, for ever; says so on
// `ready` after each.
[[noreturn]] void WriteForever(const std::string& path, int ready) {
  for (char letter = 'a';; letter = letter == 'z' ? 'a' : letter + 1) {
    if (!WriteSecretFile(path, std::string(kContentsSize, letter)).ok()) {
      _exit(1);
    }
    if (write(ready, &letter, 1) != 1) _exit(2);
  }
}

TEST(SecretFileCrashTest, AlwaysHoldsOneWholeVersion) {
  const TemporaryDir dir;
  const std::string path = dir / "node.key";
  for (int round = 0; round < 20; ++round) {
    int ready[2];
    ASSERT_EQ(pipe(ready), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) WriteForever(path, ready[1]);
    close(ready[1]);
    for (int i = 0; i <= round % 3; ++i) {
      char letter;
      ASSERT_EQ(read(ready[0], &letter, 1), 1) << "the writer failed";
    }
    ASSERT_EQ(kill(child, SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    close(ready[0]);

    const auto contents = ReadSecretFile(path);
    ASSERT_THAT(contents, IsOk());
    ASSERT_EQ(contents->size(), kContentsSize);
    EXPECT_EQ(contents->find_first_not_of((*contents)[0]), std::string::npos);
  }
  ASSERT_THAT(WriteSecretFile(path, "after"), IsOk());
  EXPECT_EQ(*ReadSecretFile(path), "after");
}

}  // namespace
}  // namespace branchline
