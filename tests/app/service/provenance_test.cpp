#include "app/service/provenance.h"

#include <gtest/gtest.h>

namespace moescope {

namespace {

Provenance provenance(const std::string& dtype, const std::string& seconds) {
    Provenance p;
    p.fixed("dtype", dtype);
    p.fixed("context", "512");
    p.fact("seconds", seconds);
    return p;
}

} // namespace

TEST(Provenance, OnlyFixedFactsDecideWhetherARunGoesOn) {
    EXPECT_EQ(provenance("f32", "1").resumeKey(), provenance("f32", "2").resumeKey());
    EXPECT_NE(provenance("f32", "1").resumeKey(), provenance("bf16", "1").resumeKey());
}

TEST(Provenance, SaysWhatDiffers) {
    EXPECT_EQ(provenance("bf16", "1").differences(provenance("f32", "2").facts()), "dtype (bf16, was f32)");
    EXPECT_EQ(provenance("f32", "1").differences(provenance("f32", "2").facts()), "");
    EXPECT_EQ(provenance("f32", "1").differences({{"dtype", "f32"}}), "context (512, was unknown)");
}

} // namespace moescope
