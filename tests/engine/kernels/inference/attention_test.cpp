#include "engine/kernels/inference/attention.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tests/engine/kernels/inference/random_values.h"

namespace moescope {
namespace {

template <class T>
class AttentionTest : public testing::Test {};

using Elements = testing::Types<float, Bf16>;
TYPED_TEST_SUITE(AttentionTest, Elements);

// One head's output for one query, in double.
template <class T>
std::vector<double> oracle(const AttentionShape& shape, const AttentionSequence<T>& s, std::int64_t query,
                           std::int64_t head) {
    const std::int64_t position = s.past + query;
    const std::int64_t first = shape.window > 0 ? std::max<std::int64_t>(0, position - shape.window + 1) : 0;
    const std::int64_t kv = head / (shape.heads / shape.kvHeads) * shape.headDim;
    std::vector<double> score;
    double top = -1e300;
    for (std::int64_t key = first; key <= position; ++key) {
        double sum = 0;
        for (std::int64_t d = 0; d < shape.headDim; ++d)
            sum += double(toFloat(s.q[query * s.ldq + head * shape.headDim + d])) * toFloat(s.k[key * s.ldkv + kv + d]);
        score.push_back(sum * shape.scale);
        top = std::max(top, score.back());
    }
    double total = 0;
    std::vector<double> out(std::size_t(shape.headDim), 0.0);
    for (std::size_t i = 0; i < score.size(); ++i) {
        const double e = std::exp(score[i] - top);
        total += e;
        for (std::int64_t d = 0; d < shape.headDim; ++d)
            out[std::size_t(d)] += e * toFloat(s.v[(first + std::int64_t(i)) * s.ldkv + kv + d]);
    }
    for (double& v : out)
        v /= total;
    return out;
}

template <class T>
void check(const AttentionShape& shape, std::int64_t queries, std::int64_t past) {
    const std::int64_t ldq = shape.heads * shape.headDim + 8;
    const std::int64_t ldkv = shape.kvHeads * shape.headDim + 16;
    const auto q = randomValues<T>(std::size_t(2 * queries * ldq), 1, 3.0F);
    const auto k = randomValues<T>(std::size_t(2 * (queries + past) * ldkv), 2);
    const auto v = randomValues<T>(k.size(), 3);
    std::vector<T> out(q.size());
    std::vector<AttentionSequence<T>> sequences;
    for (std::int64_t b = 0; b < 2; ++b)
        sequences.push_back({queries, past, q.data() + b * queries * ldq, k.data() + b * (queries + past) * ldkv,
                             v.data() + b * (queries + past) * ldkv, out.data() + b * queries * ldq, ldq, ldkv, ldq});
    attend<T>(shape, sequences);
    for (const AttentionSequence<T>& s : sequences)
        for (std::int64_t query = 0; query < queries; query += 1 + queries / 23)
            for (std::int64_t head = 0; head < shape.heads; ++head) {
                const auto want = oracle(shape, s, query, head);
                for (std::int64_t d = 0; d < shape.headDim; ++d)
                    ASSERT_NEAR(double(toFloat(s.out[query * ldq + head * shape.headDim + d])), want[std::size_t(d)],
                                sizeof(T) == 2 ? 0.01 : 1e-5)
                        << "dim " << shape.headDim << " window " << shape.window << " queries " << queries << " past "
                        << past << " query " << query << " head " << head;
            }
}

TYPED_TEST(AttentionTest, EqualsTheDefinition) {
    using T = TypeParam;
    if (!canMultiply<T>())
        GTEST_SKIP() << "no bf16 products on this processor";
    for (const std::int64_t dim : {12, 32, 64, 96})
        for (const std::int64_t window : {0, 1, 9, 300})
            for (const auto& [queries, past] :
                 {std::pair<std::int64_t, std::int64_t>{1, 0}, {1, 40}, {7, 0}, {33, 5}, {64, 0}, {200, 700}, {570, 0}})
                check<T>({4, dim == 96 ? 1 : 2, dim, window, 1.0F / std::sqrt(float(dim))}, queries, past);
}

} // namespace
} // namespace moescope
