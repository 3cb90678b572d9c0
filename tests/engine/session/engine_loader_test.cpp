#include "engine/session/engine_loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/routing/error.h"
#include "tests/engine/session/golden_model.h"
#include "tests/support/refusal.h"

namespace moescope {
namespace {

using testing::AnyOf;
using testing::HasSubstr;

// Thrown in the module, caught here.
std::string refusalOfSession(const SessionOptions& options) {
    return test::refusal([&] { loadEngine().open(options); });
}

TEST(EngineLoader, OpensOneEngine) {
    EXPECT_EQ(&loadEngine(), &loadEngine());
    EXPECT_THAT(loadEngine().versions(), HasSubstr("LibTorch"));
}

TEST(EngineLoader, ReportsWhatCannotBeOpened) {
    EXPECT_THAT(refusalOfSession({"/nowhere"}), HasSubstr("/nowhere"));
    SessionOptions options{goldenModel("mixtral_gqa")};
    options.device = "tpu";
    EXPECT_THAT(refusalOfSession(options), HasSubstr("tpu"));
    options.device = "auto";
    options.dtype = "int3";
    EXPECT_THAT(refusalOfSession(options), HasSubstr("int3"));
}

TEST(EngineLoader, CudaNeedsACudaLibTorch) {
    SessionOptions options{goldenModel("mixtral_gqa"), "cuda"};
    const std::string message = refusalOfSession(options);
    if (message == "accepted")
        GTEST_SKIP() << "this machine has a CUDA device";
    EXPECT_THAT(message, HasSubstr("--device cuda"));
    EXPECT_THAT(message, HasSubstr("--device cpu"));
    EXPECT_THAT(message, AnyOf(HasSubstr("Torch_DIR"), HasSubstr("nvidia-smi"))); // what to build, or what to check
}

TEST(EngineLoader, TellsItsChoice) {
    const auto session = loadEngine().open({goldenModel("mixtral_gqa")});
    EXPECT_EQ(session->info().family, "mixtral");
    EXPECT_EQ(session->info().dtype, "f32");
    EXPECT_EQ(session->info().moeLayers.size(), 2U);
    EXPECT_GT(session->info().threads, 0);
}

TEST(EngineLoader, MeasuresTheMachine) {
    EXPECT_GT(loadEngine().gemmPeak("f32", 1), 1e9);
    EXPECT_THROW(loadEngine().gemmPeak("f64", 1), Error);
}

} // namespace
} // namespace moescope
