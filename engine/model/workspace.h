#pragma once

#include <array>

#include "engine/model/execution.h"

namespace moescope {

// Activations that live for one step of a forward pass. Memory is kept from batch to batch: fresh pages from the
// system cost more than the arithmetic on them.
enum class Slot : std::size_t {
    Residual,
    Normed,
    NormedFloat,
    Qkv,
    Context,
    Added,    // what is to be added to the residual stream
    LowRank,  // latent attention: queries before they are expanded
    Latent,   // what keys and values are made from
    Expanded, // keys and values as they are made
    Keys,
    ExpertInner,
    ExpertOutput,
    Count
};

class Workspace {
public:
    // A slot of more than `spillAbove` bytes lies in an unnamed temporary file that is mapped into memory, so that the
    // system can write it out when memory is short; 0: none does.
    explicit Workspace(const Execution& execution, std::int64_t spillAbove = 0)
        : m_execution(execution), m_spillAbove(spillAbove) {}

    std::int64_t spillAbove() const { return m_spillAbove; }

    // Uninitialised memory of the slot as a tensor; valid until the slot is taken again.
    at::Tensor take(Slot slot, at::IntArrayRef sizes, at::ScalarType dtype);

private:
    at::Tensor reserve(std::int64_t bytes) const;

    Execution m_execution;
    std::int64_t m_spillAbove;
    std::array<at::Tensor, std::size_t(Slot::Count)> m_memory; // bytes
};

} // namespace moescope
