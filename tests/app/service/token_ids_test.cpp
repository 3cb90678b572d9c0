#include "app/service/token_ids.h"

#include <fstream>

#include <gtest/gtest.h>

#include "engine/routing/error.h"

namespace moescope {

class TokenIdsTest : public testing::Test {
protected:
    void TearDown() override { std::filesystem::remove(m_file); }

    std::vector<std::vector<std::int32_t>> read(const std::string& json) const {
        std::ofstream(m_file) << json;
        return readTokenIds(m_file, 10);
    }

    std::filesystem::path m_file =
        std::filesystem::path(testing::TempDir()) /
        (std::string("ids-") + testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(TokenIdsTest, ReadsOneArrayForEachDocument) {
    EXPECT_EQ(read("[[1,2,3],[],[9]]"), (std::vector<std::vector<std::int32_t>>{{1, 2, 3}, {}, {9}}));
}

TEST_F(TokenIdsTest, RefusesWhatIsNoIdOfTheModel) {
    for (const char* json : {"[[1,10]]", "[[-1]]", "[[99999999999999999999]]", "[[18446744073709551615]]", "[[1.5]]",
                             "[1,2]", "[[1,", "{}", "[[\"1\"]]"})
        EXPECT_THROW(read(json), Error) << json;
    EXPECT_THROW(readTokenIds("/nowhere/ids.json", 10), Error);
}

} // namespace moescope
