#include "engine/tokenizer/json_tokenizer.h"

#include <algorithm>

#include "engine/tokenizer/text_input.h"
#include "engine/tokenizer/utf8.h"

namespace moescope {

JsonTokenizer::JsonTokenizer(TokenizerParts parts)
    : m_parts(std::move(parts)), m_added(m_parts.added, m_parts.normalizer.get()) {}

std::vector<std::int32_t> JsonTokenizer::encode(std::string_view text, bool addSpecial) const {
    requireUtf8(text);
    const auto scratch = m_scratch.take();
    std::vector<std::int32_t> ids;
    ids.reserve(text.size() / 3 + 8);
    if (addSpecial) {
        ids = m_parts.around.before;
    }
    for (const AddedTokenPart& part : m_added.splitRaw(text)) {
        if (part.id != kNoToken) {
            ids.push_back(part.id);
        } else {
            encodeRaw(text.substr(part.begin, part.end - part.begin), part.begin == 0, *scratch, ids);
        }
    }
    if (addSpecial) {
        ids.insert(ids.end(), m_parts.around.after.begin(), m_parts.around.after.end());
    }
    return ids;
}

void JsonTokenizer::encodeRaw(std::string_view text, bool atStart, Scratch& scratch,
                              std::vector<std::int32_t>& out) const {
    std::string normalized(text);
    if (m_parts.normalizer) {
        m_parts.normalizer->apply(normalized);
    }
    if (!m_added.hasNormalized()) {
        return encodeNormalized(normalized, atStart, scratch, out);
    }
    for (const AddedTokenPart& part : m_added.splitNormalized(normalized)) {
        if (part.id != kNoToken) {
            out.push_back(part.id);
        } else {
            encodeNormalized(std::string_view(normalized).substr(part.begin, part.end - part.begin),
                             atStart && part.begin == 0, scratch, out);
        }
    }
}

void JsonTokenizer::encodeNormalized(std::string_view text, bool atStart, Scratch& scratch,
                                     std::vector<std::int32_t>& out) const {
    if (text.empty()) {
        return;
    }
    PieceList& list = scratch.pieces;
    list.text = text;
    list.pieces = {{0, text.size()}};
    list.atStart = atStart;
    if (m_parts.preTokenization.steps) {
        m_parts.preTokenization.steps->apply(list);
    }
    for (const PieceList::Range& piece : list.pieces) {
        const std::string_view word = list.view(piece);
        for (std::size_t begin = 0; begin < word.size();) {
            const std::size_t end = m_parts.model->partEnd(word, begin);
            encodeWord(word.substr(begin, end - begin), scratch, out);
            begin = end;
        }
    }
}

void JsonTokenizer::encodeWord(std::string_view word, Scratch& scratch, std::vector<std::int32_t>& out) const {
    const std::uint64_t hash = WordCache::hash(word);
    if (const auto known = scratch.cache.find(word, hash); !known.empty()) {
        out.insert(out.end(), known.begin(), known.end());
        return;
    }
    const std::size_t first = out.size();
    m_parts.model->encode(word, scratch.model, out);
    scratch.cache.put(word, hash, std::span(out).subspan(first));
}

const std::string* JsonTokenizer::token(std::int32_t id) const {
    if (const AddedToken* added = m_added.find(id)) {
        return &added->content;
    }
    const Vocabulary& vocabulary = m_parts.model->vocabulary();
    return vocabulary.contains(id) ? &vocabulary.token(id) : nullptr;
}

std::string JsonTokenizer::decode(std::span<const std::int32_t> ids, bool skipSpecial) const {
    std::vector<std::string> tokens;
    tokens.reserve(ids.size());
    for (const std::int32_t id : ids) {
        const std::string* text = token(id);
        if (text != nullptr && !(skipSpecial && isSpecial(id))) {
            tokens.push_back(*text);
        }
    }
    const bool spaced = m_parts.decoder == nullptr;
    if (!spaced) {
        tokens = m_parts.decoder->apply(std::move(tokens));
    }
    std::string text;
    for (const std::string& part : tokens) {
        text += spaced && !text.empty() ? " " : "";
        text += part;
    }
    return text;
}

std::string JsonTokenizer::piece(std::int32_t id) const {
    const std::string* text = token(id);
    if (text == nullptr) {
        return {};
    }
    return m_parts.decoder == nullptr || m_added.find(id) != nullptr ? *text : m_parts.decoder->bytesOf(*text);
}

bool JsonTokenizer::isSpecial(std::int32_t id) const {
    const AddedToken* added = m_added.find(id);
    return added != nullptr && added->special;
}

std::optional<std::int32_t> JsonTokenizer::idOf(std::string_view token) const {
    for (const AddedToken& added : m_added.all()) {
        if (added.content == token) {
            return added.id;
        }
    }
    const std::int32_t id = m_parts.model->vocabulary().idOf(token);
    return id == kNoToken ? std::nullopt : std::optional(id);
}

std::int32_t JsonTokenizer::vocabularySize() const {
    std::int32_t size = m_parts.model->vocabulary().size();
    for (const AddedToken& added : m_added.all()) {
        size = std::max(size, added.id + 1);
    }
    return size;
}

std::optional<std::int32_t> JsonTokenizer::bos() const {
    return m_parts.around.before.empty() ? std::nullopt : std::optional(m_parts.around.before.front());
}

} // namespace moescope
