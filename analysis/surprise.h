#pragma once

namespace moescope {

// How far a count lies from what was expected, growing with the evidence, so that a token seen once does not lead: the
// signed root of the Poisson deviance, sign(c - e) sqrt(2 (c ln(c / e) - (c - e))). 0 where nothing was expected.
double surprise(double count, double expected);

} // namespace moescope
