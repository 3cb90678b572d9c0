#pragma once

#include <stdexcept>
#include <string>

namespace moescope {

enum class ErrorCode { InvalidArgument, NotFound, Corruption, Io, Unsupported, OutOfMemory, Cancelled, Conflict };

// Thrown when the work cannot go on. what() is one line for a person: what failed, where, and the remedy.
class Error : public std::runtime_error {
public:
    Error(ErrorCode code, const std::string& message) : std::runtime_error(message), m_code(code) {}
    ErrorCode code() const { return m_code; }

private:
    ErrorCode m_code;
};

} // namespace moescope
