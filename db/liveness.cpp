#include "db/liveness.h"

#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace moescope::sqlite {

namespace {

constexpr std::int64_t kSilence = 12 * kHeartbeatSeconds; // beyond it even a process that runs has lost its writer

std::string machine() {
    std::string boot;
    std::ifstream("/proc/sys/kernel/random/boot_id") >> boot;
    std::error_code none;
    const auto space = std::filesystem::read_symlink("/proc/self/ns/pid", none);
    return boot + "/" + space.string();
}

// Field 22 of /proc/PID/stat; the command's name in field 2 may hold spaces and parentheses.
std::string startTime(const std::string& pid) {
    std::ifstream file("/proc/" + pid + "/stat");
    std::string line;
    std::getline(file, line);
    const auto name = line.rfind(')');
    if (name == std::string::npos) {
        return "";
    }
    std::istringstream fields(line.substr(name + 1));
    std::string field;
    for (int i = 3; i <= 22; ++i) {
        fields >> field;
    }
    return field;
}

bool isZombie(const std::string& pid) {
    std::ifstream file("/proc/" + pid + "/stat");
    std::string line;
    std::getline(file, line);
    const auto name = line.rfind(')');
    return name != std::string::npos && line.size() > name + 2 && (line[name + 2] == 'Z' || line[name + 2] == 'X');
}

} // namespace

std::string processIdentity() {
    const std::string pid = std::to_string(getpid());
    return machine() + " " + pid + " " + startTime(pid);
}

std::int64_t secondsNow() {
    using namespace std::chrono;
    return duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
}

bool isWriting(const std::string& identity, std::int64_t heartbeat) {
    if (secondsNow() - heartbeat > kSilence) {
        return false;
    }
    std::istringstream fields(identity);
    std::string where, pid, start;
    fields >> where >> pid >> start;
    if (where != machine()) {
        return true;
    }
    return !pid.empty() && startTime(pid) == start && !isZombie(pid);
}

} // namespace moescope::sqlite
