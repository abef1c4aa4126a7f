// Runs the transcripts in testdata: commands, "----", and what then happens on
// the line. BRANCHLINE_REWRITE=1 writes what happens into the files; read the
// diff before you keep it.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "sync/replication/position.h"
#include "tests/sync/replication/fake_net.h"

namespace branchline {
namespace {

using Words = std::vector<std::string>;

class Transcript {
 public:
  // What happens at `command`, a line each.
  std::string Do(const std::string& command) {
    said_.clear();
    const Words words = absl::StrSplit(command, ' ', absl::SkipEmpty());
    const auto it = commands_.find(words[0]);
    if (it == commands_.end()) return absl::StrCat("no command ", words[0]);
    it->second(Words(words.begin() + 1, words.end()));
    net_.Settle();
    if (said_.empty()) said_.push_back("(quiet)");
    return absl::StrJoin(said_, "\n");
  }

 private:
  static int64_t Number(const Words& args, size_t i, int64_t otherwise) {
    int64_t number = otherwise;
    if (i < args.size()) {
      EXPECT_TRUE(absl::SimpleAtoi(args[i], &number)) << args[i];
    }
    return number;
  }

  static v1::Position PositionAt(const Words& args) {
    const auto seq = static_cast<uint64_t>(Number(args, 1, 0));
    const char box = args.size() > 2 ? args[2][0] : 'a';
    return PositionOf(Cursor{1, seq, FakeHash(box, 1, seq)});
  }

  void Inject(const Words& args) {
    v1::HubFrame frame;
    if (args[0] == "ack") {
      *frame.mutable_ack()->mutable_at() = PositionAt(args);
      frame.mutable_ack()->set_signature("hub");
    } else if (args[0] == "forged-ack") {
      *frame.mutable_ack()->mutable_at() = PositionAt(args);
    } else if (args[0] == "gap") {
      frame.mutable_refused()->set_code(v1::REFUSAL_CODE_GAP);
      *frame.mutable_refused()->mutable_ours() = PositionAt(args);
    } else if (args[0] == "welcome") {
      *frame.mutable_welcome()->mutable_cursor() = PositionAt(args);
    }
    net_.InjectToEdge(frame);
  }

  std::vector<std::string> said_;
  FakeNet net_{[this](std::string line) { said_.push_back(std::move(line)); }};
  FakeEdge::Disk image_;
  FakeHub::Branch hub_image_;
  const std::map<std::string, std::function<void(const Words&)>> commands_ = {
      // The branch.
      {"sell",
       [this](const Words& args) {
         net_.edge().Sell(static_cast<int>(Number(args, 0, 1)),
                          static_cast<size_t>(Number(args, 1, 20)));
       }},
      {"status", [this](const Words&) { said_.push_back(net_.Status()); }},
      {"restart", [this](const Words&) { net_.RestartEdge(); }},
      {"image", [this](const Words&) { image_ = net_.edge().Image(); }},
      {"restore",
       [this](const Words&) {
         net_.edge().Restore(image_);
         net_.RestartEdge();
       }},
      {"box", [this](const Words& args) { net_.edge().SetBox(args[0][0]); }},
      {"take-fails",
       [this](const Words& args) {
         net_.edge().FailTakeWith(
             args[0] == "fork" ? absl::DataLossError("another history of chain")
                               : absl::OutOfRangeError("a gap in chain"));
       }},
      {"take-works",
       [this](const Words&) { net_.edge().FailTakeWith(absl::OkStatus()); }},
      {"disk",
       [this](const Words&) {
         said_.push_back(absl::StrCat("chain ",
                                      net_.edge().PulledOf("chain").seq,
                                      ", ack ", net_.edge().StoredAck().seq));
       }},
      // The line.
      {"run", [](const Words&) {}},
      {"advance",
       [this](const Words& args) {
         absl::Duration duration;
         EXPECT_TRUE(absl::ParseDuration(args[0], &duration)) << args[0];
         net_.Advance(duration);
       }},
      {"cut", [this](const Words&) { net_.Cut("connection reset"); }},
      {"unreachable", [this](const Words&) { net_.SetReachable(false); }},
      {"reachable", [this](const Words&) { net_.SetReachable(true); }},
      {"dead", [this](const Words&) { net_.SetDead(true); }},
      {"alive", [this](const Words&) { net_.SetDead(false); }},
      {"lose-to-edge",
       [this](const Words& args) { net_.SetLossToEdge(args[0] == "on"); }},
      {"lose-to-hub",
       [this](const Words& args) { net_.SetLossToHub(args[0] == "on"); }},
      {"show-heartbeats", [this](const Words&) { net_.ShowHeartbeats(); }},
      {"hub-says", [this](const Words& args) { Inject(args); }},
      // The hub.
      {"hold", [this](const Words&) { net_.hub().Hold(true); }},
      {"release",
       [this](const Words&) {
         net_.hub().Hold(false);
         net_.hub().ReleaseAll();
       }},
      {"feed-stops", [this](const Words&) { net_.hub().StopFeed(true); }},
      {"feed-goes-on", [this](const Words&) { net_.hub().StopFeed(false); }},
      {"credit",
       [this](const Words& args) {
         net_.hub().SetCredit(static_cast<uint64_t>(Number(args, 0, 0)));
       }},
      {"retire", [this](const Words&) { Set(FakeHub::BranchState::kRetired); }},
      {"fence", [this](const Words&) { Set(FakeHub::BranchState::kFenced); }},
      {"mend", [this](const Words&) { Set(FakeHub::BranchState::kActive); }},
      {"open-epoch",
       [this](const Words& args) {
         net_.hub().OpenEpoch("S014",
                              static_cast<uint64_t>(Number(args, 0, 2)));
       }},
      {"new-box-in-epoch",
       [this](const Words& args) {
         const auto epoch = static_cast<uint64_t>(Number(args, 0, 2));
         net_.SetPeer({"S014", epoch});
         net_.edge().OpenEpoch(epoch);
         net_.RestartEdge();
       }},
      {"certificate-of",
       [this](const Words& args) {
         net_.SetPeer({args[0], 1});
       }},
      {"hub-image",
       [this](const Words&) { hub_image_ = net_.hub().Image("S014"); }},
      {"hub-restore",
       [this](const Words&) { net_.hub().Restore("S014", hub_image_); }},
      {"hub-disk-fails",
       [this](const Words&) {
         net_.hub().FailTakeWith(
             absl::UnavailableError("the hub's disk failed"));
       }},
      {"hub-disk-works",
       [this](const Words&) { net_.hub().FailTakeWith(absl::OkStatus()); }},
      {"publish",
       [this](const Words& args) {
         net_.hub().Publish(args[0], static_cast<int>(Number(args, 1, 1)),
                            static_cast<size_t>(Number(args, 2, 20)));
       }},
      {"fold",
       [this](const Words& args) {
         net_.hub().Fold(args[0], static_cast<uint64_t>(Number(args, 1, 1)));
       }},
      {"shorten",
       [this](const Words& args) {
         net_.hub().CutStream(args[0], static_cast<size_t>(Number(args, 1, 0)));
       }},
  };

  void Set(FakeHub::BranchState state) { net_.hub().SetState("S014", state); }
};

// The file again, with what happened in the place of what stood there.
std::string Replay(std::istream& in) {
  Transcript transcript;
  std::string out;
  std::string line;
  while (std::getline(in, line)) {
    if (line.empty() || absl::StartsWith(line, "#")) {
      absl::StrAppend(&out, line, "\n");
      continue;
    }
    absl::StrAppend(&out, line, "\n----\n", transcript.Do(line), "\n");
    std::string old;
    const bool has_old = std::getline(in, old) && old == "----";
    while (has_old && std::getline(in, old) && !old.empty()) {
    }
    absl::StrAppend(&out, "\n");
  }
  while (absl::EndsWith(out, "\n\n")) out.pop_back();
  return out;
}

std::vector<std::string> Files() {
  std::vector<std::string> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(BRANCHLINE_TESTDATA)) {
    if (entry.path().extension() == ".txt") {
      files.push_back(entry.path().stem().string());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

class TranscriptTest : public ::testing::TestWithParam<std::string> {};

TEST_P(TranscriptTest, HappensAsWritten) {
  const std::string path =
      absl::StrCat(BRANCHLINE_TESTDATA, "/", GetParam(), ".txt");
  std::stringstream written;
  written << std::ifstream(path).rdbuf();
  const std::string happened = Replay(written);
  if (std::getenv("BRANCHLINE_REWRITE") != nullptr) {
    std::ofstream(path) << happened;
    return;
  }
  EXPECT_EQ(happened, written.str());
}

INSTANTIATE_TEST_SUITE_P(Files, TranscriptTest, ::testing::ValuesIn(Files()),
                         [](const auto& param) { return param.param; });

}  // namespace
}  // namespace branchline
