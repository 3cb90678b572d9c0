#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "analysis/bootstrap.h"
#include "analysis/segment_counts.h"
#include "app/service/ablation_service.h"
#include "app/service/record_plan.h"
#include "db/ablation_log.h"

namespace moescope {

// nll by window, of the unmodified model (variant 0) and without each expert (1 + expert), and what it comes to.
class AblationWindows {
public:
    // The plan must outlive it.
    AblationWindows(const RecordPlan& plan, std::int64_t context, std::int32_t experts);

    // The values of a batch, which consists of whole windows, summed by them.
    AblationPart partOf(std::size_t batch, std::size_t variant, std::span<const float> nll) const;
    // Throws Error(Corruption) for a part that is of another plan.
    void add(const AblationPart& part);

    // Once every part is there: by expert, all domains together first.
    std::vector<InterventionRow> rows(const AblationRequest& request) const;

private:
    std::size_t windowAt(std::size_t batch) const; // the first of the batch
    std::size_t windowsIn(std::size_t batch) const;
    void addRow(const AblationRequest& request, const WindowBootstrap& bootstrap, std::size_t expert,
                std::int32_t domain, std::vector<InterventionRow>& rows) const;
    // domain -1: all. draws empty: every window once.
    double mean(std::size_t variant, std::int32_t domain, std::span<const std::uint8_t> draws,
                std::int64_t& tokens) const;

    const RecordPlan& m_plan;
    Windows m_windows;
    std::vector<std::int32_t> m_domainOf; // [windows]
    std::vector<std::string> m_domains;
    std::vector<std::int64_t> m_count;      // [windows] tokens with an nll
    std::vector<std::vector<double>> m_sum; // [1 + experts][windows]
};

} // namespace moescope
