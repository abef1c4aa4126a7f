#include "sync/identity/secret_file.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "tests/sync/identity/status_matchers.h"
#include "tests/sync/identity/temporary_dir.h"

namespace branchline {
namespace {

using identity_testing::Fails;
using identity_testing::IsOk;
using identity_testing::kFailed;
using identity_testing::kInvalid;
using identity_testing::TemporaryDir;

mode_t ModeOf(const std::string& path) {
  struct stat info = {};
  EXPECT_EQ(stat(path.c_str(), &info), 0) << path;
  return info.st_mode & 07777;
}

bool Exists(const std::string& path) {
  struct stat info = {};
  return lstat(path.c_str(), &info) == 0;
}

TEST(SecretFileTest, ComesBackAndIsForItsOwnerOnly) {
  const TemporaryDir dir;
  const std::string path = dir / "node.key";
  const std::string contents("a\0b\n", 4);
  ASSERT_THAT(WriteSecretFile(path, contents), IsOk());
  EXPECT_EQ(*ReadSecretFile(path), contents);
  EXPECT_EQ(ModeOf(path), 0600);
  EXPECT_FALSE(Exists(path + ".tmp"));
}

TEST(SecretFileTest, ModeDoesNotDependOnTheUmask) {
  const TemporaryDir dir;
  for (const mode_t mask : {0000, 0777}) {
    const mode_t before = umask(mask);
    const absl::Status written = WriteSecretFile(dir / "node.key", "secret");
    umask(before);
    ASSERT_THAT(written, IsOk());
    EXPECT_EQ(ModeOf(dir / "node.key"), 0600);
  }
}

TEST(SecretFileTest, ReplacesWhatWasThereAndItsMode) {
  const TemporaryDir dir;
  const std::string path = dir / "node.key";
  std::ofstream(path) << "old and much longer";
  ASSERT_EQ(chmod(path.c_str(), 0644), 0);
  ASSERT_THAT(WriteSecretFile(path, "new"), IsOk());
  EXPECT_EQ(*ReadSecretFile(path), "new");
  EXPECT_EQ(ModeOf(path), 0600);
}

TEST(SecretFileTest, TakesEmptyAndTheLargest) {
  const TemporaryDir dir;
  const std::string path = dir / "node.key";
  for (const size_t size : {size_t{0}, kSecretFileSizeMax}) {
    ASSERT_THAT(WriteSecretFile(path, std::string(size, 'x')), IsOk());
    EXPECT_EQ(ReadSecretFile(path)->size(), size);
  }
}

TEST(SecretFileTest, WorksInTheCurrentDirectory) {
  const TemporaryDir dir;
  char before[4096];
  ASSERT_NE(getcwd(before, sizeof(before)), nullptr);
  ASSERT_EQ(chdir((dir / "").c_str()), 0);
  const absl::Status written = WriteSecretFile("node.key", "secret");
  const absl::Status made = MakeSecretDir("keys/");
  ASSERT_EQ(chdir(before), 0);
  EXPECT_THAT(written, IsOk());
  EXPECT_THAT(made, IsOk());
  EXPECT_EQ(*ReadSecretFile(dir / "node.key"), "secret");
}

// What a crash between making the temporary file and renaming it leaves.
TEST(SecretFileTest, ALeftOverTemporaryFileIsHarmless) {
  const TemporaryDir dir;
  const std::string path = dir / "node.key";
  ASSERT_THAT(WriteSecretFile(path, "old"), IsOk());
  std::ofstream(path + ".tmp") << "half a ne";
  ASSERT_EQ(chmod((path + ".tmp").c_str(), 0644), 0);
  EXPECT_EQ(*ReadSecretFile(path), "old");
  ASSERT_THAT(WriteSecretFile(path, "new"), IsOk());
  EXPECT_EQ(*ReadSecretFile(path), "new");
  EXPECT_EQ(ModeOf(path), 0600);
  EXPECT_FALSE(Exists(path + ".tmp"));
}

// Somebody puts a link where the temporary file goes: it is not followed.
TEST(SecretFileTest, DoesNotWriteThroughALink) {
  const TemporaryDir dir;
  std::ofstream(dir / "victim") << "untouched";
  ASSERT_EQ(symlink((dir / "victim").c_str(), (dir / "node.key.tmp").c_str()),
            0);
  ASSERT_THAT(WriteSecretFile(dir / "node.key", "secret"), IsOk());
  ASSERT_EQ(chmod((dir / "victim").c_str(), 0600), 0);
  EXPECT_EQ(*ReadSecretFile(dir / "victim"), "untouched");
}

TEST(WriteSecretFileTest, RefusesTooMuch) {
  const TemporaryDir dir;
  EXPECT_THAT(WriteSecretFile(dir / "node.key",
                              std::string(kSecretFileSizeMax + 1, 'x')),
              Fails(kInvalid, "1048577 bytes, want at most 1048576"));
  EXPECT_FALSE(Exists(dir / "node.key"));
}

TEST(WriteSecretFileTest, RefusesADirectoryThatIsNotThere) {
  const TemporaryDir dir;
  EXPECT_THAT(WriteSecretFile(dir / "no/node.key", "secret"),
              Fails(absl::StatusCode::kNotFound, "no/node.key.tmp"));
}

TEST(WriteSecretFileTest, LeavesNoSecretBehindWhenItFails) {
  const TemporaryDir dir;
  ASSERT_THAT(MakeSecretDir(dir / "node.key"), IsOk());
  EXPECT_FALSE(WriteSecretFile(dir / "node.key", "secret").ok());
  EXPECT_FALSE(Exists(dir / "node.key.tmp"));
}

// Runs `act` in a process of its own and returns the code of what it says.
absl::StatusCode InAnotherProcess(const std::function<absl::Status()>& act) {
  const pid_t child = fork();
  if (child == 0) _exit(static_cast<int>(act().code()));
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  return static_cast<absl::StatusCode>(WEXITSTATUS(status));
}

// Modes mean nothing to root.
void BeNobody() {
  constexpr uid_t kNobody = 65534;
  if (geteuid() == 0 && setuid(kNobody) != 0) _exit(1);
}

TEST(SecretFileTest, SaysThatADirectoryMayNotBeEntered) {
  const TemporaryDir dir;
  const std::string path = dir / "keys/node.key";
  ASSERT_THAT(MakeSecretDir(dir / "keys"), IsOk());
  ASSERT_THAT(WriteSecretFile(path, "secret"), IsOk());
  ASSERT_EQ(chmod((dir / "keys").c_str(), 0000), 0);
  const auto as_nobody = [](const std::function<absl::Status()>& act) {
    return InAnotherProcess([&] {
      BeNobody();
      return act();
    });
  };
  constexpr auto kDenied = absl::StatusCode::kPermissionDenied;
  EXPECT_EQ(as_nobody([&] { return WriteSecretFile(path, "new"); }), kDenied);
  EXPECT_EQ(as_nobody([&] { return ReadSecretFile(path).status(); }), kDenied);
  EXPECT_EQ(as_nobody([&] { return MakeSecretDir(path + "s"); }), kDenied);
  ASSERT_EQ(chmod((dir / "keys").c_str(), 0700), 0);
  EXPECT_EQ(*ReadSecretFile(path), "secret");
}

// A size limit stops a write in the middle, as a full disk does.
TEST(WriteSecretFileTest, LeavesTheOldOneWhenThereIsNoRoom) {
  const TemporaryDir dir;
  const std::string path = dir / "node.key";
  ASSERT_THAT(WriteSecretFile(path, "old"), IsOk());
  const absl::StatusCode wrote = InAnotherProcess([&] {
    const rlimit limit = {1'000, 1'000};
    signal(SIGXFSZ, SIG_IGN);
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) _exit(1);
    return WriteSecretFile(path, std::string(5'000, 'x'));
  });
  EXPECT_EQ(wrote, absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(*ReadSecretFile(path), "old");
  EXPECT_FALSE(Exists(path + ".tmp"));
}

TEST(ReadSecretFileTest, SaysThatItIsNotThere) {
  const TemporaryDir dir;
  EXPECT_THAT(ReadSecretFile(dir / "node.key"),
              Fails(absl::StatusCode::kNotFound, "opening "));
}

TEST(ReadSecretFileTest, RefusesAFileThatOthersMayTouch) {
  const TemporaryDir dir;
  const std::string path = dir / "node.key";
  ASSERT_THAT(WriteSecretFile(path, "secret"), IsOk());
  for (const mode_t mode : {0640, 0604, 0620, 0602, 0610, 0601, 0644, 0777}) {
    ASSERT_EQ(chmod(path.c_str(), mode), 0);
    EXPECT_THAT(ReadSecretFile(path),
                Fails(kFailed, absl::StrCat("run chmod 600 ", path)))
        << mode;
  }
  ASSERT_EQ(chmod(path.c_str(), 0400), 0);
  EXPECT_EQ(*ReadSecretFile(path), "secret");
}

TEST(ReadSecretFileTest, RefusesWhatIsNoFile) {
  const TemporaryDir dir;
  EXPECT_THAT(ReadSecretFile(dir / ""),
              Fails(kFailed, "it is not a regular file"));
  // Returns at once: nobody ever writes into this pipe.
  ASSERT_EQ(mkfifo((dir / "pipe").c_str(), 0600), 0);
  EXPECT_THAT(ReadSecretFile(dir / "pipe"),
              Fails(kFailed, "it is not a regular file"));
}

TEST(ReadSecretFileTest, RefusesTooMuch) {
  const TemporaryDir dir;
  const std::string path = dir / "node.key";
  ASSERT_THAT(WriteSecretFile(path, ""), IsOk());
  ASSERT_EQ(truncate(path.c_str(), kSecretFileSizeMax + 1), 0);
  EXPECT_THAT(ReadSecretFile(path),
              Fails(kFailed, "it has 1048577 bytes, want at most 1048576"));
}

TEST(MakeSecretDirTest, IsForItsOwnerOnlyAndMayBeThereAlready) {
  const TemporaryDir dir;
  ASSERT_THAT(MakeSecretDir(dir / "keys"), IsOk());
  EXPECT_EQ(ModeOf(dir / "keys"), 0700);
  EXPECT_THAT(MakeSecretDir(dir / "keys"), IsOk());
}

TEST(MakeSecretDirTest, RefusesOneThatIsOpenAndLeavesItsMode) {
  const TemporaryDir dir;
  ASSERT_EQ(mkdir((dir / "keys").c_str(), 0700), 0);
  ASSERT_EQ(chmod((dir / "keys").c_str(), 0755), 0);
  EXPECT_THAT(MakeSecretDir(dir / "keys"),
              Fails(kFailed, absl::StrCat("its mode is 0755, open to others; "
                                          "run chmod 700 ",
                                          dir / "keys")));
  EXPECT_EQ(ModeOf(dir / "keys"), 0755);
}

TEST(MakeSecretDirTest, RefusesAFileAndAMissingParent) {
  const TemporaryDir dir;
  std::ofstream(dir / "file") << "x";
  EXPECT_THAT(MakeSecretDir(dir / "file"), Fails(kFailed, "a file is there"));
  EXPECT_THAT(MakeSecretDir(dir / "no/keys"),
              Fails(absl::StatusCode::kNotFound, "making directory"));
}

}  // namespace
}  // namespace branchline
