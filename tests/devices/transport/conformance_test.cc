// What every backend of Transport must do, run over each of them: a
// pseudo-terminal by the raw backend, one by libserialport, and a TCP socket.

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "devices/emulator/emulator_port.h"
#include "devices/transport/device_address.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

constexpr absl::Duration kSoon = absl::Milliseconds(30);
constexpr absl::Duration kLong = absl::Seconds(10);

class TransportTest : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    // One link per process: tests run side by side.
    const std::string link =
        absl::StrCat(::testing::TempDir(), "transport_test_", getpid());
    auto port = GetParam() == "tcp" ? OpenTcpPort() : OpenPtyPort(link);
    ASSERT_THAT(port, IsOk());
    port_ = *std::move(port);
    transport_ = Another();
  }

  // A further transport to the same device.
  std::unique_ptr<Transport> Another() {
    const std::string address = absl::StrReplaceAll(
        port_->address(), {{"tty:", absl::StrCat(GetParam(), ":")}});
    return MakeTransport(*ParseDeviceAddress(address));
  }

  // A TCP connection is there for the device once it has been accepted.
  void Open() {
    ASSERT_THAT(transport_->Open(), IsOk());
    char buffer[1];
    ASSERT_THAT(port_->Read(buffer, 1, kSoon), IsOk());
  }

  // Exactly `size` bytes from the transport, or what there was.
  std::string ReadExactly(size_t size) {
    std::string bytes;
    char buffer[4096];
    while (bytes.size() < size) {
      const auto count = transport_->Read(buffer, sizeof(buffer), kLong);
      if (!count.ok() || *count == 0) break;
      bytes.append(buffer, *count);
    }
    return bytes;
  }

  std::string DeviceReadsExactly(size_t size) {
    std::string bytes;
    char buffer[4096];
    while (bytes.size() < size) {
      const auto count = port_->Read(buffer, sizeof(buffer), kLong);
      if (!count.ok() || *count == 0) break;
      bytes.append(buffer, *count);
    }
    return bytes;
  }

  std::unique_ptr<EmulatorPort> port_;
  std::unique_ptr<Transport> transport_;
};

INSTANTIATE_TEST_SUITE_P(Backends, TransportTest,
                         ::testing::Values("tty", "serial", "tcp"),
                         [](const auto& info) { return info.param; });

// All 256 values: no newline is translated, no XOFF or Ctrl-C is obeyed.
std::string EveryByte() {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  return bytes;
}

TEST_P(TransportTest, ReadsWhatTheDeviceSays) {
  Open();
  port_->Write(EveryByte(), kLong);
  EXPECT_EQ(ReadExactly(256), EveryByte());
}

TEST_P(TransportTest, WritesWhatTheDriverSays) {
  Open();
  ASSERT_THAT(transport_->Write(EveryByte(), kLong), IsOk());
  EXPECT_EQ(DeviceReadsExactly(256), EveryByte());
}

TEST_P(TransportTest, AReadThatTimesOutIsZeroBytes) {
  Open();
  char buffer[8];
  const auto count = transport_->Read(buffer, sizeof(buffer), kSoon);
  ASSERT_THAT(count, IsOk());
  EXPECT_EQ(*count, 0u);
  EXPECT_EQ(*transport_->Read(buffer, sizeof(buffer), absl::ZeroDuration()),
            0u);
}

TEST_P(TransportTest, ReadGivesNoMoreThanAsked) {
  Open();
  port_->Write("abcdef", kLong);
  std::string bytes;
  char buffer[2];
  while (bytes.size() < 6) {
    const auto count = transport_->Read(buffer, sizeof(buffer), kLong);
    ASSERT_THAT(count, IsOk());
    ASSERT_GT(*count, 0u);
    ASSERT_LE(*count, 2u);
    bytes.append(buffer, *count);
  }
  EXPECT_EQ(bytes, "abcdef");
}

TEST_P(TransportTest, ALongWriteToASlowDeviceLosesNothing) {
  Open();
  std::string bytes;
  for (int i = 0; i < 200'000; ++i) {
    bytes.push_back(static_cast<char>(i * 7));
  }
  std::string got;
  std::thread device([&] { got = DeviceReadsExactly(bytes.size()); });
  size_t written = 0;
  EXPECT_THAT(transport_->Write(bytes, absl::Seconds(60), &written), IsOk());
  device.join();
  EXPECT_EQ(written, bytes.size());
  EXPECT_TRUE(got == bytes) << "got " << got.size() << " bytes";
}

TEST_P(TransportTest, AWriteThatIsNotTakenEndsAndSaysHowFarItWas) {
  Open();
  const std::string bytes(32 << 20, 'x');  // more than any system buffers
  size_t written = 0;
  const absl::Status status =
      transport_->Write(bytes, absl::Milliseconds(200), &written);
  EXPECT_THAT(status,
              StatusIs(absl::StatusCode::kDeadlineExceeded,
                       HasSubstr(absl::StrCat("it took ", written, " of"))));
  EXPECT_LT(written, bytes.size());
  // It is slow, not lost: what it took is read, and more is taken.
  EXPECT_EQ(DeviceReadsExactly(written).size(), written);
  EXPECT_THAT(transport_->Write("more", kLong), IsOk());
  EXPECT_EQ(DeviceReadsExactly(4), "more");
}

TEST_P(TransportTest, AHangUpIsUnavailable) {
  Open();
  port_->HangUp();
  char buffer[8];
  EXPECT_THAT(transport_->Read(buffer, sizeof(buffer), kLong),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("read")));
  // A socket takes one write after the end before it says so.
  absl::Status status = absl::OkStatus();
  for (int i = 0; i < 1'000 && status.ok(); ++i) {
    status = transport_->Write("x", kLong);
  }
  EXPECT_THAT(status,
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("write")));
}

TEST_P(TransportTest, AHangUpEndsAReadThatWaits) {
  Open();
  std::thread device([&] { port_->HangUp(); });
  char buffer[8];
  EXPECT_THAT(transport_->Read(buffer, sizeof(buffer), kLong),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("read")));
  device.join();
}

// Waiting for a device that is gone costs no processor time: the classic bug is
// a poll() that returns at once for ever.
TEST_P(TransportTest, WaitingCostsNoProcessorTime) {
  Open();
  const auto used = [] {
    rusage usage = {};
    getrusage(RUSAGE_THREAD, &usage);
    return absl::DurationFromTimeval(usage.ru_utime) +
           absl::DurationFromTimeval(usage.ru_stime);
  };
  const absl::Duration before = used();
  char buffer[8];
  EXPECT_EQ(*transport_->Read(buffer, sizeof(buffer), absl::Milliseconds(300)),
            0u);
  EXPECT_LT(used() - before, absl::Milliseconds(50));
}

TEST_P(TransportTest, ComesBackAfterAHangUp) {
  Open();
  port_->HangUp();
  transport_->Close();
  Open();
  ASSERT_THAT(transport_->Write("again", kLong), IsOk());
  EXPECT_EQ(DeviceReadsExactly(5), "again");
}

TEST_P(TransportTest, CloseGivesItBackAndCanBeRepeated) {
  Open();
  transport_->Close();
  transport_->Close();
  EXPECT_FALSE(transport_->IsOpen());
  EXPECT_THAT(Another()->Open(), IsOk());
}

TEST_P(TransportTest, IsUsedOnlyWhenOpen) {
  char buffer[8];
  EXPECT_THAT(
      transport_->Read(buffer, sizeof(buffer), kSoon),
      StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("not open")));
  EXPECT_THAT(
      transport_->Write("x", kSoon),
      StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("not open")));
  Open();
  EXPECT_THAT(transport_->Open(),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("open already")));
}

TEST_P(TransportTest, ATerminalIsForOneAlone) {
  // Who else is connected, only the device knows; it takes one or several.
  if (GetParam() == "tcp") GTEST_SKIP() << "a network device cannot promise it";
  Open();
  const std::unique_ptr<Transport> other = Another();
  EXPECT_THAT(other->Open(), StatusIs(absl::StatusCode::kFailedPrecondition,
                                      HasSubstr("another program")));
  transport_->Close();
  EXPECT_THAT(other->Open(), IsOk());
}

TEST_P(TransportTest, WhatIsNotThereIsUnavailable) {
  transport_.reset();
  const std::string address = port_->address();
  port_.reset();
  const std::string gone =
      absl::StrReplaceAll(address, {{"tty:", absl::StrCat(GetParam(), ":")}});
  EXPECT_THAT(MakeTransport(*ParseDeviceAddress(gone))->Open(),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("open ")));
}

}  // namespace
}  // namespace branchline
