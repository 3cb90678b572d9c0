#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QSortFilterProxyModel>

#include "tests/ui/sample_facts.h"
#include "ui/models/expert_token_model.h"
#include "ui/models/fact_table_model.h"
#include "ui/models/layer_table_model.h"
#include "ui/models/lost_token_model.h"
#include "ui/models/route_table_model.h"

namespace moescope {
namespace {

constexpr auto kFatal = QAbstractItemModelTester::FailureReportingMode::Fatal;

TEST(LayerTableModel, holdsARowForEachLayer) {
    LayerTableModel model;
    QAbstractItemModelTester tester(&model, kFatal);
    model.setFacts(test::sampleFacts());
    ASSERT_EQ(model.rowCount(), 2);
    EXPECT_EQ(model.text(1, LayerTableModel::Layer), QStringLiteral("5"));
    EXPECT_EQ(model.text(1, LayerTableModel::Busiest), QStringLiteral("E0 · 2.8 ×"));
    EXPECT_EQ(model.rowOf(LayerId(5)), 1);
    EXPECT_TRUE(model.cell(1, LayerTableModel::Notes).toString().contains(QStringLiteral("E0")));
    EXPECT_FALSE(
        model.extra(1, LayerTableModel::Profile, LayerTableModel::kProfileRole).value<QList<double>>().isEmpty());
    for (int c = 0; c < model.columnCount(); ++c) {
        EXPECT_FALSE(model.headerData(c, Qt::Horizontal, Qt::ToolTipRole).toString().isEmpty()) << c;
    }
    model.setFacts(nullptr);
    EXPECT_EQ(model.rowCount(), 0);
}

TEST(LayerTableModel, sortsByValueAndExportsExactNumbers) {
    LayerTableModel model;
    model.setFacts(test::sampleFacts());
    QSortFilterProxyModel sorted;
    sorted.setSortRole(ValueTableModel::kSortRole);
    sorted.setSourceModel(&model);
    sorted.sort(LayerTableModel::Cv, Qt::DescendingOrder);
    EXPECT_EQ(sorted.index(0, 0).data().toString(), QStringLiteral("5"));
    const QString csv = csvOf(sorted);
    EXPECT_EQ(csv.count(QStringLiteral("\r\n")), 3);
    EXPECT_TRUE(csv.startsWith(QStringLiteral("Layer,")));
}

TEST(ExpertTokenModel, showsCountsBesideShares) {
    auto tokens = std::make_shared<ExpertTokens>();
    tokens->expert = ExpertId(3);
    tokens->tokens = {{7, " the", 3, 4, 0.75, 2.5}, {9, "\xED\x95", 1, 1, 1, 0.5}};
    ExpertTokenModel model;
    QAbstractItemModelTester tester(&model, kFatal);
    model.setTokens(tokens);
    EXPECT_EQ(model.text(0, ExpertTokenModel::Text), QStringLiteral("␣the"));
    EXPECT_EQ(model.text(0, ExpertTokenModel::Share), QStringLiteral("75 %"));
    EXPECT_EQ(model.text(1, ExpertTokenModel::Text), QStringLiteral("\\xED\\x95"));
    EXPECT_EQ(model.tokenIdAt(1), 9);
}

TEST(RouteTableModel, namesChosenAndNext) {
    auto route = std::make_shared<TokenRoute>();
    TokenLayerRoute layer;
    layer.layer = LayerId(2);
    layer.ids = {4, 1};
    layer.weights = {0.7F, 0.3F};
    layer.probs = {0.05F, 0.3F, 0.02F, 0.03F, 0.6F};
    layer.runnerUp = 0;
    layer.margin = 0.25F;
    route->layers = {layer};
    RouteTableModel model;
    QAbstractItemModelTester tester(&model, kFatal);
    model.setRoute(route);
    EXPECT_EQ(model.text(0, RouteTableModel::Experts), QStringLiteral("E4  E1"));
    EXPECT_EQ(model.text(0, RouteTableModel::RunnerUp), QStringLiteral("E0 (5 %)"));
    EXPECT_EQ(model.text(0, RouteTableModel::Margin), QStringLiteral("0.25"));
    EXPECT_EQ(model.rowOf(LayerId(2)), 0);
}

TEST(LostTokenModel, listsThoseThatLoseAllFirst) {
    auto overflow = std::make_shared<LayerOverflow>();
    overflow->topK = 2;
    overflow->experts = 4;
    overflow->options.groupTokens = 4;
    overflow->ids = {0, 1, 0, 1, 0, 1, 0, 2};
    overflow->ranks = {0, 0, 1, 1, 2, 2, 3, 0};
    CapacityOptions options;
    options.groupTokens = 4;
    options.fixed = 2;
    LostTokenModel model;
    QAbstractItemModelTester tester(&model, kFatal);
    model.setOverflow(overflow, options, nullptr);
    ASSERT_EQ(model.rowCount(), 2);
    EXPECT_EQ(model.tokenAt(0), 2); // both choices
    EXPECT_EQ(model.tokenAt(1), 3); // its first only
    EXPECT_EQ(model.cell(1, LostTokenModel::Lost).toString(), QStringLiteral("1 of 2"));
}

TEST(FactTableModel, groupsDigits) {
    FactTableModel model({{QStringLiteral("a"), {}, false}, {QStringLiteral("b"), {}}});
    QAbstractItemModelTester tester(&model, kFatal);
    model.setRows({{QStringLiteral("tokens"), 12345LL}});
    EXPECT_EQ(model.text(0, 1), QStringLiteral("12,345"));
}

} // namespace
} // namespace moescope
