#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "app/service/record_service.h"
#include "db/intervention_log.h"

namespace moescope {

struct AblationRequest {
    // The unmodified run that the changes are of; nll on, nothing generated. `resume` goes on with an ablation that was
    // cut off, of a run that is there already too.
    RecordRequest record;
    LayerId layer;
    std::int32_t replicates = 1000; // of the bootstrap over windows within each domain
    std::uint64_t seed = 1;
    double falseDiscovery = 0.05; // Benjamini-Hochberg, over all rows
};

// Follows an ablation. Called from the thread that works.
class AblationObserver {
public:
    virtual ~AblationObserver() = default;
    virtual RecordObserver& recording() = 0;                                // follows the unmodified run
    virtual void progress(std::int64_t /*done*/, std::int64_t /*total*/) {} // tokens x (1 + experts)
};

struct AblationSummary {
    RecordSummary run;
    LayerId layer;
    double seconds = 0;                // without recording the run
    std::vector<InterventionRow> rows; // by expert; all domains together first, then as the run has them
};

// Ablates each expert of a layer in turn: what its absence costs each domain. Records the unmodified run, then runs the
// model from that layer up once for every expert, and stores the table with the run (export table `interventions`).
// Synchronous.
class AblationService {
public:
    explicit AblationService(Engine& engine) : m_engine(engine) {}

    // Throws Error: InvalidArgument (a layer without experts, a run without nll), Cancelled (the run stays and what is
    // measured with it; the table comes when all is), and what recording throws.
    AblationSummary ablate(const AblationRequest& request, AblationObserver& observer, std::stop_token stop);

private:
    Engine& m_engine;
};

} // namespace moescope
