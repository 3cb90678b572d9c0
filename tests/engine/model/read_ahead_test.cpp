#include "engine/model/read_ahead.h"

#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "engine/checkpoint/mapped_file.h"
#include "tests/engine/checkpoint/temp_folder.h"

namespace moescope {
namespace {

constexpr std::size_t kRange = 64 << 10;

class ReadAheadTest : public testing::Test {
protected:
    ReadAheadTest() {
        std::string bytes(32 * kRange, '\0');
        for (std::size_t i = 0; i < bytes.size(); ++i)
            bytes[i] = char(i / kRange);
        m_folder.write("weights", bytes);
        m_file.emplace(m_folder / "weights");
    }
    std::span<const std::byte> range(std::size_t index) const {
        return m_file->bytes().subspan(index * kRange, kRange);
    }

    TempFolder m_folder;
    std::optional<MappedFile> m_file;
};

TEST_F(ReadAheadTest, GivesRangesInOrderWithinItsBudget) {
    ReadAhead ahead{std::int64_t(3 * kRange)};
    for (std::size_t i = 0; i < 32; ++i)
        ahead.expect(range(i));
    for (std::size_t i = 0; i < 32; ++i) {
        ahead.await(range(i));
        EXPECT_EQ(range(i)[kRange / 2], std::byte(i));
        EXPECT_TRUE(ahead.isKnown(range(i)));
        ahead.finish(range(i));
        EXPECT_FALSE(ahead.isKnown(range(i)));
    }
}

TEST_F(ReadAheadTest, NeverMakesAnybodyWaitForWhatNobodyExpects) {
    ReadAhead ahead{std::int64_t(kRange)};
    ahead.await(range(3));
    ahead.expect(range(4));
    ahead.finish(range(4)); // not needed after all
    ahead.await(range(4));
    ahead.await({});
    ahead.clear();
}

// Another order than the one expected, and ranges that are never used, must not end in a wait without end.
TEST_F(ReadAheadTest, ReadsOnForThoseWhoWait) {
    ReadAhead ahead{std::int64_t(kRange)};
    for (std::size_t i = 0; i < 32; ++i)
        ahead.expect(range(i));
    ahead.await(range(31));
    EXPECT_EQ(range(31)[0], std::byte(31));
    ahead.clear();
    ahead.expect(range(2));
    ahead.await(range(2));
}

TEST_F(ReadAheadTest, ServesThreadsThatShareTheWork) {
    for (int round = 0; round < 20; ++round) {
        ReadAhead ahead{std::int64_t(5 * kRange)};
        for (std::size_t i = 0; i < 32; ++i)
            ahead.expect(range(i));
        std::atomic<std::size_t> next = 0;
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                for (std::size_t i = next++; i < 32; i = next++) {
                    ahead.await(range(i));
                    EXPECT_EQ(range(i)[7], std::byte(i));
                    ahead.finish(range(i));
                }
            });
    }
}

} // namespace
} // namespace moescope
