#include "tests/bench/window/program.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fstream>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/routing/error.h"

extern char** environ; // NOLINT: POSIX names it

namespace moescope::bench {

Program::Program(const std::vector<std::string>& command) {
    std::array<int, 2> in{}, out{};
    if (pipe(in.data()) != 0 || pipe(out.data()) != 0) {
        throw Error(ErrorCode::Io, "no pipe to " + command.front());
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    for (const int fd : {in[0], in[1], out[0], out[1]}) {
        posix_spawn_file_actions_addclose(&actions, fd);
    }
    std::vector<char*> words;
    for (const std::string& word : command) {
        words.push_back(const_cast<char*>(word.c_str()));
    }
    words.push_back(nullptr);
    const int failed = posix_spawn(&m_pid, words[0], &actions, nullptr, words.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(in[0]);
    close(out[1]);
    m_in = in[1];
    m_out = out[0];
    if (failed != 0) {
        throw Error(ErrorCode::NotFound, "cannot start " + command.front());
    }
}

Program::~Program() {
    if (isRunning()) {
        kill(m_pid, SIGTERM);
        waitpid(m_pid, nullptr, 0);
    }
    close(m_in);
    close(m_out);
}

bool Program::isRunning() {
    if (m_pid > 0 && waitpid(m_pid, nullptr, WNOHANG) != 0) {
        m_pid = -1; // over, and its number may be another's now
    }
    return m_pid > 0;
}

void Program::tell(const std::string& line) const {
    const std::string text = line + "\n";
    if (write(m_in, text.data(), text.size()) != ssize_t(text.size())) {
        throw Error(ErrorCode::Io, "the window's program is gone");
    }
}

std::string Program::ask(const std::string& line) {
    tell(line);
    while (m_rest.find('\n') == std::string::npos) {
        std::array<char, 4096> buffer{};
        const auto n = read(m_out, buffer.data(), buffer.size());
        if (n <= 0) {
            throw Error(ErrorCode::Io, "the window's program is gone");
        }
        m_rest.append(buffer.data(), std::size_t(n));
    }
    const std::size_t end = m_rest.find('\n');
    std::string answer = m_rest.substr(0, end);
    m_rest.erase(0, end + 1);
    return answer;
}

double Program::status(const char* name) const {
    std::ifstream file("/proc/" + std::to_string(m_pid) + "/status");
    double kib = 0;
    for (std::string word; file >> word;) {
        if (word == name) {
            file >> kib;
            break;
        }
    }
    return kib * 1024 / 1e6;
}

double Program::resident() const {
    return status("VmRSS:");
}

double Program::residentOwn() const {
    return status("RssAnon:");
}

} // namespace moescope::bench
