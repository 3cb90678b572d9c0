#pragma once

#include <string>
#include <vector>

namespace moescope::bench {

// Another program, ended with this object. What is written to it goes to its standard input; lines come from its
// standard output.
class Program {
public:
    explicit Program(const std::vector<std::string>& command);
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    int pid() const { return m_pid; }
    bool isRunning();
    void tell(const std::string& line) const;
    std::string ask(const std::string& line); // and wait for its answer
    // Megabytes of memory: all that is resident, and what of it is no page of a file.
    double resident() const;
    double residentOwn() const;

private:
    double status(const char* name) const;
    int m_pid = -1, m_in = -1, m_out = -1;
    std::string m_rest;
};

} // namespace moescope::bench
