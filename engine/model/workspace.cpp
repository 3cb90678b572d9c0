#include "engine/model/workspace.h"

#include <ATen/Functions.h>

#include <sys/mman.h>

namespace moescope {

namespace {

constexpr std::size_t kHugePage = std::size_t(1) << 21;

at::Tensor reserve(std::int64_t bytes, const Execution& execution) {
    at::Tensor memory = at::empty({bytes}, execution.options().dtype(at::kByte));
    if (execution.device.is_cpu()) { // large pages: a hint, worth a few per cent
        const auto address = reinterpret_cast<std::uintptr_t>(memory.data_ptr());
        const auto begin = (address + kHugePage - 1) / kHugePage * kHugePage;
        const auto end = (address + std::uintptr_t(bytes)) / kHugePage * kHugePage;
        if (begin < end)
            ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
    }
    return memory;
}

} // namespace

at::Tensor Workspace::take(Slot slot, at::IntArrayRef sizes, at::ScalarType dtype) {
    std::int64_t bytes = std::int64_t(c10::elementSize(dtype));
    for (const std::int64_t size : sizes)
        bytes *= size;
    at::Tensor& memory = m_memory[std::size_t(slot)];
    if (!memory.defined() || memory.numel() < bytes) {
        memory = at::Tensor();
        memory = reserve(bytes, m_execution);
    }
    return at::from_blob(memory.data_ptr(), sizes, m_execution.options().dtype(dtype));
}

} // namespace moescope
