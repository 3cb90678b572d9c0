#include "app/service/train_corpus.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "app/service/token_cache.h"
#include "datasets/document_reader.h"
#include "engine/checkpoint/hash128.h"
#include "engine/routing/error.h"
#include "engine/tokenizer/tokenizer.h"

namespace moescope {

namespace {

using Progress = std::function<void(std::int64_t, std::int64_t)>;

std::string keyOf(const std::vector<TextDocument>& documents, const Tokenizer& tokenizer) {
    Hash128 hash;
    const auto add = [&hash](const std::string& text) { hash.add(std::as_bytes(std::span(text))); };
    add(tokenizer.contentHash());
    for (const TextDocument& document : documents) {
        add(document.domain);
        add(document.text);
    }
    return hash.hex();
}

// Encodes the documents on several threads; the order of the result is that of the documents.
class ParallelEncoder {
public:
    ParallelEncoder(const std::vector<TextDocument>& documents, const Tokenizer& tokenizer, const Progress& progress,
                    const std::stop_token& stop)
        : m_documents(documents), m_tokenizer(tokenizer), m_progress(progress), m_stop(stop), m_ids(documents.size()) {}

    std::vector<std::vector<std::int32_t>> run(int threads) {
        const int count = threads > 0 ? threads : int(std::max(1U, std::thread::hardware_concurrency()));
        {
            std::vector<std::jthread> workers;
            for (int i = 1; i < count; ++i)
                workers.emplace_back([this] { work(); });
            work();
        }
        if (m_error)
            std::rethrow_exception(m_error);
        if (m_stop.stop_requested())
            throw Error(ErrorCode::Cancelled, "stopped while reading the texts; nothing was trained");
        return std::move(m_ids);
    }

private:
    void work() {
        while (!m_stop.stop_requested()) {
            const std::size_t at = m_next++;
            if (at >= m_documents.size())
                return;
            try {
                m_ids[at] = m_tokenizer.encode(m_documents[at].text, false);
            } catch (...) {
                const std::lock_guard lock(m_mutex);
                m_error = std::current_exception();
                m_next = m_documents.size();
            }
            const std::lock_guard lock(m_mutex);
            m_progress(++m_done, std::int64_t(m_documents.size()));
        }
    }

    const std::vector<TextDocument>& m_documents;
    const Tokenizer& m_tokenizer;
    const Progress& m_progress;
    std::stop_token m_stop;
    std::vector<std::vector<std::int32_t>> m_ids;
    std::atomic<std::size_t> m_next = 0;
    std::int64_t m_done = 0;
    std::exception_ptr m_error;
    std::mutex m_mutex;
};

CachedDomain& domainNamed(std::vector<CachedDomain>& domains, const std::string& name) {
    const auto found = std::find_if(domains.begin(), domains.end(), [&](const auto& d) { return d.name == name; });
    return found != domains.end() ? *found : domains.emplace_back(CachedDomain{name, {}});
}

// Each document behind the token that begins (or, where a tokenizer has none, ends) a text.
std::vector<CachedDomain> joined(const std::vector<TextDocument>& documents,
                                 const std::vector<std::vector<std::int32_t>>& ids, const Tokenizer& tokenizer) {
    const auto separator = tokenizer.bos() ? tokenizer.bos() : tokenizer.eos();
    std::vector<CachedDomain> domains;
    for (std::size_t i = 0; i < documents.size(); ++i) {
        auto& tokens = domainNamed(domains, documents[i].domain).tokens;
        if (separator)
            tokens.push_back(*separator);
        tokens.insert(tokens.end(), ids[i].begin(), ids[i].end());
    }
    return domains;
}

void takeDomain(CachedDomain& domain, std::int64_t validationTokens, TrainCorpus& corpus) {
    const auto size = std::int64_t(domain.tokens.size());
    const std::int64_t held = std::min(validationTokens, size / 20);
    if (held > 0)
        corpus.validation.push_back({domain.name, domain.name, {domain.tokens.end() - held, domain.tokens.end()}});
    domain.tokens.resize(std::size_t(size - held));
    corpus.tokens += size - held;
    corpus.data.domains.push_back({domain.name, std::move(domain.tokens), 1.0});
}

} // namespace

TrainCorpus readTrainCorpus(const TrainCorpusOptions& options, const Tokenizer& tokenizer, const Progress& progress,
                            std::stop_token stop) {
    const std::vector<TextDocument> documents = readDocuments({{options.data, ""}});
    TrainCorpus corpus;
    corpus.hash = keyOf(documents, tokenizer);
    corpus.data.bos = tokenizer.bos();
    auto domains = readTokenCache(options.cache, corpus.hash);
    if (!domains) {
        ParallelEncoder encoder(documents, tokenizer, progress, stop);
        domains = joined(documents, encoder.run(options.threads), tokenizer);
        writeTokenCache(options.cache, corpus.hash, *domains);
    }
    for (CachedDomain& domain : *domains)
        takeDomain(domain, options.validationTokens, corpus);
    if (corpus.tokens == 0)
        throw Error(ErrorCode::InvalidArgument, options.data.string() + ": the texts hold no tokens to train on");
    return corpus;
}

} // namespace moescope
