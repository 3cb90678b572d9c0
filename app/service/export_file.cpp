#include "app/service/export_file.h"

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "engine/routing/error.h"

namespace moescope {

namespace {

// 0, or the errno that stopped it.
int writeAll(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::write(descriptor, bytes.data(), bytes.size());
        if (n < 0 && errno != EINTR) {
            return errno;
        }
        bytes.remove_prefix(n > 0 ? std::size_t(n) : 0);
    }
    return 0;
}

} // namespace

ExportFile::ExportFile(std::filesystem::path path) : m_path(std::move(path)), m_part(m_path.string() + ".part") {
    std::error_code isFolder;
    if (std::filesystem::is_directory(m_path, isFolder)) {
        fail("is a folder; give a file's name", 0);
    }
    m_descriptor = ::open(m_part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (m_descriptor < 0) {
        fail("cannot be written", errno);
    }
}

ExportFile::~ExportFile() {
    if (m_descriptor >= 0) {
        ::close(m_descriptor);
        ::unlink(m_part.c_str());
    }
}

void ExportFile::write(std::string_view bytes) {
    if (const int error = writeAll(m_descriptor, bytes)) {
        fail("cannot be written", error);
    }
}

void ExportFile::commit() {
    const int closed = ::close(std::exchange(m_descriptor, -1));
    if (closed != 0 || std::rename(m_part.c_str(), m_path.c_str()) != 0) {
        const int error = errno;
        ::unlink(m_part.c_str());
        fail("cannot be written", error);
    }
}

void ExportFile::fail(const char* what, int error) {
    throw Error(ErrorCode::Io,
                m_path.string() + " " + what + (error != 0 ? std::string(": ") + std::strerror(error) : ""));
}

void StandardOutput::write(std::string_view bytes) {
    if (const int error = writeAll(STDOUT_FILENO, bytes)) {
        throw Error(ErrorCode::Io, std::string("standard output cannot be written: ") + std::strerror(error));
    }
}

} // namespace moescope
