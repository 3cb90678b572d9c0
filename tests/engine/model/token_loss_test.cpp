#include "engine/model/token_loss.h"

#include <cmath>
#include <random>
#include <vector>

#include <ATen/Functions.h>
#include <gtest/gtest.h>

namespace moescope {
namespace {

TEST(TokenLoss, IsTheLogarithmOfTheTargetsProbability) {
    constexpr std::int64_t kRows = 7, kWords = 33;
    std::mt19937 random(1);
    std::normal_distribution<float> normal(0, 4);
    std::vector<float> logits(std::size_t(kRows * kWords));
    for (float& l : logits)
        l = normal(random);
    std::vector<std::int32_t> targets{0, 32, 5, -1, 17, -1, 8};
    std::vector<float> loss(std::size_t{kRows}, 99);
    tokenLoss(at::from_blob(logits.data(), {kRows, kWords}, at::kFloat), targets.data(), loss.data());
    for (std::size_t r = 0; r < loss.size(); ++r) {
        if (targets[r] < 0) {
            EXPECT_TRUE(std::isnan(loss[r]));
            continue;
        }
        double sum = 0;
        for (std::size_t w = 0; w < std::size_t(kWords); ++w)
            sum += std::exp(double(logits[r * kWords + w]));
        EXPECT_NEAR(loss[r], std::log(sum) - double(logits[r * kWords + std::size_t(targets[r])]), 1e-5);
    }
}

} // namespace
} // namespace moescope
