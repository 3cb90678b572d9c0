#include "db/short_turns.h"

#include <cstdint>

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace moescope::sqlite {

namespace {

// The kernel's struct sched_attr in its first version, which C libraries of today do not declare.
struct Attributes {
    std::uint32_t size, policy;
    std::uint64_t flags;
    std::int32_t nice;
    std::uint32_t priority;
    std::uint64_t runtime, deadline, period; // nanoseconds
};

constexpr std::uint64_t kTurn = 100'000; // the least that the kernel takes

} // namespace

void takeShortTurns() {
    Attributes attributes{};
    if (syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0) != 0) {
        return;
    }
    if (attributes.policy == SCHED_OTHER || attributes.policy == SCHED_BATCH) {
        attributes.runtime = kTurn;
        syscall(SYS_sched_setattr, 0, &attributes, 0); // where it is refused all stays as it is
    }
}

} // namespace moescope::sqlite
