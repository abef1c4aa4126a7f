#include "sync/rpc/work_pool.h"

#include <gtest/gtest.h>

#include <atomic>

#include "absl/synchronization/notification.h"

namespace branchline {
namespace {

TEST(WorkPoolTest, DoesWhatIsWaitingBeforeItStops) {
  std::atomic<int> done = 0;
  WorkPool pool(3);
  for (int i = 0; i < 1'000; ++i) {
    pool.Add([&done] { ++done; });
  }
  pool.Stop();
  EXPECT_EQ(done, 1'000);
}

TEST(WorkPoolTest, OneThatBlocksDoesNotStopTheOthers) {
  absl::Notification second_ran;
  WorkPool pool(2);
  pool.Add([&] { second_ran.WaitForNotification(); });
  pool.Add([&] { second_ran.Notify(); });
  pool.Stop();
}

}  // namespace
}  // namespace branchline
