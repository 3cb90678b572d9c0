#include "db/views/view_plan.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace moescope::sqlite {

namespace {

constexpr double kRows = 1e9;      // of a view without constraints
constexpr double kRangeShrink = 4; // a comparison on one side
constexpr char kFirstColumn = 'a'; // idxStr holds pairs of a column's letter and an operator

char operatorOf(unsigned char op) {
    switch (op) {
    case SQLITE_INDEX_CONSTRAINT_EQ:
        return '=';
    case SQLITE_INDEX_CONSTRAINT_GT:
        return '>';
    case SQLITE_INDEX_CONSTRAINT_GE:
        return 'g';
    case SQLITE_INDEX_CONSTRAINT_LT:
        return '<';
    case SQLITE_INDEX_CONSTRAINT_LE:
        return 'l';
    default:
        return 0;
    }
}

void narrow(Bounds& bounds, char op, double value) {
    constexpr double kLarge = 9e18;
    const double capped = std::clamp(value, -kLarge, kLarge);
    if (op == '=' || op == '>' || op == 'g') {
        const double least = op == '>' ? std::floor(capped) + 1 : std::ceil(capped);
        bounds.least = std::max(bounds.least, std::int64_t(least));
    }
    if (op == '=' || op == '<' || op == 'l') {
        const double most = op == '<' ? std::ceil(capped) - 1 : std::floor(capped);
        bounds.most = std::min(bounds.most, std::int64_t(most));
    }
}

void apply(ViewPlan& plan, int column, char op, sqlite3_value* value) {
    const int type = sqlite3_value_type(value);
    if (type == SQLITE_NULL) {
        plan.none = true;
    } else if (column == 0) {
        const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
        plan.run = text == nullptr ? "" : text;
    } else if (type == SQLITE_INTEGER || type == SQLITE_FLOAT) {
        narrow(plan.columns[std::size_t(column)], op, sqlite3_value_double(value));
        plan.none = plan.none || plan.columns[std::size_t(column)].empty();
    }
}

} // namespace

int planView(sqlite3_index_info* info, const std::vector<PushedColumn>& pushed) {
    double rows = kRows;
    std::string plan;
    for (int i = 0; i < info->nConstraint; ++i) {
        const auto& constraint = info->aConstraint[i];
        const char op = operatorOf(constraint.op);
        const auto at = std::ranges::find(pushed, constraint.iColumn, &PushedColumn::column);
        if (constraint.usable == 0 || op == 0 || at == pushed.end() || (at->column == 0 && op != '=')) {
            continue;
        }
        plan += char(kFirstColumn + constraint.iColumn);
        plan += op;
        info->aConstraintUsage[i].argvIndex = int(plan.size() / 2);
        rows /= op == '=' ? at->shrink : kRangeShrink;
    }
    info->idxNum = int(info->colUsed & 0x7FFFFFFFU);
    info->idxStr = sqlite3_mprintf("%s", plan.c_str());
    info->needToFreeIdxStr = 1;
    info->estimatedRows = sqlite3_int64(std::max(1.0, rows));
    info->estimatedCost = std::max(1.0, rows);
    return info->idxStr == nullptr ? SQLITE_NOMEM : SQLITE_OK;
}

ViewPlan readPlan(int columns, int idxNum, const char* idxStr, sqlite3_value** values) {
    ViewPlan plan;
    plan.used = std::uint64_t(idxNum);
    plan.columns.resize(std::size_t(columns));
    const std::size_t n = idxStr == nullptr ? 0 : std::strlen(idxStr) / 2;
    for (std::size_t i = 0; i < n; ++i) {
        apply(plan, idxStr[2 * i] - kFirstColumn, idxStr[2 * i + 1], values[i]);
    }
    return plan;
}

} // namespace moescope::sqlite
