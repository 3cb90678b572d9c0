#include "engine/model/language_head.h"

#include <cmath>
#include <limits>
#include <vector>

#include <ATen/Functions.h>

#include "engine/kernels/inference/loops.h"
#include "engine/kernels/inference/task_loop.h"

namespace moescope {

namespace {

constexpr std::int64_t kRows = 64; // of logits at a time and thread

} // namespace

at::Tensor LanguageHead::normed(const at::Tensor& x_TD, Workspace& workspace) const {
    const at::Tensor normed_TD = workspace.take(Slot::Normed, x_TD.sizes(), m_execution.dtype);
    m_norm.forward(x_TD, normed_TD, at::Tensor(), "final norm");
    return normed_TD;
}

at::Tensor LanguageHead::logits(const at::Tensor& x_TD, Workspace& workspace) const {
    at::Tensor logits_TV = at::empty({x_TD.size(0), m_projection.outputs()}, m_execution.floats());
    m_projection.forwardFloat(normed(x_TD, workspace), logits_TV);
    return logits_TV;
}

void LanguageHead::nll(const at::Tensor& x_TD, std::span<const std::int32_t> targets, Workspace& workspace,
                       std::span<float> nll) const {
    const std::int64_t tokens = x_TD.size(0);
    const at::Tensor normed_TD = normed(x_TD, workspace);
    if (!m_execution.ownKernels) {
        for (std::int64_t begin = 0; begin < tokens; begin += kRows) {
            const std::int64_t rows = std::min(kRows, tokens - begin);
            const at::Tensor logits = at::empty({rows, m_projection.outputs()}, m_execution.floats());
            m_projection.forwardFloat(normed_TD.narrow(0, begin, rows), logits);
            const at::Tensor logProbs = logits.log_softmax(-1).to(at::kCPU);
            for (std::int64_t r = 0; r < rows; ++r) {
                const std::int32_t target = targets[std::size_t(begin + r)];
                nll[std::size_t(begin + r)] = target < 0
                                                  ? std::numeric_limits<float>::quiet_NaN()
                                                  : -dataOf<float>(logProbs)[r * m_projection.outputs() + target];
            }
        }
        return;
    }
    withElement(m_execution.dtype, [&](auto zero) {
        using T = decltype(zero);
        parallelTasks((tokens + kRows - 1) / kRows, [&](std::int64_t block) {
            const auto begin = std::size_t(block * kRows);
            const std::size_t rows = std::min(std::size_t(kRows), std::size_t(tokens) - begin);
            nllOfRows(dataOf<T>(normed_TD) + std::int64_t(begin) * normed_TD.size(1), targets.subspan(begin, rows),
                      nll.subspan(begin, rows));
        });
    });
}

template <class T>
void LanguageHead::nllOfRows(const T* rows, std::span<const std::int32_t> targets, std::span<float> nll) const {
    thread_local std::vector<float> logits;
    const std::int64_t vocabulary = m_projection.outputs();
    logits.resize(std::size_t(kRows * vocabulary));
    m_projection.forwardRowsFloat(std::int64_t(targets.size()), rows, logits.data(), vocabulary);
    for (std::size_t r = 0; r < targets.size(); ++r) {
        if (targets[r] < 0) {
            nll[r] = std::numeric_limits<float>::quiet_NaN();
            continue;
        }
        const float* row = logits.data() + std::int64_t(r) * vocabulary;
        float top = -1e30F;
        float sum = 0;
        commonLoops().logSumExp(vocabulary, row, &top, &sum);
        nll[r] = top + std::log(sum) - row[targets[r]];
    }
}

} // namespace moescope
