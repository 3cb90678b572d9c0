#pragma once

#include <fmt/format.h>

#include "app/cli/progress_bar.h"
#include "app/service/inspect_report.h"
#include "app/service/record_service.h"
#include "engine/checkpoint/memory_plan.h"

namespace moescope::cli {

// Shows how far a recording is.
class RecordProgressBar : public RecordObserver {
public:
    explicit RecordProgressBar(const CommandContext& context) : m_bar("record", "tokens", context) {}

    void planned(const MemoryPlan& plan, std::int64_t batchTokens, int threads) override {
        if (plan.streamed)
            m_bar.message(memoryPlanText(plan, batchTokens, threads));
    }
    void beganAnew(const std::string& why) override { m_bar.message(why); }
    void started(const std::string& run, const RecordProgress& progress) override {
        if (progress.resumed > 0)
            m_bar.message(fmt::format("run {}: going on behind {} tokens", run, grouped(progress.resumed)));
        this->progress(progress);
    }
    void progress(const RecordProgress& progress) override {
        m_bar.update(progress.done, progress.total, progress.resumed);
    }

private:
    ProgressBar m_bar;
};

} // namespace moescope::cli
