#pragma once

#include <string>

namespace moescope {

struct BenchResult;

// What a benchmark found: lines for a person, or one JSON object.
std::string benchText(const BenchResult& result);
std::string benchJson(const BenchResult& result);

} // namespace moescope
