#pragma once

#include <span>

namespace moescope {

// The squared coefficient of variation with the population variance, var(x) / mean(x)^2 = n sum x^2 / (sum x)^2 - 1:
// Shazeer et al. (arXiv 1701.06538, section 4) keep importance and load even with it. 0 for a sum of 0.
// Where gradient is not empty, `scale` times d/dx_e is added to it. gradient: as long as x.
double squaredCv(std::span<const double> x, double scale, std::span<double> gradient);

} // namespace moescope
