#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "app/service/export_service.h"

namespace moescope {

// What one table is filled from.
struct ExportContext {
    const Recording& recording;
    const RunInfo& run;
    const RunFilter& filter;
    const CapacityOptions& capacity;
    TableWriter& out;
    std::function<void(double)> progress; // 0 to 1; throws Error(Cancelled) when stopped
};

// What one table over several runs is filled from.
struct ExportTogether {
    const Recording& recording;
    const std::vector<std::string>& runs;
    const CapacityOptions& capacity;
    TableWriter& out;
    std::stop_token stop;
    std::function<void(double)> progress;
};

struct ExportTable {
    std::string_view name;
    std::span<const std::string_view> columns;
    // What the run lacks to fill it; no value: nothing.
    std::optional<std::string> (*missing)(const Recording& recording, const RunInfo& run,
                                          const CapacityOptions& capacity);
    void (*fill)(const ExportContext& context);
    // Instead of `fill` for a table over all runs at once, which needs two or more.
    void (*fillTogether)(const ExportTogether& context) = nullptr;
};

std::span<const ExportTable> exportTableList();

void fillTokens(const ExportContext& context);
void fillRouting(const ExportContext& context);
void fillLogits(const ExportContext& context);
void fillLoad(const ExportContext& context);
void fillLoadByDomain(const ExportContext& context);
void fillBalance(const ExportContext& context);
void fillVocabulary(const ExportContext& context);
void fillCoactivation(const ExportContext& context);
void fillTransitions(const ExportContext& context);
void fillOverflow(const ExportContext& context);
void fillOverflowTokens(const ExportContext& context);
void fillSteps(const ExportContext& context);
void fillInterventions(const ExportContext& context);
void fillCompare(const ExportTogether& context);

} // namespace moescope
