#include "engine/checkpoint/system_memory.h"

#include <algorithm>
#include <fstream>
#include <string>

#include <unistd.h>

namespace moescope {

namespace {

// A limit file holds a number, or "max".
std::int64_t limitIn(const std::string& file, std::int64_t otherwise) {
    std::ifstream in(file);
    std::int64_t limit = 0;
    return in >> limit && limit > 0 ? std::min(limit, otherwise) : otherwise;
}

// The groups of this process: "ID:controllers:/path" a line.
std::int64_t groupLimit(std::int64_t otherwise) {
    std::ifstream groups("/proc/self/cgroup");
    std::string line;
    std::int64_t limit = otherwise;
    while (std::getline(groups, line)) {
        const auto first = line.find(':');
        const auto second = line.find(':', first + 1);
        if (first == std::string::npos || second == std::string::npos)
            continue;
        const std::string controllers = line.substr(first + 1, second - first - 1);
        const std::string path = line.substr(second + 1);
        if (controllers.empty())
            limit = limitIn("/sys/fs/cgroup" + path + "/memory.max", limit);
        else if (controllers.find("memory") != std::string::npos)
            limit = limitIn("/sys/fs/cgroup/memory" + path + "/memory.limit_in_bytes", limit);
    }
    limit = limitIn("/sys/fs/cgroup/memory.max", limit);
    return limitIn("/sys/fs/cgroup/memory/memory.limit_in_bytes", limit);
}

} // namespace

std::int64_t usableMemory() {
    const std::int64_t machine = std::int64_t(::sysconf(_SC_PHYS_PAGES)) * ::sysconf(_SC_PAGESIZE);
    return groupLimit(machine);
}

} // namespace moescope
