#include "engine/kernels/cuda/sort_groups.h"

#include <algorithm>
#include <numeric>
#include <random>

#include <gtest/gtest.h>

#include "tests/engine/kernels/cuda/emulated_grid.h"

namespace moescope::cuda {
namespace {

// std::stable_sort of each group.
std::vector<std::int32_t> expected(const std::vector<float>& values, std::size_t group) {
    std::vector<std::int32_t> sorted(values.size());
    for (std::size_t first = 0; first < values.size(); first += group) {
        const auto begin = sorted.begin() + std::ptrdiff_t(first);
        const auto end = sorted.begin() + std::ptrdiff_t(std::min(first + group, values.size()));
        std::iota(begin, end, 0);
        std::stable_sort(begin, end, [&](std::int32_t a, std::int32_t b) {
            return values[first + std::size_t(a)] > values[first + std::size_t(b)];
        });
    }
    return sorted;
}

std::vector<std::int32_t> sorted(const std::vector<float>& values, std::int64_t group, unsigned seed) {
    std::vector<std::int32_t> result(values.size(), -1), scratch(values.size(), -1);
    EmulatedLauncher launcher(seed);
    launchSort(launcher, {std::int64_t(values.size()), group, values.data(), result.data(), scratch.data()});
    return result;
}

// Of few values and of many; groups below a run, of whole runs, and one entry more.
TEST(CudaSortGroups, IsAStableSortOfEveryGroup) {
    std::mt19937 random(5);
    unsigned seed = 0;
    for (const std::int64_t group : {1, 5, 127, 128, 129, 256, 300, 385, 640, 1024, 100000})
        for (const std::size_t entries : {std::size_t(1), std::size_t(128), std::size_t(700), std::size_t(1153)})
            for (const unsigned different : {1U, 3U, 1000000U}) {
                std::vector<float> values(entries);
                for (float& value : values)
                    value = float(random() % different) / 7.0F;
                EXPECT_EQ(sorted(values, group, ++seed), expected(values, std::size_t(group)))
                    << entries << " entries in groups of " << group << ", " << different << " values";
            }
}

TEST(CudaSortGroups, TakesValuesInOrderAndAgainstIt) {
    std::vector<float> values(900);
    std::iota(values.begin(), values.end(), 0.0F);
    EXPECT_EQ(sorted(values, 900, 1), expected(values, 900));
    std::reverse(values.begin(), values.end());
    EXPECT_EQ(sorted(values, 900, 2), expected(values, 900));
    std::fill(values.begin(), values.end(), 0.0F);
    EXPECT_EQ(sorted(values, 900, 3), expected(values, 900));
}

} // namespace
} // namespace moescope::cuda
