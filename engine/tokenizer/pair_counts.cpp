#include "engine/tokenizer/pair_counts.h"

namespace moescope {

PairCounts::PairCounts(const std::vector<std::pair<std::string, std::int64_t>>& words) {
    for (const auto& [text, count] : words) {
        const Word word{m_symbols.size(), std::uint32_t(text.size()), count};
        for (const char byte : text) {
            m_symbols.push_back(static_cast<unsigned char>(byte));
        }
        m_words.push_back(word);
        const auto symbols = symbolsOf(word);
        for (std::size_t i = 0; i + 1 < symbols.size(); ++i) {
            change(symbols[i], symbols[i + 1], count, std::uint32_t(m_words.size() - 1));
        }
    }
    for (const auto& [pair, occurrences] : m_pairs) {
        m_queue.push({occurrences.count, pair});
    }
    m_new.clear();
}

// Counts of known pairs only fall, so an entry of the queue is right or too high: it is corrected when it comes up.
PairCounts::Pair PairCounts::takeMostFrequent() {
    while (!m_queue.empty()) {
        const Candidate top = m_queue.top();
        m_queue.pop();
        const std::int64_t count = m_pairs[top.pair].count;
        if (count == top.count && count > 0) {
            return {std::int32_t(top.pair >> 32), std::int32_t(top.pair & 0xFFFFFFFFU), count};
        }
        if (count > 0) {
            m_queue.push({count, top.pair});
        }
    }
    return {};
}

void PairCounts::merge(const Pair& pair, std::int32_t result) {
    const std::vector<std::uint32_t> words = std::move(m_pairs[key(pair.left, pair.right)].words);
    for (const std::uint32_t word : words) {
        mergeIn(word, pair, result);
    }
    m_pairs.erase(key(pair.left, pair.right));
    for (const std::uint64_t appeared : m_new) {
        m_queue.push({m_pairs[appeared].count, appeared});
    }
    m_new.clear();
}

void PairCounts::change(std::int32_t left, std::int32_t right, std::int64_t by, std::uint32_t word) {
    const auto [place, inserted] = m_pairs.try_emplace(key(left, right));
    Occurrences& pair = place->second;
    if (inserted) {
        m_new.push_back(place->first);
    }
    pair.count += by;
    if (by > 0 && (pair.words.empty() || pair.words.back() != word)) {
        pair.words.push_back(word);
    }
}

void PairCounts::mergeIn(std::uint32_t index, const Pair& pair, std::int32_t result) {
    Word& word = m_words[index];
    const auto symbols = symbolsOf(word);
    std::size_t out = 0;
    for (std::size_t i = 0; i < symbols.size(); ++out) {
        if (i + 1 == symbols.size() || symbols[i] != pair.left || symbols[i + 1] != pair.right) {
            symbols[out] = symbols[i++];
            continue;
        }
        if (out > 0) { // the symbol before is final: it may be a merged one already
            change(symbols[out - 1], pair.left, -word.count, index);
            change(symbols[out - 1], result, word.count, index);
        }
        if (i + 2 < symbols.size()) {
            change(pair.right, symbols[i + 2], -word.count, index);
            change(result, symbols[i + 2], word.count, index);
        }
        symbols[out] = result;
        i += 2;
    }
    word.length = std::uint32_t(out);
}

} // namespace moescope
