// What an intervention does to a whole model: held against the unmodified one and against recomputed routes.
#include <algorithm>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "engine/routing/error.h"
#include "engine/routing/intervention.h"
#include "tests/engine/model/interventions.h"
#include "tests/engine/session/golden_model.h"
#include "tests/support/collecting_sink.h"

namespace moescope {
namespace {

class InterventionSession : public testing::Test {
protected:
    void SetUp() override {
        std::mt19937 random(3);
        m_tokens.resize(120);
        for (std::int32_t& token : m_tokens)
            token = std::int32_t(random() % 320);
        m_window = {0, m_tokens, std::nullopt};
        m_first = m_session->info().moeLayers.front();
    }
    CollectingSink run(const Intervention& intervention) {
        m_session->intervene(intervention);
        CollectingSink sink;
        m_session->prefill({&m_window, 1}, {true}, sink, {});
        m_session->intervene({});
        return sink;
    }
    static double lossOf(const CollectingSink& sink) {
        double sum = 0;
        for (const float loss : sink.losses())
            sum += std::isnan(loss) ? 0 : double(loss);
        return sum;
    }

    std::unique_ptr<InferenceSession> m_session = openGolden("mixtral_gqa", "f32");
    std::vector<std::int32_t> m_tokens;
    Window m_window;
    MoeLayerInfo m_first;
};

TEST_F(InterventionSession, NoneChangesNothingAndAnIdleOneNeither) {
    const CollectingSink plain = run({});
    Intervention wide;
    wide.capacity = CapacityOptions{.fixed = 1000};
    wide.topK = m_first.moe.topK;
    const CollectingSink idle = run(wide);
    EXPECT_EQ(idle.losses().size(), plain.losses().size());
    EXPECT_DOUBLE_EQ(lossOf(idle), lossOf(plain));
}

TEST_F(InterventionSession, AnotherKRoutesAndComputesOtherwise) {
    Intervention one;
    one.topK = 1;
    const CollectingSink plain = run({});
    const CollectingSink changed = run(one);
    const auto& layer = changed.layers().at(m_first.layer);
    EXPECT_EQ(layer.ids.size(), m_tokens.size());
    EXPECT_EQ(layer.logits, plain.layers().at(m_first.layer).logits); // the first router sees what it saw
    EXPECT_NE(lossOf(changed), lossOf(plain));
}

TEST_F(InterventionSession, AnAblatedExpertContributesNothing) {
    Intervention without;
    without.ablated = {{m_first.layer, 0}};
    const CollectingSink plain = run({});
    const CollectingSink changed = run(without);
    const auto& was = plain.layers().at(m_first.layer);
    const auto& is = changed.layers().at(m_first.layer);
    EXPECT_EQ(std::ranges::count(is.ids, std::uint16_t(0)), 0);
    EXPECT_EQ(std::ranges::count(is.ids, kNoExpert), std::ranges::count(was.ids, std::uint16_t(0)));
    EXPECT_NE(lossOf(changed), lossOf(plain));
    Intervention all; // a layer without any expert is the residual stream alone
    for (std::int32_t e = 0; e < m_first.moe.experts; ++e)
        all.ablated.emplace(m_first.layer, e);
    EXPECT_TRUE(std::isfinite(lossOf(run(all))));
}

TEST_F(InterventionSession, ABiasAndACapacityRouteAsThePureFunctionsDo) {
    Intervention intervention;
    intervention.bias[m_first.layer] = std::vector<float>(std::size_t(m_first.moe.experts), 0.0F);
    intervention.bias[m_first.layer][1] = 0.3F;
    intervention.capacity = CapacityOptions{.factor = 1.0, .policy = OverflowPolicy::Next, .groupTokens = 50};
    const CollectingSink changed = run(intervention);
    test::expectRoutesOf(intervention, m_first, changed.layers().at(m_first.layer));
}

TEST_F(InterventionSession, NllUnderIsThatOfWholeRuns) {
    const LayerId last = m_session->info().moeLayers.back().layer;
    std::vector<Intervention> variants(3);
    variants[1].ablated = {{last, 0}};
    variants[2].ablated = {{last, 1}};
    std::size_t visited = 0;
    m_session->nllUnder({&m_window, 1}, last, variants,
                        [&](std::size_t i, std::span<const float> nll) {
                            const CollectingSink whole = run(variants[i]);
                            ASSERT_EQ(nll.size(), whole.losses().size());
                            for (std::size_t t = 1; t < nll.size(); ++t)
                                EXPECT_FLOAT_EQ(nll[t], whole.losses()[t]);
                            ++visited;
                        },
                        {});
    EXPECT_EQ(visited, 3U);
}

TEST_F(InterventionSession, RefusesWhatTheModelDoesNotHave) {
    Intervention wrong;
    wrong.ablated = {{m_first.layer, m_first.moe.experts}};
    EXPECT_THROW(m_session->intervene(wrong), Error);
    wrong = {};
    wrong.topK = m_first.moe.experts + 1;
    EXPECT_THROW(m_session->intervene(wrong), Error);
    EXPECT_EQ(lossOf(run({})), lossOf(run({})));
}

} // namespace
} // namespace moescope
