#pragma once

#include "engine/kernels/cuda/gate.h"
#include "engine/kernels/cuda/warp_ops.h"
#include "engine/routing/router_exp.h"

namespace moescope::cuda {

constexpr float kMasked = -__builtin_huge_valf();
constexpr float kLargestFloat = 3.402823466e+38F;

// One token's router logits and scores, spread over a warp: lane l holds experts l, l + 32, ... Every sum goes in the
// order of engine/routing's functions, so that every score has the bits it has on a CPU. PerLane * 32 >= experts.
template <int PerLane, class Block>
class TokenScores {
public:
    MOESCOPE_DEVICE TokenScores(Block& block, const Gate& gate) : m_block(block), m_gate(gate) {}

    MOESCOPE_DEVICE int expert(int i) const { return i * kWarp + m_block.lane(); }
    MOESCOPE_DEVICE bool holds(int i) const { return expert(i) < m_gate.experts; }
    MOESCOPE_DEVICE float logit(int i) const { return m_logit[i]; }
    MOESCOPE_DEVICE float score(int i) const { return m_score[i]; }

    // Returns the first expert whose logit is NaN or +inf; -1: all are good.
    MOESCOPE_DEVICE std::int32_t load(const float* logits_E) {
        std::int32_t bad = kMostExperts;
        MOESCOPE_UNROLL
        for (int i = 0; i < PerLane; ++i) {
            m_logit[i] = holds(i) ? logits_E[expert(i)] : kMasked;
            if (!(m_logit[i] <= kLargestFloat) && expert(i) < bad) // NaN compares false
                bad = expert(i);
        }
        bad = warpReduce(m_block, bad, [](std::int32_t a, std::int32_t b) { return a < b ? a : b; });
        return bad == kMostExperts ? -1 : bad;
    }

    // The family's score of every expert (`prob`), 0 where there is none.
    MOESCOPE_DEVICE void computeScores() {
        if (m_gate.score == ScoreFunction::Sigmoid)
            computeSigmoid();
        else
            computeSoftmax();
    }

private:
    MOESCOPE_DEVICE void computeSigmoid() {
        MOESCOPE_UNROLL
        for (int i = 0; i < PerLane; ++i)
            m_score[i] = holds(i) ? 1.0F / (1.0F + routerExp(-m_logit[i])) : 0.0F;
    }

    MOESCOPE_DEVICE void computeSoftmax() {
        float top = kMasked;
        MOESCOPE_UNROLL
        for (int i = 0; i < PerLane; ++i)
            top = m_logit[i] > top ? m_logit[i] : top;
        top = warpReduce(m_block, top, [](float a, float b) { return a > b ? a : b; });
        MOESCOPE_UNROLL
        for (int i = 0; i < PerLane; ++i)
            m_score[i] = top == kMasked ? 0.0F : routerExp(m_logit[i] - top);
        const float sum = sumOfScores();
        MOESCOPE_UNROLL
        for (int i = 0; i < PerLane; ++i)
            m_score[i] = top == kMasked ? 0.0F : m_score[i] / sum;
    }

    // softmax.cpp's eight partial sums: the j-th goes over experts j, j + 8, ..., which lanes j, j + 8, j + 16 and
    // j + 24 hold in turn. Experts that are not there add 0.
    MOESCOPE_DEVICE float sumOfScores() {
        float sum = 0.0F;
        MOESCOPE_UNROLL
        for (int i = 0; i < PerLane; ++i)
            MOESCOPE_UNROLL
        for (int from = 0; from < kWarp; from += 8)
            sum += m_block.shuffle(m_score[i], m_block.lane() % 8 + from);
        for (int mask = 4; mask > 0; mask /= 2)
            sum += m_block.shuffleXor(sum, mask);
        return sum;
    }

protected:
    Block& m_block;
    const Gate& m_gate;
    float m_logit[PerLane];
    float m_score[PerLane];
};

} // namespace moescope::cuda
