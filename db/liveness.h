#pragma once

#include <cstdint>
#include <string>

namespace moescope::sqlite {

inline constexpr int kHeartbeatSeconds = 10; // how often a writer says that it is there

// Names this process so that another one on the same machine can tell whether it still runs: boot, process name
// space, process id and start time.
std::string processIdentity();

std::int64_t secondsNow(); // since 1970, UTC

// Whether the writer of that identity, last heard of at `heartbeat`, may still be writing. A process of this machine
// is looked up; one of another machine is believed for a few heartbeats.
bool isWriting(const std::string& identity, std::int64_t heartbeat);

} // namespace moescope::sqlite
