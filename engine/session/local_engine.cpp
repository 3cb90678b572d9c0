#include "engine/session/local_engine.h"

#include <torch/version.h>

#include "engine/kernels/inference/packed_matrix.h"
#include "engine/session/choose_execution.h"
#include "engine/session/decoder_session.h"
#include "engine/session/edge.h"
#include "engine/session/gemm_peak.h"
#include "engine/session/thread_pool.h"
#include "engine/training/trainer.h"

namespace moescope {

std::unique_ptr<InferenceSession> LocalEngine::open(const SessionOptions& options) {
    std::unique_ptr<InferenceSession> session;
    withoutTorchErrors([&] {
        const ChosenExecution chosen = chooseExecution(options, readModelConfig(options.model));
        session = std::make_unique<DecoderSession>(options.model, chosen, useThreads(options.threads));
    });
    return session;
}

void LocalEngine::train(const TrainConfig& config, const TrainData& data, TrainObserver& observer,
                        std::stop_token stop) {
    withoutTorchErrors([&] { trainModel(config, data, observer, stop); });
}

double LocalEngine::gemmPeak(const std::string& dtype, int threads) {
    useThreads(threads);
    return measureGemmPeak(dtype);
}

std::string LocalEngine::versions() const {
    return std::string("LibTorch ") + TORCH_VERSION + ", " + matrixLibraryVersion() + ", " + blasName();
}

} // namespace moescope
