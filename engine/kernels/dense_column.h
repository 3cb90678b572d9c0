#pragma once

#include <cstdint>
#include <vector>

namespace moescope {

// Computes a result of one column whose rows are ldy elements apart. oneDNN 3.7 ignores that distance when there is
// one column, so the column is computed densely, by multiply(column), and then spread.
template <class Out, class Multiply>
void throughDenseColumn(std::int64_t m, Out* y, std::int64_t ldy, bool accumulate, const Multiply& multiply) {
    thread_local std::vector<Out> column;
    column.resize(std::size_t(m));
    if (accumulate)
        for (std::int64_t r = 0; r < m; ++r)
            column[std::size_t(r)] = y[r * ldy];
    multiply(column.data());
    for (std::int64_t r = 0; r < m; ++r)
        y[r * ldy] = column[std::size_t(r)];
}

} // namespace moescope
