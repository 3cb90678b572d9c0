#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <gtest/gtest.h>

namespace moescope::test {

// Holds a gradient against central differences of `loss` (a function of the variables), relative to its largest entry.
template <class Loss>
void expectGradient(const Loss& loss, const std::vector<float>& at, const std::vector<float>& gradient,
                    double tolerance, float step = 1e-2F) {
    ASSERT_EQ(at.size(), gradient.size());
    double largest = 1e-6;
    for (const float g : gradient)
        largest = std::max(largest, std::abs(double(g)));
    std::vector<float> moved = at;
    for (std::size_t i = 0; i < at.size(); ++i) {
        moved[i] = at[i] + step;
        const double above = loss(moved);
        moved[i] = at[i] - step;
        const double below = loss(moved);
        moved[i] = at[i];
        EXPECT_NEAR(gradient[i] / largest, (above - below) / (2 * double(step)) / largest, tolerance) << "entry " << i;
    }
}

} // namespace moescope::test
