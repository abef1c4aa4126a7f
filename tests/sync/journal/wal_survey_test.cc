// Where the write-ahead logs end, for every way in which a power cut or a bad
// disk can leave them.

#include "sync/journal/wal_survey.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr size_t kSector = 512;
constexpr size_t kBlock = WalSurvey::kBlockSize;

// CRC-32C bit by bit, so that nothing of the survey's stands behind the test.
uint32_t Crc32c(const std::string& bytes) {
  uint32_t crc = ~0u;
  for (const char byte : bytes) {
    crc ^= static_cast<uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82f63b78u : 0u);
    }
  }
  return ~crc;
}

// Logs as RocksDB writes them.
struct Log {
  std::string bytes;
  std::vector<size_t> ends;  // of the records

  void AddFragment(uint8_t type, const std::string& payload) {
    const uint32_t crc =
        Crc32c(std::string(1, static_cast<char>(type)) + payload);
    const uint32_t masked = ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
    for (int i = 0; i < 4; ++i) {
      bytes.push_back(static_cast<char>(masked >> (8 * i)));
    }
    bytes.push_back(static_cast<char>(payload.size() & 0xff));
    bytes.push_back(static_cast<char>(payload.size() >> 8));
    bytes.push_back(static_cast<char>(type));
    bytes += payload;
  }

  void AddRecord(std::string payload) {
    bool first = true;
    while (true) {
      const size_t left = kBlock - bytes.size() % kBlock;
      if (left < 7) {
        bytes.append(left, '\0');
        continue;
      }
      const size_t size = std::min(payload.size(), left - 7);
      const bool last = size == payload.size();
      AddFragment(first ? (last ? 1 : 2) : (last ? 4 : 3),
                  payload.substr(0, size));
      if (last) break;
      payload.erase(0, size);
      first = false;
    }
    ends.push_back(bytes.size());
  }

  // A batch of `size` bytes.
  void Add(const WalMark& mark, size_t size = 700) {
    AddRecord(std::string(size - kWalMarkSize, 'b') + ToBytes(mark));
  }

  size_t start(size_t record) const {
    return record == 0 ? 0 : ends[record - 1];
  }
  void Zero(size_t begin, size_t end) {
    std::fill(bytes.begin() + static_cast<ptrdiff_t>(begin),
              bytes.begin() + static_cast<ptrdiff_t>(end), '\0');
  }
  void MakeRoom() { bytes.append(256 << 10, '\0'); }
};

absl::StatusOr<std::vector<uint64_t>> Survey(const std::vector<Log>& logs) {
  WalSurvey survey;
  for (size_t i = 0; i < logs.size(); ++i) {
    survey.StartFile(absl::StrCat(i, ".log"));
    const absl::string_view bytes = logs[i].bytes;
    for (size_t at = 0; at < bytes.size(); at += kBlock) {
      survey.Add(bytes.substr(at, kBlock));
    }
  }
  return survey.Finish();
}

// Commits 1 to `count`, each written when the one before had been synced.
Log Synced(uint64_t count, size_t size = 700) {
  Log log;
  for (uint64_t i = 1; i <= count; ++i) {
    log.Add({.commit = i, .synced = i - 1, .first_of_store = i == 1}, size);
  }
  log.MakeRoom();
  return log;
}

TEST(WalMark, ComesBackAsItWas) {
  const WalMark mark{.commit = 7, .synced = 5, .first_of_store = true};
  EXPECT_EQ(WalMarkFrom(ToBytes(mark)), mark);
  EXPECT_NE(ToBytes(mark).back(), '\0');
}

TEST(WalMark, IsNotTakenIfAByteIsAnother) {
  const std::string bytes = ToBytes({.commit = 7, .synced = 5});
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string other = bytes;
    other[i] ^= 1;
    EXPECT_FALSE(WalMarkFrom(other).has_value()) << i;
  }
  EXPECT_FALSE(WalMarkFrom(bytes.substr(1)).has_value());
}

TEST(WalSurvey, FindsTheEndBeforeTheZeros) {
  const Log log = Synced(120);  // more than two blocks
  EXPECT_THAT(*Survey({log}), ElementsAre(log.ends.back()));
  EXPECT_THAT(*Survey({Log()}), ElementsAre(0));
  Log zeros;
  zeros.MakeRoom();
  EXPECT_THAT(*Survey({zeros}), ElementsAre(0));
}

TEST(WalSurvey, ALogThatWasCutEndsBeforeTheRecordThatWasCut) {
  const Log log = Synced(60);
  for (size_t size = log.start(59); size < log.ends[59]; ++size) {
    Log cut = log;
    cut.bytes.resize(size);
    const auto ends = Survey({cut});
    ASSERT_THAT(ends, IsOk()) << size;
    EXPECT_EQ((*ends)[0], log.start(59)) << size;
  }
}

TEST(WalSurvey,
     ARecordOfWhichASectorIsLackingIsTheEndIfNothingSaysItWasSynced) {
  // Commits 11 to 13 had not been synced; any sectors of theirs may be lacking.
  Log log = Synced(10);
  log.bytes.resize(log.ends.back());
  for (uint64_t i = 11; i <= 13; ++i)
    log.Add({.commit = i, .synced = 10}, 1'500);
  const size_t unsynced = log.start(10);
  for (size_t begin = unsynced; begin < log.ends[12];
       begin = (begin / kSector + 1) * kSector) {
    Log torn = log;
    torn.Zero(begin, std::min((begin / kSector + 1) * kSector, log.ends[12]));
    torn.MakeRoom();
    size_t want = 10;
    while (torn.ends[want] <= begin) ++want;
    const auto ends = Survey({torn});
    ASSERT_THAT(ends, IsOk()) << begin;
    EXPECT_EQ((*ends)[0], torn.start(want)) << begin;
  }
}

TEST(WalSurvey, ALackingSectorOfWhatWasSyncedIsDamage) {
  const Log log = Synced(100);
  // Of the last two, no mark says that they had been synced.
  for (size_t record = 0; record < 98; ++record) {
    const size_t begin = (log.start(record) + kSector - 1) / kSector * kSector;
    if (begin + kSector > log.ends[record]) continue;
    Log damaged = log;
    damaged.Zero(begin, begin + kSector);
    EXPECT_THAT(Survey({damaged}), StatusIs(absl::StatusCode::kDataLoss,
                                            HasSubstr("0.log at byte")))
        << record;
  }
}

TEST(WalSurvey, AFlippedBitIsDamageWhereverItIs) {
  const Log log = Synced(50, 300);
  for (const size_t record : {size_t{0}, size_t{20}, size_t{49}}) {
    for (size_t at = log.start(record); at < log.ends[record]; ++at) {
      for (const char bit : {'\x01', '\x80'}) {
        Log damaged = log;
        damaged.bytes[at] ^= bit;
        EXPECT_THAT(Survey({damaged}),
                    StatusIs(absl::StatusCode::kDataLoss, testing::_))
            << "record " << record << " byte " << at - log.start(record);
      }
    }
  }
}

TEST(WalSurvey, ABatchOfManyBlocksIsWholeOrNotThere) {
  Log log = Synced(3);
  log.bytes.resize(log.ends.back());
  log.Add({.commit = 4, .synced = 3}, 5 * kBlock);
  log.MakeRoom();
  EXPECT_THAT(*Survey({log}), ElementsAre(log.ends[3]));
  for (size_t block = 0; block < 5; ++block) {
    Log torn = log;
    torn.Zero(std::max(log.start(3), block * kBlock), (block + 1) * kBlock);
    EXPECT_THAT(*Survey({torn}), ElementsAre(log.ends[2])) << block;
    torn = log;
    torn.bytes[block * kBlock + 5'000] ^= 1;
    EXPECT_THAT(Survey({torn}),
                StatusIs(absl::StatusCode::kDataLoss, testing::_))
        << block;
    torn = log;
    torn.bytes.resize((block + 1) * kBlock);
    EXPECT_THAT(*Survey({torn}), ElementsAre(log.ends[2])) << block;
  }
}

TEST(WalSurvey, NextLogGoesOn) {
  const Log first = Synced(5);
  Log second;
  second.Add({.commit = 6, .synced = 5});
  second.MakeRoom();
  EXPECT_THAT(*Survey({first, second}),
              ElementsAre(first.ends.back(), second.ends.back()));
  // A log that is no longer needed may be gone.
  Log fourth;
  fourth.Add({.commit = 9, .synced = 8});
  EXPECT_THAT(*Survey({first, fourth}),
              ElementsAre(first.ends.back(), fourth.ends.back()));
  // But not if it is the end of the first that is lacking.
  Log ahead;
  ahead.Add({.commit = 7, .synced = 5});
  EXPECT_THAT(*Survey({first, ahead}), ElementsAre(first.ends.back(), 0));
}

TEST(WalSurvey, BehindATornLogTheNextCountsIfItWasBegunAfterThatWasFound) {
  Log torn = Synced(5);
  torn.bytes.resize(torn.ends.back());
  torn.Add({.commit = 6, .synced = 5}, 2'000);
  torn.Zero(torn.ends[4] + 600, torn.ends[5]);
  torn.MakeRoom();
  Log later;  // of the store that found five commits
  later.Add({.commit = 6, .synced = 5, .first_of_store = true});
  later.MakeRoom();
  EXPECT_THAT(*Survey({torn, later}),
              ElementsAre(torn.ends[4], later.ends.back()));
  // The disk kept the second log and not the end of the first.
  Log ahead;
  ahead.Add({.commit = 7, .synced = 5});
  ahead.MakeRoom();
  EXPECT_THAT(*Survey({torn, ahead}), ElementsAre(torn.ends[4], 0));
  ahead.bytes.resize(ahead.ends.back());
  ahead.Add({.commit = 8, .synced = 6});
  EXPECT_THAT(Survey({torn, ahead}),
              StatusIs(absl::StatusCode::kDataLoss,
                       HasSubstr("commit 8 says that it had been synced")));
}

TEST(WalSurvey, TheFirstRecordOfALogMayBeLackingToo) {
  Log log;
  log.Add({.commit = 40, .synced = 39}, 2'000);
  log.Add({.commit = 41, .synced = 39}, 2'000);
  log.Zero(512, 1'024);
  log.MakeRoom();
  EXPECT_THAT(*Survey({log}), ElementsAre(0));
  log.bytes.resize(log.ends[1]);
  log.Add({.commit = 42, .synced = 40}, 2'000);
  EXPECT_THAT(Survey({log}), StatusIs(absl::StatusCode::kDataLoss, testing::_));
}

TEST(WalSurvey, ACommitThatIsSkippedIsDamage) {
  Log log;
  log.Add({.commit = 1, .synced = 0});
  log.Add({.commit = 3, .synced = 1});
  EXPECT_THAT(Survey({log}), StatusIs(absl::StatusCode::kDataLoss,
                                      HasSubstr("commit 3 follows commit 1")));
}

TEST(WalSurvey, BatchesWithoutMarksAreTakenAsTheyAre) {
  Log log;  // of a program before marks were written
  for (int i = 0; i < 100; ++i) log.AddRecord(std::string(900, 'o'));
  EXPECT_THAT(*Survey({log}), ElementsAre(log.ends.back()));
  log.bytes[log.start(50) + 20] ^= 1;
  EXPECT_THAT(Survey({log}), StatusIs(absl::StatusCode::kDataLoss, testing::_));
}

}  // namespace
}  // namespace branchline
