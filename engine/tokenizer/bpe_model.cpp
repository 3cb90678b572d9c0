#include "engine/tokenizer/bpe_model.h"

#include <algorithm>
#include <cstdio>
#include <functional>

#include "engine/routing/error.h"
#include "engine/tokenizer/byte_alphabet.h"
#include "engine/tokenizer/text_input.h"
#include "engine/tokenizer/utf8.h"

namespace moescope {
namespace {

// Below this many symbols, looking for the lowest rank by eye beats keeping a heap.
constexpr std::size_t kShortWord = 24;

std::string fallbackName(int byte) {
    std::array<char, 8> name{};
    std::snprintf(name.data(), name.size(), "<0x%02X>", static_cast<unsigned>(byte));
    return name.data();
}

void push(std::vector<BpeModel::Symbol>& symbols, std::int32_t id) {
    BpeModel::Symbol symbol;
    symbol.id = id;
    symbol.previous = std::int32_t(symbols.size()) - 1;
    symbol.next = std::int32_t(symbols.size()) + 1;
    symbols.push_back(symbol);
}

} // namespace

BpeModel::BpeModel(BpeConfig config, const std::string& file)
    : m_config(std::move(config)), m_merges(m_config.merges.size()) {
    addMerges(file);
    if (m_config.unknown) {
        m_unknown = m_config.vocabulary.idOf(*m_config.unknown);
        if (m_unknown == kNoToken) {
            throw Error(ErrorCode::Corruption, file + ": the unknown token '" + printable(*m_config.unknown) +
                                                   "' is not in the vocabulary; get the file again");
        }
    }
    for (int byte = 0; byte < 256; ++byte) {
        m_fallback[std::size_t(byte)] = m_config.vocabulary.idOf(fallbackName(byte));
        m_byteIds[std::size_t(byte)] =
            byte < 0x80 ? m_config.vocabulary.idOf(std::string(1, static_cast<char>(byte))) : kNoToken;
    }
    if (m_config.readsBytes) {
        readBytes();
    } else if (!m_config.ignoreMerges && m_config.subwordPrefix.empty() && m_config.wordSuffix.empty()) {
        m_cutter.emplace(m_config.vocabulary);
    }
}

void BpeModel::addMerges(const std::string& file) {
    for (const auto& [left, right] : m_config.merges) {
        const std::string_view tail =
            std::string_view(right).substr(std::min(right.size(), m_config.subwordPrefix.size()));
        const std::int32_t leftId = m_config.vocabulary.idOf(left);
        const std::int32_t rightId = m_config.vocabulary.idOf(right);
        const std::int32_t result = m_config.vocabulary.idOf(left + std::string(tail));
        if (leftId == kNoToken || rightId == kNoToken || result == kNoToken) {
            throw Error(ErrorCode::Corruption, file + ": the merge of '" + printable(left) + "' and '" +
                                                   printable(right) +
                                                   "' needs tokens that are not in the vocabulary; get the file again");
        }
        m_merges.add(leftId, rightId, result);
    }
    m_config.merges = {};
}

void BpeModel::readBytes() {
    for (std::int32_t id = 0; id < m_config.vocabulary.size(); ++id) {
        if (!m_config.vocabulary.contains(id)) {
            continue;
        }
        if (auto bytes = byte_alphabet::read(m_config.vocabulary.token(id))) {
            m_byteWords.add(*std::move(bytes), id);
        }
    }
    for (int byte = 0; byte < 256; ++byte) {
        m_byteIds[std::size_t(byte)] = m_byteWords.idOf(std::string(1, static_cast<char>(byte)));
    }
}

void BpeModel::encode(std::string_view word, Scratch& scratch, std::vector<std::int32_t>& out) const {
    if (m_config.ignoreMerges) {
        const Vocabulary& words = m_config.readsBytes ? m_byteWords : m_config.vocabulary;
        if (const std::int32_t id = words.idOf(word); id != kNoToken) {
            out.push_back(id);
            return;
        }
    }
    scratch.symbols.clear();
    start(word, scratch.symbols);
    if (scratch.symbols.empty()) {
        return;
    }
    scratch.symbols.back().next = -1;
    merge(scratch);
    for (std::int32_t i = 0; i != -1; i = scratch.symbols[std::size_t(i)].next) {
        out.push_back(scratch.symbols[std::size_t(i)].id);
    }
}

void BpeModel::start(std::string_view word, std::vector<Symbol>& symbols) const {
    const bool plain = m_config.subwordPrefix.empty() && m_config.wordSuffix.empty();
    if (!m_config.readsBytes || !plain) {
        startCharacters(word, symbols);
        return;
    }
    for (const char byte : word) {
        const std::int32_t id = m_byteIds[static_cast<unsigned char>(byte)];
        if (id != kNoToken) {
            push(symbols, id);
        } else if (m_unknown != kNoToken) {
            const bool repeated = m_config.fuseUnknown && !symbols.empty() && symbols.back().id == m_unknown;
            if (!repeated) {
                push(symbols, m_unknown);
            }
        }
    }
}

void BpeModel::startCharacters(std::string_view word, std::vector<Symbol>& symbols) const {
    bool pendingUnknown = false;
    for (std::size_t begin = 0; begin < word.size();) {
        const std::size_t end = begin + (m_config.readsBytes ? 1 : utf8::lengthAt(word, begin));
        const std::int32_t id = characterId(word, begin, end);
        if (id != kNoToken) {
            if (std::exchange(pendingUnknown, false)) {
                push(symbols, m_unknown);
            }
            push(symbols, id);
        } else if (!(m_config.byteFallback && fallBackToBytes(word.substr(begin, end - begin), symbols)) &&
                   m_unknown != kNoToken) {
            // An unknown token waits until the run of unknown characters ends; the reference implementation lets
            // tokens of byte fallback overtake it.
            if (pendingUnknown && !m_config.fuseUnknown) {
                push(symbols, m_unknown);
            }
            pendingUnknown = true;
        }
        begin = end;
    }
    if (pendingUnknown) {
        push(symbols, m_unknown);
    }
}

std::int32_t BpeModel::characterId(std::string_view word, std::size_t begin, std::size_t end) const {
    const bool prefixed = begin > 0 && !m_config.subwordPrefix.empty();
    const bool suffixed = end == word.size() && !m_config.wordSuffix.empty();
    if (!prefixed && !suffixed) {
        return end - begin == 1 ? m_byteIds[static_cast<unsigned char>(word[begin])]
                                : m_config.vocabulary.idOf(word.substr(begin, end - begin));
    }
    const std::string_view character = word.substr(begin, end - begin);
    std::string name = prefixed ? m_config.subwordPrefix : std::string();
    name += m_config.readsBytes ? byte_alphabet::write(character) : std::string(character);
    return m_config.vocabulary.idOf(suffixed ? name + m_config.wordSuffix : name);
}

bool BpeModel::fallBackToBytes(std::string_view character, std::vector<Symbol>& symbols) const {
    const auto known = [&](char byte) { return m_fallback[static_cast<unsigned char>(byte)] != kNoToken; };
    if (!std::all_of(character.begin(), character.end(), known)) {
        return false;
    }
    for (const char byte : character) {
        push(symbols, m_fallback[static_cast<unsigned char>(byte)]);
    }
    return true;
}

void BpeModel::rate(std::vector<Symbol>& symbols, std::int32_t position) const {
    Symbol& symbol = symbols[std::size_t(position)];
    symbol.rank =
        symbol.next == -1 ? MergeTable::kNone : m_merges.rank(symbol.id, symbols[std::size_t(symbol.next)].id);
}

// Merges the symbol at `position` with the next one; both pairs it is now part of are rated anew.
void BpeModel::join(std::vector<Symbol>& symbols, std::int32_t position) const {
    Symbol& left = symbols[std::size_t(position)];
    Symbol& right = symbols[std::size_t(left.next)];
    left.id = m_merges.result(left.rank);
    left.next = right.next;
    right.rank = MergeTable::kNone;
    if (left.next != -1) {
        symbols[std::size_t(left.next)].previous = position;
    }
    rate(symbols, position);
    if (left.previous != -1) {
        rate(symbols, left.previous);
    }
}

void BpeModel::merge(Scratch& scratch) const {
    for (std::size_t i = 0; i < scratch.symbols.size(); ++i) {
        rate(scratch.symbols, std::int32_t(i));
    }
    if (scratch.symbols.size() <= kShortWord) {
        mergeShort(scratch.symbols);
    } else {
        mergeLong(scratch);
    }
}

void BpeModel::mergeShort(std::vector<Symbol>& symbols) const {
    while (true) {
        std::uint32_t best = MergeTable::kNone;
        std::int32_t where = -1;
        for (std::int32_t i = 0; i != -1; i = symbols[std::size_t(i)].next) {
            if (symbols[std::size_t(i)].rank < best) {
                best = symbols[std::size_t(i)].rank;
                where = i;
            }
        }
        if (where == -1) {
            return;
        }
        join(symbols, where);
    }
}

// A heap of candidates; those whose pair has changed since are recognised by their rank and dropped. O(n log n).
void BpeModel::mergeLong(Scratch& scratch) const {
    auto& heap = scratch.heap;
    auto& symbols = scratch.symbols;
    heap.clear();
    const auto candidate = [&](std::int32_t position) {
        return std::uint64_t(symbols[std::size_t(position)].rank) << 32 | std::uint32_t(position);
    };
    for (std::size_t i = 0; i < symbols.size(); ++i) {
        if (symbols[i].rank != MergeTable::kNone) {
            heap.push_back(candidate(std::int32_t(i)));
        }
    }
    std::make_heap(heap.begin(), heap.end(), std::greater<>());
    const auto offer = [&](std::int32_t position) {
        if (position != -1 && symbols[std::size_t(position)].rank != MergeTable::kNone) {
            heap.push_back(candidate(position));
            std::push_heap(heap.begin(), heap.end(), std::greater<>());
        }
    };
    while (!heap.empty()) {
        std::pop_heap(heap.begin(), heap.end(), std::greater<>());
        const std::uint64_t top = heap.back();
        heap.pop_back();
        const auto position = static_cast<std::int32_t>(top & 0xFFFFFFFFU);
        if (symbols[std::size_t(position)].rank != static_cast<std::uint32_t>(top >> 32)) {
            continue;
        }
        join(symbols, position);
        offer(position);
        offer(symbols[std::size_t(position)].previous);
    }
}

} // namespace moescope
