#pragma once

#include "engine/session/engine.h"

namespace moescope {

// The engine itself, in this process.
class LocalEngine final : public Engine {
public:
    std::unique_ptr<InferenceSession> open(const SessionOptions& options) override;
    void train(const TrainConfig& config, const TrainData& data, TrainObserver& observer,
               std::stop_token stop) override;
    double gemmPeak(const std::string& dtype, int threads) override;
    std::string versions() const override;
};

} // namespace moescope
