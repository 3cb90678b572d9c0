#include "engine/checkpoint/atomic_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "engine/routing/error.h"

namespace moescope {

AtomicFile::AtomicFile(std::filesystem::path file) : m_file(std::move(file)), m_part(m_file.string() + ".part") {
    m_fd = ::open(m_part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (m_fd < 0)
        fail("cannot be written");
}

AtomicFile::~AtomicFile() {
    if (m_fd < 0)
        return;
    ::close(m_fd);
    ::unlink(m_part.c_str());
}

void AtomicFile::fail(const char* what) const {
    throw Error(ErrorCode::Io, m_file.string() + ": " + what + ": " + std::strerror(errno));
}

void AtomicFile::write(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(m_fd, bytes.data(), std::min<std::size_t>(bytes.size(), 1U << 30));
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            fail("cannot be written");
        bytes = bytes.subspan(std::size_t(written));
    }
}

void AtomicFile::commit() {
    if (::fsync(m_fd) != 0)
        fail("cannot be flushed to disk");
    if (::rename(m_part.c_str(), m_file.c_str()) != 0)
        fail("cannot be put in place");
    ::close(std::exchange(m_fd, -1));
}

} // namespace moescope
