#pragma once

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace moescope::test {

struct ProgramResult {
    int status = -1; // as a shell would give it: 128 + the signal that ended it
    std::string out;
    std::string err;
};

inline std::string readAll(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// The program as a user starts it, its output going to files of `folder`.
class Program {
public:
    Program(std::filesystem::path folder, const std::vector<std::string>& arguments) : m_folder(std::move(folder)) {
        m_pid = fork();
        if (m_pid == 0)
            run(arguments);
    }

    void signal(int number) const { kill(m_pid, number); }
    bool running() const {
        siginfo_t info{};
        return waitid(P_PID, id_t(m_pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0;
    }
    ProgramResult wait() const {
        int status = 0;
        waitpid(m_pid, &status, 0);
        return {WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status), readAll(m_folder / "stdout"),
                readAll(m_folder / "stderr")};
    }

private:
    [[noreturn]] void run(const std::vector<std::string>& arguments) const {
        const std::string program = std::string(MOESCOPE_BINARY_DIR) + "/moescope";
        if (std::freopen((m_folder / "stdout").c_str(), "w", stdout) == nullptr ||
            std::freopen((m_folder / "stderr").c_str(), "w", stderr) == nullptr)
            _exit(127);
        std::vector<char*> argv{const_cast<char*>(program.c_str())};
        for (const std::string& argument : arguments)
            argv.push_back(const_cast<char*>(argument.c_str()));
        argv.push_back(nullptr);
        execv(program.c_str(), argv.data());
        _exit(127);
    }

    std::filesystem::path m_folder;
    pid_t m_pid = -1;
};

} // namespace moescope::test
