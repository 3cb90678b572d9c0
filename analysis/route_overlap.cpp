#include "analysis/route_overlap.h"

#include <algorithm>

#include "analysis/none.h"
#include "engine/routing/routing_block.h"

namespace moescope {

namespace {

double mean(double sum, std::int64_t tokens) {
    return tokens == 0 ? kNone : sum / double(tokens);
}

} // namespace

void RouteOverlap::add(std::span<const std::uint16_t> routed, std::span<const std::uint16_t> reference) {
    int here = 0;
    int there = 0;
    int both = 0;
    for (std::uint16_t e : routed) {
        here += e != kNoExpert ? 1 : 0;
        both += e != kNoExpert && std::find(reference.begin(), reference.end(), e) != reference.end() ? 1 : 0;
    }
    for (std::uint16_t e : reference) {
        there += e != kNoExpert ? 1 : 0;
    }
    const int either = here + there - both;
    ++tokens;
    changed += either != both ? 1 : 0;
    jaccardSum += either == 0 ? 1.0 : double(both) / double(either);
    keptSum += there == 0 ? 1.0 : double(both) / double(there);
}

void RouteOverlap::add(const RouteOverlap& other) {
    tokens += other.tokens;
    changed += other.changed;
    jaccardSum += other.jaccardSum;
    keptSum += other.keptSum;
}

double RouteOverlap::changedShare() const {
    return mean(double(changed), tokens);
}
double RouteOverlap::jaccard() const {
    return mean(jaccardSum, tokens);
}
double RouteOverlap::saturation() const {
    return mean(keptSum, tokens);
}

} // namespace moescope
