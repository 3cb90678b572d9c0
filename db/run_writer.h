#pragma once

#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "db/run_info.h"
#include "engine/routing/routing_sink.h"

namespace moescope {

// Writes one run into a recording, from a thread of its own: the engine hands blocks over and goes on; it waits only
// while more than `queueBytes` are on their way to the disk.
//
// What lies below the last commit that reached the file is kept whatever happens: a crash, kill -9 or a full disk
// leaves a file that opens and a run that shows as interrupted and can be resumed. (A power cut may take the last few
// commits with it.) Nothing beyond that commit is visible to readers.
//
// A failure of the writer thread is thrown by the next call, whichever it is, and by every one after it. Called from
// one thread. On destruction without finish() the run is left interrupted; if nothing was committed it is removed
// again, and with it the file that was made for it.
class RunWriter final : public RoutingSink {
public:
    struct Options {
        std::size_t queueBytes = std::size_t(16) << 20;
        // Not RunId{}: the run of the same file whose logits are this run's, too. They are handed over for the sums
        // and not stored again. spec.logits must be that run's.
        RunId logitsOf{};
        RunId linkedTo{}; // Not RunId{}: the run of the same file over the model's other stack. Each names the other.
    };

    // Adds the run to `file`, which is made if it is not there. Documents adjoin, starting with token 0, and cover
    // every token that will come (setDocuments changes them later). Pieces: those of the ids the documents use, none
    // without text. Throws Error: Conflict (the name is taken), Io, Corruption or Unsupported (not a recording of
    // ours).
    RunWriter(const std::filesystem::path& file, const RunSpec& spec, const std::vector<DocumentInfo>& documents,
              const std::vector<Piece>& pieces, Options options);
    RunWriter(const std::filesystem::path& file, const RunSpec& spec, const std::vector<DocumentInfo>& documents,
              const std::vector<Piece>& pieces)
        : RunWriter(file, spec, documents, pieces, Options{}) {}

    // Continues an interrupted run at committed(). `now` and `documents` are what would be recorded today: where
    // now.resumeKey differs from the run's, throws Error(Conflict) naming what has changed. Also Conflict for a run
    // that is complete or still being written, NotFound for none.
    static std::unique_ptr<RunWriter> resume(const std::filesystem::path& file, std::string_view idOrName,
                                             const RunSpec& now, const std::vector<DocumentInfo>& documents,
                                             Options options);
    static std::unique_ptr<RunWriter> resume(const std::filesystem::path& file, std::string_view idOrName,
                                             const RunSpec& now, const std::vector<DocumentInfo>& documents) {
        return resume(file, idOrName, now, documents, Options{});
    }

    ~RunWriter() override;

    void tokens(const TokenBlock& block) override;
    void routing(const RoutingBlock& block) override;
    void nll(TokenIndex first, std::span<const float> values) override;

    // Besides RoutingSink: no layer may be ahead of `end`, nor the tokens.
    void commit(TokenIndex end) override;

    // For generation: documents grow, new ones follow, before the tokens they are to hold arrive. Those that hold
    // tokens already keep their place and domain. Pieces of ids not known before.
    void setDocuments(const std::vector<DocumentInfo>& documents);
    void addPieces(const std::vector<Piece>& pieces);

    // Waits until the commits so far are in the file.
    void flush();

    // The end: Complete (everything delivered is committed) or Interrupted. No call may follow.
    void finish(RunState state);

    RunId run() const;
    TokenIndex committed() const; // below this the run is in the file; where a resumed run continues

private:
    struct Impl;
    explicit RunWriter(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace moescope
