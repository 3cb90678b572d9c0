#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "db/block_appender.h"
#include "db/connection.h"
#include "db/domain_map.h"
#include "db/summary_book.h"
#include "db/transaction.h"
#include "db/write_message.h"

namespace moescope::sqlite {

// A run being written: turns messages into rows. Blocks are written as they arrive, in transactions of bounded size,
// beyond run.tokens where no reader looks; a commit moves run.tokens, and with it, in one transaction, the tails, the
// tokens and the sums. A crash anywhere leaves the run as of its last commit. One thread.
class BlockStore {
public:
    BlockStore(Connection& connection, const RunInfo& run);
    ~BlockStore();

    // Takes an interrupted run over and removes what lies beyond its last commit, `tokens`.
    void continueRun(TokenIndex tokens);

    void take(RouteMessage& message);
    void take(TokenMessage& message);
    void take(NllMessage& message);
    void take(DocumentsMessage& message);
    void take(PiecesMessage& message);
    void take(CommitMessage& message);

    void endTransaction(); // what has been written so far reaches the file
    void beat();           // says that the writer is there, where it has not for a while
    void finish(RunState state);
    void abandon(); // drops what is not committed and leaves the run interrupted

    const std::vector<LayerStorage>& layers() const { return m_layers; }
    const DomainMap& domains() const { return m_domains; }
    TokenIndex committed() const { return m_committed; }

private:
    struct LayerAppenders {
        std::unique_ptr<BlockAppender> routes;
        std::unique_ptr<BlockAppender> logits; // none: not recorded
    };

    void begin();
    void wrote(std::size_t bytes);
    void addToSums(const RouteMessage& message);
    void flushTokens(TokenIndex end);
    void updateRun();
    bool isBeatDue() const;

    Connection& m_connection;
    RunId m_run;
    std::string m_identity;
    std::vector<LayerStorage> m_layers;
    DomainMap m_domains;
    BlockTable m_routeTable, m_logitTable, m_tokenTable;
    std::vector<LayerAppenders> m_appenders;
    BlockAppender m_tokens;
    SummaryBook m_sums;
    Statement m_progress;
    std::optional<Transaction> m_transaction;
    std::size_t m_transactionBytes = 0;
    TokenIndex m_committed = 0;
    std::int64_t m_lastBeat = 0;

    // Tokens since the last commit.
    std::vector<std::int32_t> m_newIds;
    std::vector<std::uint8_t> m_newPhases;
    std::vector<float> m_newNll;

    // Scratch for the sums.
    std::vector<std::uint16_t> m_ids;
    std::vector<float> m_logits;
};

} // namespace moescope::sqlite
