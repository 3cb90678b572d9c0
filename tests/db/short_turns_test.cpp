#include "db/short_turns.h"

#include <thread>

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/resource.h>

namespace moescope::sqlite {
namespace {

TEST(ShortTurns, LeaveAThreadItsPolicyAndPriority) {
    std::thread([] {
        const int policy = sched_getscheduler(0);
        setpriority(PRIO_PROCESS, 0, 5); // of this thread
        takeShortTurns();
        EXPECT_EQ(getpriority(PRIO_PROCESS, 0), 5);
        EXPECT_EQ(sched_getscheduler(0), policy);
    }).join();
}

} // namespace
} // namespace moescope::sqlite
