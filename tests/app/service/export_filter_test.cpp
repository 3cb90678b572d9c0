#include "app/service/export_filter.h"

#include <gtest/gtest.h>

#include "engine/routing/error.h"

namespace moescope {
namespace {

RunInfo threeDocuments() {
    RunInfo run;
    run.spec.name = "demo";
    for (int layer : {1, 3}) {
        run.spec.layers.push_back({LayerId(layer), {4, 2}, {}});
    }
    run.tokens = 100;
    run.documents = {{"a", "prose", 0, 30}, {"b", "code", 30, 20}, {"c", "prose", 50, 60}};
    run.domains = {"prose", "code"};
    run.documentDomains = {0, 1, 0};
    return run;
}

RunFilter filterOf(std::vector<std::string> domains, TokenIndex begin = 0, TokenIndex end = -1) {
    RunFilter filter;
    filter.domains = std::move(domains);
    filter.tokenBegin = begin;
    filter.tokenEnd = end;
    return filter;
}

using Ranges = std::vector<TokenRange>;

TEST(TokenRanges, AreWhatTheFilterTakes) {
    const RunInfo run = threeDocuments();
    EXPECT_EQ(tokenRanges(run, {}), (Ranges{{0, 100}}));
    EXPECT_EQ(tokenRanges(run, filterOf({"prose"})), (Ranges{{0, 30}, {50, 100}}));
    EXPECT_EQ(tokenRanges(run, filterOf({"prose", "code"})), (Ranges{{0, 100}}));
    EXPECT_EQ(tokenRanges(run, filterOf({"prose"}, 20, 60)), (Ranges{{20, 30}, {50, 60}}));
    EXPECT_EQ(tokenRanges(run, filterOf({}, 90, 500)), (Ranges{{90, 100}}));
    EXPECT_EQ(tokenRanges(run, filterOf({}, 100)), Ranges{});
    RunFilter second;
    second.documents = {1};
    EXPECT_EQ(tokenRanges(run, second), (Ranges{{30, 50}}));
}

TEST(TokenFlags, MarkTheTokensOfRanges) {
    const Ranges ranges{{2, 4}, {6, 7}};
    EXPECT_EQ(tokenFlags(ranges, {0, 8}), (std::vector<std::uint8_t>{0, 0, 1, 1, 0, 0, 1, 0}));
    EXPECT_EQ(tokenFlags(ranges, {3, 7}), (std::vector<std::uint8_t>{1, 0, 0, 1}));
    EXPECT_EQ(tokenFlags({}, {0, 2}), (std::vector<std::uint8_t>{0, 0}));
}

TEST(CheckFilter, NamesWhatThereIs) {
    const RunInfo run = threeDocuments();
    const auto message = [&](const RunFilter& filter) -> std::string {
        try {
            checkFilter(run, filter);
        } catch (const Error& error) {
            return error.what();
        }
        return {};
    };
    RunFilter filter = filterOf({"code"});
    filter.layers = {LayerId(3)};
    filter.experts = {ExpertId(3)};
    EXPECT_EQ(message(filter), "");
    EXPECT_EQ(layersOf(run, filter).size(), 1U);
    filter.experts = {ExpertId(4)};
    EXPECT_NE(message(filter).find("0 to 3"), std::string::npos);
    filter.layers = {LayerId(2)};
    EXPECT_NE(message(filter).find("its MoE layers are 1, 3"), std::string::npos);
    EXPECT_NE(message(filterOf({"math"})).find("prose, code"), std::string::npos);
    EXPECT_NE(message(filterOf({}, 5, 2)), "");
}

} // namespace
} // namespace moescope
