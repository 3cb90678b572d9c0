#include "analysis/surprise.h"

#include <algorithm>
#include <cmath>

namespace moescope {

double surprise(double count, double expected) {
    if (!(expected > 0)) {
        return 0;
    }
    const double deviance = 2 * ((count > 0 ? count * std::log(count / expected) : 0) - (count - expected));
    return std::copysign(std::sqrt(std::max(0.0, deviance)), count - expected);
}

} // namespace moescope
