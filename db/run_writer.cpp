#include "db/run_writer.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <thread>

#include "db/block_store.h"
#include "db/layer_repository.h"
#include "db/recording_file.h"
#include "db/resume_check.h"
#include "db/run_repository.h"
#include "db/short_turns.h"
#include "db/write_queue.h"
#include "engine/routing/error.h"

namespace moescope {

using namespace sqlite;

namespace {

constexpr std::size_t kMessageTokens = 1024;     // what is handed over stays in the cache until it is worked off
constexpr std::chrono::milliseconds kLinger(50); // how long a transaction is held open for more to come

[[noreturn]] void misuse(const std::string& what) {
    throw Error(ErrorCode::InvalidArgument, "the recording cannot take " + what);
}

std::string tokensText(TokenIndex first, TokenIndex end) {
    return "tokens " + std::to_string(first) + " to " + std::to_string(end);
}

// A run in the making, before any thread.
struct NewRun {
    WritableRecording file;
    RunInfo info;
};

NewRun addRun(const std::filesystem::path& file, const RunSpec& spec, const std::vector<DocumentInfo>& documents,
              const std::vector<Piece>& pieces, const RunWriter::Options& options) {
    const DomainMap check(documents);
    NewRun run{openToWrite(file), {}};
    Connection& connection = *run.file.connection;
    try {
        Transaction transaction(connection);
        const RunId id = insertRun(connection, spec);
        insertLayers(connection.handle(), id, spec, options.logitsOf);
        if (options.linkedTo != RunId{}) {
            linkRuns(connection, id, options.linkedTo);
        }
        replaceDocuments(connection, id, documents);
        insertPieces(connection, id, pieces);
        transaction.commit();
        run.info = loadRun(connection, id);
    } catch (...) {
        run.file.connection.reset();
        if (run.file.created) {
            removeRecording(file);
        }
        throw;
    }
    return run;
}

} // namespace

struct RunWriter::Impl {
    Impl(NewRun run, std::size_t queueBytes)
        : file(std::move(run.file)), info(std::move(run.info)), store(*file.connection, info), queue(queueBytes),
          domains(info.documents), delivered(store.layers().size()) {}

    // Starts where the file ends.
    void start(TokenIndex tokens) {
        tokenEnd = committedEnd = tokens;
        std::ranges::fill(delivered, tokens);
        durable = tokens;
        thread = std::jthread([this] { write(); });
    }

    void write() {
        takeShortTurns();
        try {
            while (!queue.finished()) {
                writeNext();
            }
            store.endTransaction();
        } catch (...) {
            queue.fail(std::current_exception());
        }
    }

    void writeNext() {
        auto message = queue.pop(kLinger);
        if (!message) {
            store.endTransaction();
            store.beat();
            return;
        }
        std::visit([&](auto& m) { store.take(m); }, *message);
        if (auto* route = std::get_if<RouteMessage>(&*message)) {
            queue.giveBuffer(std::move(route->buffer));
        }
        durable = store.committed();
        queue.done();
    }

    // Some of a block's tokens, in their stored form.
    void push(std::size_t layer, const RoutingBlock& block, std::size_t begin, std::size_t tokens) {
        const LayerStorage& storage = store.layers()[layer];
        const std::size_t bytes = tokens * (storage.idRow() + storage.weightRow() + storage.logitRow());
        RouteMessage message{layer, block.first + TokenIndex(begin), std::int32_t(tokens), queue.takeBuffer(bytes)};
        const auto k = std::size_t(block.topK);
        const auto experts = std::size_t(block.experts);
        const RouteMessage::Columns to = message.columns(storage);
        encodeIds(block.ids.subspan(begin * k, tokens * k), storage.idBytes, to.ids);
        std::memcpy(to.weights, block.weights.data() + begin * k, tokens * storage.weightRow());
        if (storage.logits != LogitStorage::None) {
            encodeLogits(block.logits.subspan(begin * experts, tokens * experts), storage.logits, to.logits);
        }
        queue.push(std::move(message), bytes);
    }

    void join() {
        queue.close();
        if (thread.joinable()) {
            thread.join();
        }
    }

    std::size_t layerIndex(LayerId layer) const {
        const auto& layers = store.layers();
        const auto at = std::ranges::find(layers, layer, [](const LayerStorage& l) { return l.info.layer; });
        if (at == layers.end()) {
            misuse("layer " + std::to_string(layer.value) + ": the run has no such MoE layer");
        }
        return std::size_t(at - layers.begin());
    }

    void check(const RoutingBlock& block, std::size_t layer) const {
        const LayerStorage& storage = store.layers()[layer];
        const auto tokens = std::size_t(block.tokens);
        const std::string what =
            tokensText(block.first, block.end()) + " of layer " + std::to_string(block.layer.value);
        if (block.first != delivered[layer] || block.end() > tokenEnd) {
            misuse(what + ": token " + std::to_string(delivered[layer]) + " is due and tokens are known up to " +
                   std::to_string(tokenEnd));
        }
        if (block.topK != storage.info.moe.topK || block.experts != storage.info.moe.experts ||
            block.ids.size() != tokens * std::size_t(block.topK) || block.weights.size() != block.ids.size()) {
            misuse(what + ": its shape differs from the layer's");
        }
        if (storage.logits != LogitStorage::None && block.logits.size() != tokens * std::size_t(block.experts)) {
            misuse(what + ": the run keeps logits and the block has none");
        }
    }

    WritableRecording file;
    RunInfo info;
    BlockStore store;
    WriteQueue queue;
    DomainMap domains;
    std::vector<TokenIndex> delivered; // [layers]
    TokenIndex tokenEnd = 0;
    TokenIndex committedEnd = 0;
    std::atomic<TokenIndex> durable = 0;
    bool finished = false;
    bool resumed = false;
    std::jthread thread;
};

RunWriter::RunWriter(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

RunWriter::RunWriter(const std::filesystem::path& file, const RunSpec& spec, const std::vector<DocumentInfo>& documents,
                     const std::vector<Piece>& pieces, Options options)
    : m_impl(std::make_unique<Impl>(addRun(file, spec, documents, pieces, options), options.queueBytes)) {
    m_impl->start(0);
}

std::unique_ptr<RunWriter> RunWriter::resume(const std::filesystem::path& file, std::string_view idOrName,
                                             const RunSpec& now, const std::vector<DocumentInfo>& documents,
                                             Options options) {
    if (!std::filesystem::exists(file)) {
        throw Error(ErrorCode::NotFound, "cannot resume: there is no '" + file.string() + "'; record without --resume");
    }
    NewRun run{openToWrite(file), {}};
    run.info = loadRun(*run.file.connection, idOrName);
    checkResume(run.info, now, documents);
    const TokenIndex tokens = run.info.tokens;
    auto impl = std::make_unique<Impl>(std::move(run), options.queueBytes);
    impl->resumed = true;
    impl->store.continueRun(tokens);
    impl->start(tokens);
    return std::unique_ptr<RunWriter>(new RunWriter(std::move(impl)));
}

RunWriter::~RunWriter() {
    m_impl->join();
    if (m_impl->finished) {
        return;
    }
    const std::filesystem::path path = m_impl->file.connection->file();
    try {
        m_impl->store.abandon();
        if (m_impl->durable == 0 && !m_impl->resumed) {
            deleteRun(*m_impl->file.connection, m_impl->info.id);
            if (m_impl->file.created && loadRuns(*m_impl->file.connection).empty()) {
                m_impl.reset();
                removeRecording(path);
            }
        }
    } catch (const std::exception&) {
        // The run stays as of its last commit; readers see by the silent writer that it is interrupted.
    }
}

void RunWriter::tokens(const TokenBlock& block) {
    const TokenIndex end = block.first + TokenIndex(block.ids.size());
    if (block.first != m_impl->tokenEnd || end > m_impl->domains.end()) {
        misuse(tokensText(block.first, end) + ": token " + std::to_string(m_impl->tokenEnd) +
               " is due and the documents end at " + std::to_string(m_impl->domains.end()));
    }
    m_impl->queue.push(TokenMessage{block.phase, {block.ids.begin(), block.ids.end()}}, block.ids.size_bytes());
    m_impl->tokenEnd = end;
}

void RunWriter::routing(const RoutingBlock& block) {
    const std::size_t layer = m_impl->layerIndex(block.layer);
    m_impl->check(block, layer);
    const auto tokens = std::size_t(block.tokens);
    for (std::size_t at = 0; at < tokens; at += kMessageTokens) {
        m_impl->push(layer, block, at, std::min(kMessageTokens, tokens - at));
    }
    m_impl->delivered[layer] = block.end();
}

void RunWriter::nll(TokenIndex first, std::span<const float> values) {
    const TokenIndex end = first + TokenIndex(values.size());
    if (first < m_impl->committedEnd || end > m_impl->tokenEnd) {
        misuse("nll of " + tokensText(first, end) + ": they must lie between the last commit and the last token");
    }
    m_impl->queue.push(NllMessage{first, {values.begin(), values.end()}}, values.size_bytes());
}

void RunWriter::commit(TokenIndex end) {
    for (std::size_t l = 0; l < m_impl->delivered.size(); ++l) {
        if (m_impl->delivered[l] != end) {
            misuse("a commit at token " + std::to_string(end) + ": layer " +
                   std::to_string(m_impl->store.layers()[l].info.layer.value) + " has been delivered up to " +
                   std::to_string(m_impl->delivered[l]));
        }
    }
    if (end < m_impl->committedEnd || end > m_impl->tokenEnd) {
        misuse("a commit at token " + std::to_string(end));
    }
    m_impl->queue.push(CommitMessage{end}, 0);
    m_impl->committedEnd = end;
}

void RunWriter::setDocuments(const std::vector<DocumentInfo>& documents) {
    DomainMap next(documents);
    const auto& old = m_impl->info.documents;
    for (std::size_t d = 0; d < old.size() && old[d].first < m_impl->tokenEnd; ++d) {
        const TokenIndex held = std::min(old[d].first + old[d].tokens, m_impl->tokenEnd);
        if (d >= documents.size() || documents[d].first != old[d].first || documents[d].domain != old[d].domain ||
            documents[d].first + documents[d].tokens < held) {
            misuse("other documents: '" + old[d].name + "' holds tokens already");
        }
    }
    m_impl->queue.push(DocumentsMessage{documents}, documents.size() * sizeof(DocumentInfo));
    m_impl->info.documents = documents;
    m_impl->domains = std::move(next);
}

void RunWriter::addPieces(const std::vector<Piece>& pieces) {
    m_impl->queue.push(PiecesMessage{pieces}, pieces.size() * sizeof(Piece));
}

void RunWriter::flush() {
    m_impl->queue.drain();
}

void RunWriter::finish(RunState state) {
    if (state == RunState::Complete && m_impl->committedEnd != m_impl->tokenEnd) {
        misuse("its end: tokens from " + std::to_string(m_impl->committedEnd) + " on are not committed");
    }
    m_impl->queue.drain();
    m_impl->join();
    m_impl->queue.drain();
    m_impl->store.finish(state);
    m_impl->finished = true;
}

RunId RunWriter::run() const {
    return m_impl->info.id;
}

TokenIndex RunWriter::committed() const {
    return m_impl->durable;
}

} // namespace moescope
