#pragma once

#include <cstdint>

namespace moescope {

// What an expert does between its matrices. Gated kinds have two matrices in front, gate g and up u; the others one, u.
enum class ExpertActivation : std::uint8_t {
    SwiGlu,        // silu(g) u
    ClampedSwiGlu, // g = min(g, limit), u = clamp(u, +-limit): (u + 1) g sigmoid(1.702 g)           gpt-oss
    Relu,          // max(u, 0)
    Gelu,          // u Phi(u)
    GeluTanh,      // the same with the tanh approximation of Phi
    Silu,          // silu(u)
};

constexpr bool isGated(ExpertActivation activation) {
    return activation == ExpertActivation::SwiGlu || activation == ExpertActivation::ClampedSwiGlu;
}

} // namespace moescope
