#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/routing/ids.h"

namespace moescope {

// What taking one expert out costs one domain of a run. NaN: there is none.
struct InterventionRow {
    LayerId layer;
    std::int32_t expert = 0;
    std::string domain;      // empty: all
    std::int64_t tokens = 0; // that have an nll
    double nll = 0;          // mean with the expert out, nats
    double change = 0;       // against the unmodified model
    double low = 0;          // 95 % interval of the change
    double high = 0;
    double p = 0; // of no change
    bool significant = false;

    friend bool operator==(const InterventionRow&, const InterventionRow&) = default;
};

// Stores the rows of one layer in place of those there were, and ends its AblationLog. Throws Error(Io) when the disk
// is full.
void storeInterventions(const std::filesystem::path& file, RunId run, LayerId layer,
                        const std::vector<InterventionRow>& rows);

namespace sqlite {

class Connection;

std::vector<InterventionRow> loadInterventions(Connection& connection, RunId run); // by layer, expert, domain

} // namespace sqlite

} // namespace moescope
