#include "engine/routing/squared_cv.h"

#include <algorithm>
#include <cstddef>

namespace moescope {

double squaredCv(std::span<const double> x, double scale, std::span<double> gradient) {
    const auto n = double(x.size());
    double sum = 0;
    double squares = 0;
    for (const double v : x) {
        sum += v;
        squares += v * v;
    }
    if (sum == 0)
        return 0;
    for (std::size_t e = 0; e < gradient.size(); ++e)
        gradient[e] += scale * 2 * n / (sum * sum) * (x[e] - squares / sum);
    return std::max(0.0, n * squares / (sum * sum) - 1);
}

} // namespace moescope
