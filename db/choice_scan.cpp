#include "db/choice_scan.h"

#include <algorithm>
#include <exception>
#include <thread>
#include <vector>

#include "db/batch_pipe.h"
#include "db/block_reader.h"

namespace moescope::sqlite {

namespace {

constexpr int kBlocks = 64;                  // of a transaction
constexpr std::size_t kBatchIds = 64 * 1024; // handed over together: they stay in the second-level cache

struct Piece {
    const LayerStorage* layer = nullptr;
    TokenIndex first = 0;
    std::int64_t tokens = 0;

    std::size_t count() const { return std::size_t(tokens) * std::size_t(layer->info.moe.topK); }
};

struct Batch {
    std::vector<Piece> pieces;
    std::vector<std::uint16_t> ids; // of all pieces, one after the other
};

using Pipe = BatchPipe<Batch, 3>;

// The reading thread. What returns bool does so to say that more is wanted.
class Reader {
public:
    Reader(Statement& blocks, Pipe& pipe, std::stop_token stop)
        : m_blocks(blocks), m_pipe(pipe), m_stop(std::move(stop)) {}

    void read(const ChoiceOrder& order) {
        std::exception_ptr failure;
        try {
            order.stretch == 0 ? byLayer(order) : byStretch(order);
        } catch (...) {
            failure = std::current_exception();
        }
        send();
        m_pipe.close(failure);
    }

private:
    bool byLayer(const ChoiceOrder& order) {
        return std::ranges::all_of(order.layers, [&](const LayerStorage& layer) {
            return std::ranges::all_of(order.ranges, [&](const TokenRange& range) { return each(layer, range); });
        });
    }

    bool byStretch(const ChoiceOrder& order) {
        for (const TokenRange& range : order.ranges) {
            for (TokenIndex at = range.begin; at < range.end;) {
                const TokenIndex end = std::min(range.end, (at / order.stretch + 1) * order.stretch);
                if (!std::ranges::all_of(order.layers, [&](const auto& layer) { return each(layer, {at, end}); })) {
                    return false;
                }
                at = end;
            }
        }
        return true;
    }

    bool each(const LayerStorage& layer, const TokenRange& range) {
        for (TokenIndex at = range.begin; at < range.end;) {
            Reset reset(m_blocks);
            m_blocks.bind(1, layer.id).bind(2, at / layer.routeBlock);
            for (int i = 0; i < kBlocks && at < range.end; ++i) {
                if (!isRoom()) {
                    return false;
                }
                at = add(layer, at, range.end);
            }
        }
        return true;
    }

    bool isRoom() {
        if (m_batch != nullptr && m_batch->ids.size() >= kBatchIds) {
            send();
        }
        if (m_batch == nullptr) {
            m_batch = m_pipe.next(m_stop);
            if (m_batch != nullptr) {
                m_batch->pieces.clear();
                m_batch->ids.clear();
            }
        }
        return m_batch != nullptr;
    }

    // Adds the rest of the block that `at` lies in, and returns where it ends.
    TokenIndex add(const LayerStorage& layer, TokenIndex at, TokenIndex end) {
        const std::int64_t block = at / layer.routeBlock;
        if (!m_blocks.step() || m_blocks.integer(0) != block) {
            throwDamagedBlock(layer, "routing", block);
        }
        const std::int64_t tokens = std::clamp<std::int64_t>(m_blocks.integer(1), 0, layer.routeBlock);
        const auto bytes = m_blocks.blob(2);
        const TokenIndex first = block * layer.routeBlock;
        end = std::min(end, first + tokens);
        if (bytes.size() != std::size_t(tokens) * layer.idRow() || end <= at) {
            throwDamagedBlock(layer, "routing", block);
        }
        const Piece piece{&layer, at, end - at};
        m_batch->ids.resize(m_batch->ids.size() + piece.count());
        decodeExperts(layer, block, bytes.data() + std::size_t(at - first) * layer.idRow(),
                      std::span(m_batch->ids).last(piece.count()));
        m_batch->pieces.push_back(piece);
        return end;
    }

    void send() {
        if (m_batch != nullptr) {
            m_pipe.send();
            m_batch = nullptr;
        }
    }

    Statement& m_blocks;
    Pipe& m_pipe;
    std::stop_token m_stop;
    Batch* m_batch = nullptr; // being filled
};

} // namespace

ChoiceScan::ChoiceScan(sqlite3* db)
    : m_blocks(db, "SELECT block, tokens, ids FROM route_block WHERE layer_id=? AND block>=? ORDER BY block") {}

void ChoiceScan::each(const ChoiceOrder& order, const std::function<void(const RoutingBlock&)>& visit) {
    Pipe pipe;
    const std::jthread reader([&](const std::stop_token& stop) { Reader(m_blocks, pipe, stop).read(order); });
    while (const Batch* batch = pipe.take()) {
        std::span<const std::uint16_t> ids = batch->ids;
        for (const Piece& piece : batch->pieces) {
            const MoeLayerInfo& layer = piece.layer->info;
            const auto tokens = std::int32_t(piece.tokens);
            visit({layer.layer,
                   piece.first,
                   tokens,
                   layer.moe.topK,
                   layer.moe.experts,
                   ids.first(piece.count()),
                   {},
                   {}});
            ids = ids.subspan(piece.count());
        }
        pipe.giveBack();
    }
}

} // namespace moescope::sqlite
