#include "engine/model/workspace.h"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace moescope {
namespace {

// Whether the address lies in a mapped file (one that has no name any more).
bool liesInAFile(const void* address) {
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        std::uintptr_t begin = 0;
        std::uintptr_t end = 0;
        char dash = 0;
        std::istringstream words(line);
        words >> std::hex >> begin >> dash >> end;
        const auto at = reinterpret_cast<std::uintptr_t>(address);
        if (at >= begin && at < end)
            return line.find("(deleted)") != std::string::npos;
    }
    return false;
}

TEST(Workspace, SpillsLargeSlotsToAFileAndKeepsSmallOnesInMemory) {
    Workspace workspace({at::kCPU, at::kFloat, true}, 4096);
    const at::Tensor large = workspace.take(Slot::Residual, {1000, 3}, at::kFloat);
    const at::Tensor small = workspace.take(Slot::Normed, {1000}, at::kFloat);
    EXPECT_TRUE(liesInAFile(large.data_ptr()));
    EXPECT_FALSE(liesInAFile(small.data_ptr()));
    for (int i = 0; i < 3000; ++i)
        dataOf<float>(large)[i] = float(i);
    const at::Tensor again = workspace.take(Slot::Residual, {500, 3}, at::kFloat);
    EXPECT_EQ(again.data_ptr(), large.data_ptr());
    EXPECT_EQ(dataOf<float>(again)[1499], 1499.0F);
}

TEST(Workspace, StaysInMemoryUnlessAskedToSpill) {
    Workspace workspace({at::kCPU, at::kFloat, true});
    EXPECT_FALSE(liesInAFile(workspace.take(Slot::Residual, {100000}, at::kFloat).data_ptr()));
}

} // namespace
} // namespace moescope
