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

ExportFile::ExportFile(std::filesystem::path path) : m_path(std::move(path)), m_target(m_path) {
    std::error_code ignored;
    const auto status = std::filesystem::status(m_path, ignored); // of what a link points to
    if (std::filesystem::is_directory(status)) {
        fail("is a folder; give a file's name", 0);
    }
    const bool inPlace = std::filesystem::exists(status) && !std::filesystem::is_regular_file(status);
    if (!inPlace) {
        if (std::filesystem::is_regular_file(status)) {
            m_target = std::filesystem::canonical(m_path); // a link goes on pointing to it
        }
        m_part = m_target.string() + ".part";
    }
    m_descriptor = inPlace ? ::open(m_path.c_str(), O_WRONLY | O_CLOEXEC)
                           : ::open(m_part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (m_descriptor < 0) {
        fail("cannot be written", errno);
    }
}

ExportFile::~ExportFile() {
    if (m_descriptor >= 0) {
        ::close(m_descriptor);
        removePart();
    }
}

void ExportFile::removePart() const {
    if (!m_part.empty()) {
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
    if (closed != 0 || (!m_part.empty() && std::rename(m_part.c_str(), m_target.c_str()) != 0)) {
        const int error = errno;
        removePart();
        fail("cannot be written", error);
    }
}

void ExportFile::fail(const char* what, int error) {
    const char* const remedy = error == ENOSPC || error == EDQUOT ? "; free space and export again"
                               : error != 0                       ? "; choose a place you can write to"
                                                                  : "";
    throw Error(ErrorCode::Io,
                m_path.string() + " " + what + (error != 0 ? std::string(": ") + std::strerror(error) : "") + remedy);
}

void StandardOutput::write(std::string_view bytes) {
    if (const int error = writeAll(STDOUT_FILENO, bytes)) {
        throw Error(ErrorCode::Io, std::string("standard output cannot be written: ") + std::strerror(error));
    }
}

} // namespace moescope
