#include "engine/checkpoint/mapped_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/routing/error.h"

namespace moescope {

namespace {

class Descriptor {
public:
    explicit Descriptor(const std::filesystem::path& file) : m_fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC)) {
        if (m_fd < 0)
            throw Error(errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Io,
                        file.string() + ": cannot be opened: " + std::strerror(errno));
    }
    ~Descriptor() {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return m_fd; }
    int take() { return std::exchange(m_fd, -1); }

private:
    int m_fd;
};

bool advise(std::span<const std::byte> bytes, int advice) {
    if (bytes.empty())
        return true;
    const auto page = std::uintptr_t(::sysconf(_SC_PAGESIZE));
    const std::size_t before = reinterpret_cast<std::uintptr_t>(bytes.data()) % page;
    return ::madvise(const_cast<std::byte*>(bytes.data()) - before, bytes.size() + before, advice) == 0;
}

} // namespace

MappedFile::MappedFile(const std::filesystem::path& file) : m_path(file) {
    Descriptor descriptor(file);
    struct stat status {};
    if (::fstat(descriptor.get(), &status) != 0)
        throw Error(ErrorCode::Io, file.string() + ": cannot be examined: " + std::strerror(errno));
    if (!S_ISREG(status.st_mode))
        throw Error(ErrorCode::Io, file.string() + ": is not a regular file");
    m_size = std::size_t(status.st_size);
    if (m_size == 0)
        return;
    void* data = ::mmap(nullptr, m_size, PROT_READ, MAP_PRIVATE, descriptor.get(), 0);
    if (data == MAP_FAILED)
        throw Error(ErrorCode::Io, file.string() + ": cannot be mapped into memory: " + std::strerror(errno));
    m_data = static_cast<const std::byte*>(data);
    m_fd = descriptor.take();
}

MappedFile::~MappedFile() {
    if (m_data != nullptr)
        ::munmap(const_cast<std::byte*>(m_data), m_size);
    if (m_fd >= 0)
        ::close(m_fd);
}

// The system takes no more at a time than its read-ahead window, 128 KiB where nobody has changed it.
void MappedFile::readAhead(std::span<const std::byte> bytes) {
    constexpr std::size_t window = std::size_t(128) << 10;
    for (std::size_t at = 0; at < bytes.size(); at += window)
        advise(bytes.subspan(at, std::min(window, bytes.size() - at)), MADV_WILLNEED);
}

void MappedFile::populate(std::span<const std::byte> bytes) {
#ifdef MADV_POPULATE_READ
    if (bytes.empty() || advise(bytes, MADV_POPULATE_READ))
        return;
#endif
    constexpr std::size_t page = 4096; // systems that do not know the advice: touch each page
    for (std::size_t at = 0; at < bytes.size(); at += page)
        static_cast<void>(*static_cast<const volatile std::byte*>(bytes.data() + at));
}

void MappedFile::readOnlySamples(std::span<const std::byte> bytes) {
    advise(bytes, MADV_RANDOM);
}

void MappedFile::release(std::span<const std::byte> bytes) {
    advise(bytes, MADV_DONTNEED);
}

void MappedFile::forget(std::span<const std::byte> bytes) const {
    if (bytes.empty())
        return;
    release(bytes);
    ::posix_fadvise(m_fd, off_t(bytes.data() - m_data), off_t(bytes.size()), POSIX_FADV_DONTNEED);
}

} // namespace moescope
