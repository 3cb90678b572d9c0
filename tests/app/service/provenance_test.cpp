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

TEST(Provenance, KeepsTheOrderOfFacts) {
    const Provenance p = provenance("f32", "1");
    ASSERT_EQ(p.facts().size(), 3U);
    EXPECT_EQ(p.facts()[2].first, "seconds");
    ASSERT_EQ(p.fixedFacts().size(), 2U);
    EXPECT_EQ(p.fixedFacts()[1], (std::pair<std::string, std::string>("context", "512")));
}

} // namespace moescope
