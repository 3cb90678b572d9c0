#include "db/liveness.h"

#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace moescope::sqlite {
namespace {

TEST(Liveness, KnowsItself) {
    EXPECT_TRUE(isWriting(processIdentity(), secondsNow()));
    EXPECT_FALSE(isWriting(processIdentity(), secondsNow() - 1000)); // its writer has fallen silent
}

TEST(Liveness, KnowsTheDead) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
        const std::string identity = processIdentity();
        _exit(write(ends[1], identity.data(), identity.size()) > 0 ? 0 : 1);
    }
    char text[200] = {};
    ASSERT_GT(read(ends[0], text, sizeof text - 1), 0);
    waitpid(child, nullptr, 0);
    EXPECT_FALSE(isWriting(text, secondsNow()));
    close(ends[0]);
    close(ends[1]);
}

TEST(Liveness, BelievesAnotherMachineForAWhile) {
    EXPECT_TRUE(isWriting("elsewhere 1 2", secondsNow() - kHeartbeatSeconds));
    EXPECT_FALSE(isWriting("elsewhere 1 2", secondsNow() - 100 * kHeartbeatSeconds));
    EXPECT_FALSE(isWriting("", 0));
}

TEST(Liveness, AnotherProcessOfTheSameNumberIsAnother) {
    std::string identity = processIdentity();
    identity += "1"; // another start time
    EXPECT_FALSE(isWriting(identity, secondsNow()));
}

} // namespace
} // namespace moescope::sqlite
