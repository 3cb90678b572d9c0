#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "engine/routing/ids.h"

namespace moescope {

// One batch of an ablation under one variant (0: the unmodified model, 1 + e: without expert e), by window.
struct AblationPart {
    std::int64_t batch = 0;
    std::int32_t variant = 0;
    std::vector<double> sums;   // [windows of the batch] of nll
    std::vector<double> counts; // [windows of the batch] tokens with an nll
};

// What an ablation that is under way has measured, so that one that is cut off goes on from there. Every part is
// committed by itself. storeInterventions takes them away. One thread at a time. Throws Error(Io) when the disk is
// full.
class AblationLog {
public:
    AblationLog(const std::filesystem::path& file, RunId run, LayerId layer);
    ~AblationLog();
    AblationLog(const AblationLog&) = delete;
    AblationLog& operator=(const AblationLog&) = delete;

    std::vector<AblationPart> parts() const; // by batch and variant
    void add(const AblationPart& part);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace moescope
