#pragma once

#include <cstddef>
#include <cstdint>

namespace moescope::cuda {

struct RoutingShape {
    std::int64_t tokens = 0;
    std::int32_t experts = 0;
    std::int32_t topK = 0;
};

// One layer's routing of a batch in one block of memory, on the device or on the host, so that one copy moves it.
struct RoutingMemory {
    RoutingShape shape;
    std::uint64_t* firstBad = nullptr; // smallest index of a logit that is NaN or +inf; all ones: none
    float* logits = nullptr;           // [tokens, experts]
    float* weights = nullptr;          // [tokens, topK]
    std::uint16_t* ids = nullptr;      // [tokens, topK]

    RoutingMemory() = default;
    RoutingMemory(const RoutingShape& layout, void* block) : shape(layout) {
        auto* at = static_cast<std::byte*>(block);
        firstBad = reinterpret_cast<std::uint64_t*>(at);
        logits = reinterpret_cast<float*>(at + kHeader);
        weights = logits + layout.tokens * layout.experts;
        ids = reinterpret_cast<std::uint16_t*>(weights + layout.tokens * layout.topK);
    }
    static std::size_t bytes(const RoutingShape& shape) {
        return kHeader + std::size_t(shape.tokens) * (std::size_t(shape.experts) * 4 + std::size_t(shape.topK) * 6);
    }

private:
    static constexpr std::size_t kHeader = 16;
};

} // namespace moescope::cuda
