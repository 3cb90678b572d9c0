#pragma once

#include "engine/kernels/cuda/token_scores.h"
#include "engine/routing/no_expert.h"

namespace moescope::cuda {

// routeTopK (engine/routing/topk.h) for one token by one warp, with the same bits: slot s of the route is lane s's.
template <int PerLane, class Block>
class TokenRouter : TokenScores<PerLane, Block> {
    using Scores = TokenScores<PerLane, Block>;
    using Scores::expert;
    using Scores::m_block;
    using Scores::m_gate;
    using Scores::m_logit;
    using Scores::m_score;

public:
    using Scores::load;

    // scratch: experts + groups floats of the warp's own, where groups are limited.
    MOESCOPE_DEVICE TokenRouter(Block& block, const Gate& gate, float* scratch)
        : Scores(block, gate), m_scratch(scratch) {}

    MOESCOPE_DEVICE void route() {
        if (m_gate.score == ScoreFunction::SparseMixer) {
            sparseMixer();
            return;
        }
        if (m_gate.score != ScoreFunction::SoftmaxOverChosen)
            Scores::computeScores();
        makeChoice();
        if (m_gate.groupScore != GroupScore::None && m_gate.topkGroups < m_gate.groups)
            maskLosingGroups();
        takeLargest();
        weigh();
        if (m_gate.selectionBias != nullptr)
            orderByWeight();
    }

    MOESCOPE_DEVICE void store(std::uint16_t* ids_K, float* weights_K) {
        if (m_block.lane() < m_gate.topK) {
            ids_K[m_block.lane()] = m_id;
            weights_K[m_block.lane()] = m_weight;
        }
    }

private:
    // What experts are chosen by: logits, which are finer than scores, wherever the score grows with the logit.
    MOESCOPE_DEVICE void makeChoice() {
        const bool biased = m_gate.selectionBias != nullptr;
        const bool byLogit =
            m_gate.score == ScoreFunction::SoftmaxOverChosen || (!biased && m_gate.groupScore != GroupScore::TopTwoSum);
        MOESCOPE_UNROLL
        for (int i = 0; i < PerLane; ++i) {
            float choice = byLogit ? m_logit[i] : m_score[i];
            if (biased && Scores::holds(i))
                choice += m_gate.selectionBias[expert(i)];
            m_choice[i] = m_logit[i] == kMasked ? kMasked : choice;
        }
    }

    // Lane l scores groups l, l + 32, ...; members and scores go through the scratch.
    MOESCOPE_DEVICE void maskLosingGroups() {
        float* choice_E = m_scratch;
        float* group_G = m_scratch + m_gate.experts;
        const int size = m_gate.experts / m_gate.groups;
        m_block.syncWarp();
        MOESCOPE_UNROLL
        for (int i = 0; i < PerLane; ++i)
            if (Scores::holds(i))
                choice_E[expert(i)] = m_choice[i];
        m_block.syncWarp();
        for (int g = m_block.lane(); g < m_gate.groups; g += kWarp)
            group_G[g] = groupScore(choice_E + g * size, size);
        m_block.syncWarp();
        MOESCOPE_UNROLL
        for (int i = 0; i < PerLane; ++i)
            if (Scores::holds(i) && !groupStays(group_G, expert(i) / size))
                m_choice[i] = kMasked;
    }

    MOESCOPE_DEVICE float groupScore(const float* members, int size) const {
        float first = kMasked;
        float second = kMasked;
        for (int i = 0; i < size; ++i) {
            const float v = members[i];
            if (v > first) {
                second = first;
                first = v;
            } else if (v > second) {
                second = v;
            }
        }
        return m_gate.groupScore == GroupScore::Max || second == kMasked ? first : first + second;
    }

    MOESCOPE_DEVICE bool groupStays(const float* group_G, int g) const {
        int better = 0;
        for (int other = 0; other < m_gate.groups; ++other)
            better += group_G[other] > group_G[g] || (group_G[other] == group_G[g] && other < g) ? 1 : 0;
        return better < m_gate.topkGroups;
    }

    // The best of the experts not yet taken; of value -inf when none is left.
    MOESCOPE_DEVICE Candidate best() {
        Candidate mine{kMasked, kMostExperts};
        MOESCOPE_UNROLL
        for (int i = 0; i < PerLane; ++i)
            if (m_choice[i] > mine.value) // ids ascend
                mine = {m_choice[i], expert(i)};
        return warpBest(m_block, mine);
    }

    // Takes the expert out of the choice and gives every lane its logit and score.
    MOESCOPE_DEVICE void take(std::int32_t taken, float& logit, float& score) {
        logit = 0.0F;
        score = 0.0F;
        MOESCOPE_UNROLL
        for (int i = 0; i < PerLane; ++i)
            if (expert(i) == taken) {
                m_choice[i] = kMasked;
                logit = m_logit[i];
                score = m_score[i];
            }
        logit = m_block.shuffle(logit, taken % kWarp);
        score = m_block.shuffle(score, taken % kWarp);
    }

    MOESCOPE_DEVICE void takeLargest() {
        m_id = kNoExpert;
        m_raw = 0.0F;
        m_top = kMasked;
        for (int slot = 0; slot < m_gate.topK; ++slot) {
            const Candidate chosen = best();
            if (chosen.value == kMasked)
                break;
            float logit, score;
            take(chosen.expert, logit, score);
            m_top = logit > m_top ? logit : m_top;
            if (m_block.lane() == slot) {
                m_id = std::uint16_t(chosen.expert);
                m_raw = m_gate.score == ScoreFunction::SoftmaxOverChosen ? logit : score;
            }
        }
    }

    MOESCOPE_DEVICE void weigh() {
        const bool overChosen = m_gate.score == ScoreFunction::SoftmaxOverChosen;
        m_weight = m_id == kNoExpert ? 0.0F : overChosen ? routerExp(m_raw - m_top) : m_raw;
        float sum = 0.0F; // in the order of slots
        for (int slot = 0; slot < m_gate.topK; ++slot)
            sum += m_block.shuffle(m_weight, slot);
        const bool divide = (overChosen || m_gate.renormalize) && sum > 0.0F;
        m_weight = (divide ? m_weight / sum : m_weight) * m_gate.scale;
    }

    // The bias decides who is chosen, not how strong: each slot counts those that go before it and moves there.
    MOESCOPE_DEVICE void orderByWeight() {
        int place = 0;
        for (int slot = 0; slot < m_gate.topK; ++slot) {
            const unsigned id = m_block.shuffle(unsigned(m_id), slot);
            const float weight = m_block.shuffle(m_weight, slot);
            const bool first = weight > m_weight || (weight == m_weight && id < m_id);
            place += m_id == kNoExpert ? (slot < m_block.lane() ? 1 : 0) : (id != kNoExpert && first ? 1 : 0);
        }
        const std::uint16_t id = m_id;
        const float weight = m_weight;
        for (int slot = 0; slot < m_gate.topK; ++slot) {
            const int to = m_block.shuffle(place, slot);
            const unsigned movedId = m_block.shuffle(unsigned(id), slot);
            const float movedWeight = m_block.shuffle(weight, slot);
            if (m_block.lane() == to) {
                m_id = std::uint16_t(movedId);
                m_weight = movedWeight;
            }
        }
    }

    // Takes the largest logit left; its weight is the softmax over those close to it, summed by ascending id.
    MOESCOPE_DEVICE void sparseMixer() {
        m_id = kNoExpert;
        m_weight = 0.0F;
        MOESCOPE_UNROLL
        for (int i = 0; i < PerLane; ++i)
            m_choice[i] = m_logit[i];
        for (int slot = 0; slot < m_gate.topK; ++slot) {
            const Candidate chosen = best();
            if (chosen.value == kMasked)
                break;
            const float weight = 1.0F / sumOfClose(chosen.value) * m_gate.scale;
            if (m_block.lane() == slot) {
                m_id = std::uint16_t(chosen.expert);
                m_weight = weight;
            }
            MOESCOPE_UNROLL
            for (int i = 0; i < PerLane; ++i)
                if (expert(i) == chosen.expert)
                    m_choice[i] = kMasked;
        }
    }

    MOESCOPE_DEVICE float sumOfClose(float top) {
        float sum = 0.0F;
        MOESCOPE_UNROLL
        for (int i = 0; i < PerLane; ++i) {
            const float l = m_choice[i];
            const float size = l < 0.0F ? -l : l;
            const bool far = (top - l) / (size < top ? top : size) > 2 * m_gate.jitter;
            const float term = l == kMasked || far ? 0.0F : routerExp(l - top);
            MOESCOPE_NO_UNROLL
            for (int from = 0; from < kWarp; ++from)
                sum += m_block.shuffle(term, from);
        }
        return sum;
    }

    float* m_scratch;
    float m_choice[PerLane];
    std::uint16_t m_id = kNoExpert; // of this lane's slot
    float m_raw = 0.0F;             // what its weight is made of
    float m_weight = 0.0F;
    float m_top = kMasked; // largest logit chosen
};

} // namespace moescope::cuda
