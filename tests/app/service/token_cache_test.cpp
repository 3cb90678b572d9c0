#include "app/service/token_cache.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace moescope {

namespace fs = std::filesystem;

class TokenCacheTest : public testing::Test {
protected:
    void SetUp() override { fs::remove(m_file); }
    void TearDown() override { fs::remove(m_file); }

    fs::path m_file = fs::path(testing::TempDir()) /
                      (std::string("tokens-") + testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(TokenCacheTest, GivesBackWhatWasWritten) {
    writeTokenCache(m_file, "key", {{"news", {1, 2, 3}}, {"empty", {}}});
    const auto domains = readTokenCache(m_file, "key");
    ASSERT_TRUE(domains);
    ASSERT_EQ(domains->size(), 2U);
    EXPECT_EQ((*domains)[0].name, "news");
    EXPECT_EQ((*domains)[0].tokens, (std::vector<std::int32_t>{1, 2, 3}));
    EXPECT_TRUE((*domains)[1].tokens.empty());
}

TEST_F(TokenCacheTest, AnotherKeyOrNoFileIsNoCache) {
    EXPECT_FALSE(readTokenCache(m_file, "key"));
    writeTokenCache(m_file, "key", {{"news", {1}}});
    EXPECT_FALSE(readTokenCache(m_file, "other"));
}

TEST_F(TokenCacheTest, ADamagedFileIsNoCacheAtAnyLength) {
    writeTokenCache(m_file, "key", {{"news", {1, 2, 3}}, {"web", {4}}});
    for (auto size = fs::file_size(m_file); size > 0;) {
        fs::resize_file(m_file, --size);
        EXPECT_FALSE(readTokenCache(m_file, "key")) << size;
    }
    std::ofstream(m_file) << "this is no token cache, but it is longer than a header";
    EXPECT_FALSE(readTokenCache(m_file, "key"));
}

} // namespace moescope
