#include "app/service/record_plan.h"

#include <algorithm>

namespace moescope {

RecordPlan::RecordPlan(std::vector<TokenDocument> documents, const PlanOptions& options) {
    for (TokenDocument& document : documents) {
        const auto size = std::int64_t(document.tokens.size());
        const std::int64_t room = options.limit > 0 ? options.limit - std::int64_t(m_tokens.size()) : size;
        const std::int64_t take = std::min(size, room);
        if (take > 0)
            addDocument(std::move(document), take);
    }
    cutWindows(options);
    gatherBatches(options.batchTokens);
}

void RecordPlan::addDocument(TokenDocument document, std::int64_t take) {
    const auto first = TokenIndex(m_tokens.size());
    m_tokens.insert(m_tokens.end(), document.tokens.begin(), document.tokens.begin() + take);
    m_documents.push_back({std::move(document.name), std::move(document.domain), first, take});
}

void RecordPlan::cutWindows(const PlanOptions& options) {
    const std::span<const std::int32_t> all(m_tokens);
    for (const DocumentInfo& document : m_documents) {
        const TokenIndex end = document.first + document.tokens;
        for (TokenIndex first = document.first; first < end; first += options.context) {
            const auto length = std::size_t(std::min(options.context, end - first));
            m_windows.push_back({first, all.subspan(std::size_t(first), length), options.bos});
        }
    }
}

void RecordPlan::gatherBatches(std::int64_t batchTokens) {
    std::int64_t gathered = 0;
    for (std::size_t i = 0; i < m_windows.size(); ++i) {
        const auto size = std::int64_t(m_windows[i].tokens.size());
        if (gathered > 0 && gathered + size > batchTokens) {
            m_batchEnds.push_back(i);
            gathered = 0;
        }
        gathered += size;
    }
    if (gathered > 0)
        m_batchEnds.push_back(m_windows.size());
}

std::span<const Window> RecordPlan::batch(std::size_t index) const {
    const std::size_t begin = index == 0 ? 0 : m_batchEnds[index - 1];
    return std::span(m_windows).subspan(begin, m_batchEnds[index] - begin);
}

TokenIndex RecordPlan::batchBegin(std::size_t index) const {
    return batch(index).front().first;
}

TokenIndex RecordPlan::batchEnd(std::size_t index) const {
    const Window& last = batch(index).back();
    return last.first + TokenIndex(last.tokens.size());
}

std::optional<std::size_t> RecordPlan::batchAt(TokenIndex token) const {
    if (token == TokenIndex(m_tokens.size()))
        return batches();
    for (std::size_t i = 0; i < batches(); ++i)
        if (batchBegin(i) == token)
            return i;
    return std::nullopt;
}

} // namespace moescope
