#include "engine/model/workspace.h"

#include <cstdlib>

#include <ATen/Functions.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace moescope {

namespace {

constexpr std::size_t kHugePage = std::size_t(1) << 21;

// Nothing where there is no room for such a file: the memory is then taken as any other.
at::Tensor spilled(std::int64_t bytes) {
    const char* chosen = std::getenv("TMPDIR");
    const int fd = ::open(chosen != nullptr ? chosen : "/var/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0)
        return {};
    void* memory = MAP_FAILED;
    if (::posix_fallocate(fd, 0, bytes) == 0)
        memory = ::mmap(nullptr, std::size_t(bytes), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    ::close(fd);
    if (memory == MAP_FAILED)
        return {};
    return at::from_blob(
        memory, {bytes}, [bytes](void* data) { ::munmap(data, std::size_t(bytes)); }, at::kByte);
}

} // namespace

at::Tensor Workspace::reserve(std::int64_t bytes) const {
    if (m_execution.device.is_cpu() && m_spillAbove > 0 && bytes > m_spillAbove)
        if (at::Tensor memory = spilled(bytes); memory.defined())
            return memory;
    at::Tensor memory = at::empty({bytes}, m_execution.options().dtype(at::kByte));
    if (m_execution.device.is_cpu()) { // large pages: a hint, worth a few per cent
        auto* const begin = static_cast<std::byte*>(memory.data_ptr());
        const auto before = std::int64_t((0 - reinterpret_cast<std::uintptr_t>(begin)) % kHugePage);
        const std::int64_t whole = (bytes - before) / std::int64_t(kHugePage) * std::int64_t(kHugePage);
        if (whole > 0)
            ::madvise(begin + before, std::size_t(whole), MADV_HUGEPAGE);
    }
    return memory;
}

at::Tensor Workspace::take(Slot slot, at::IntArrayRef sizes, at::ScalarType dtype) {
    std::int64_t bytes = std::int64_t(c10::elementSize(dtype));
    for (const std::int64_t size : sizes)
        bytes *= size;
    at::Tensor& memory = m_memory[std::size_t(slot)];
    if (!memory.defined() || memory.numel() < bytes) {
        memory = at::Tensor();
        memory = reserve(bytes);
    }
    return at::from_blob(memory.data_ptr(), sizes, m_execution.options().dtype(dtype));
}

} // namespace moescope
