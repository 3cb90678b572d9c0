#pragma once

#include <cstdint>
#include <span>

#include "engine/model/linear.h"
#include "engine/model/norm.h"
#include "engine/model/workspace.h"

namespace moescope {

// Final norm and projection to the vocabulary.
class LanguageHead {
public:
    // Logits are divided by `divisor`.
    LanguageHead(Norm norm, Linear projection, float divisor, const Execution& execution)
        : m_norm(std::move(norm)), m_projection(std::move(projection)), m_divisor(divisor), m_execution(execution) {}

    std::size_t bytes() const { return m_projection.bytes(); }

    // Logits in f32 of every row.
    at::Tensor logits(const at::Tensor& x_TD, Workspace& workspace) const;

    // nll[t] = -ln softmax(logits of row t)[targets[t]]; NaN for a negative target.
    // Never holds the logits of more than a few rows.
    void nll(const at::Tensor& x_TD, std::span<const std::int32_t> targets, Workspace& workspace,
             std::span<float> nll) const;

private:
    at::Tensor normed(const at::Tensor& x_TD, Workspace& workspace) const;
    at::Tensor project(const at::Tensor& normed_TD) const;

    Norm m_norm;
    Linear m_projection;
    float m_divisor;
    Execution m_execution;
};

} // namespace moescope
