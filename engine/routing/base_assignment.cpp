#include "engine/routing/base_assignment.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "engine/routing/error.h"
#include "engine/routing/masked.h"

namespace moescope {

namespace {

constexpr double kNever = -std::numeric_limits<double>::infinity();

// A place of an expert, held at the price its holder bid.
struct Place {
    double price = 0;
    std::int32_t token = -1; // -1: nobody yet

    // Heap order: the cheapest place on top; of equally cheap ones a free one, else the earlier token's.
    friend bool operator<(const Place& a, const Place& b) {
        return a.price > b.price || (a.price == b.price && std::uint32_t(a.token + 1) > std::uint32_t(b.token + 1));
    }
};

// The auction: `k` bidders for each token, who never hold two places of one expert.
class Auction {
public:
    Auction(std::span<const float> scores, std::size_t experts, std::size_t k, std::span<const std::int64_t> places)
        : m_experts(experts), m_k(k), m_tokens(scores.size() / experts), m_scores(scores.begin(), scores.end()),
          m_places(experts), m_held(scores.size()) {
        for (std::size_t e = 0; e < experts; ++e) {
            m_places[e].resize(std::size_t(places[e]));
        }
        replaceMasked();
    }

    void run() {
        const double last = m_range * kAuctionPrecision;
        for (double step = m_range / 4; step > last; step /= 6) {
            phase(step);
        }
        phase(last);
    }

    bool holds(std::size_t token, std::size_t expert) const { return m_held[token * m_experts + expert] != 0; }

private:
    // An expert that is out is worse than every other by the whole range of scores.
    void replaceMasked() {
        double lowest = -kNever;
        double highest = kNever;
        for (double s : m_scores) {
            if (s > kNever) {
                lowest = std::min(lowest, s);
                highest = std::max(highest, s);
            }
        }
        m_range = std::max(highest - lowest, 1e-6);
        const double out = (lowest > highest ? 0.0 : lowest) - m_range;
        std::replace(m_scores.begin(), m_scores.end(), kNever, out);
    }

    void phase(double step) {
        std::ranges::fill(m_held, std::uint8_t(0));
        for (auto& places : m_places) {
            const double price = places.empty() ? 0.0 : places.front().price;
            std::ranges::fill(places, Place{price, -1});
        }
        for (std::size_t t = m_tokens; t-- > 0;) {
            m_waiting.insert(m_waiting.end(), m_k, std::int32_t(t));
        }
        while (!m_waiting.empty()) {
            const std::int32_t token = m_waiting.back();
            m_waiting.pop_back();
            bid(token, step);
        }
    }

    void bid(std::int32_t token, double step) {
        const std::size_t row = std::size_t(token) * m_experts;
        std::size_t best = m_experts;
        double first = kNever;
        double second = kNever;
        for (std::size_t e = 0; e < m_experts; ++e) {
            if (m_held[row + e] != 0 || m_places[e].empty()) {
                continue;
            }
            const double value = m_scores[row + e] - m_places[e].front().price;
            if (value > first) {
                second = first;
                first = value;
                best = e;
            } else if (value > second) {
                second = value;
            }
        }
        auto& places = m_places[best];
        std::pop_heap(places.begin(), places.end());
        Place& place = places.back();
        if (place.token >= 0) {
            m_held[std::size_t(place.token) * m_experts + best] = 0;
            m_waiting.push_back(place.token);
        }
        place.price += (second > kNever ? first - second : m_range) + step;
        place.token = token;
        m_held[row + best] = 1;
        std::push_heap(places.begin(), places.end());
    }

    std::size_t m_experts, m_k, m_tokens;
    std::vector<double> m_scores;
    std::vector<std::vector<Place>> m_places; // [experts] heaps
    std::vector<std::uint8_t> m_held;         // [tokens, experts]
    std::vector<std::int32_t> m_waiting;      // a token for each place it still seeks
    double m_range = 1;
};

} // namespace

std::vector<std::int64_t> balancedPlaces(std::span<const float> scores, std::int32_t experts, std::int32_t topK) {
    const auto width = std::size_t(experts);
    const std::size_t tokens = scores.size() / width;
    const std::int64_t all = std::int64_t(tokens) * topK;
    std::vector<std::int64_t> places(width, all / experts);
    std::vector<std::int64_t> liked(width);
    for (std::size_t t = 0; t < tokens; ++t) {
        const auto row = scores.subspan(t * width, width);
        ++liked[std::size_t(std::max_element(row.begin(), row.end()) - row.begin())];
    }
    std::vector<std::size_t> order(width);
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return liked[a] > liked[b]; });
    for (std::size_t i = 0; i < std::size_t(all % experts); ++i) {
        ++places[order[i]];
    }
    return places;
}

void assignBalanced(std::span<const float> scores, std::int32_t experts, std::int32_t topK,
                    std::span<std::uint16_t> ids) {
    if (topK < 1 || topK > experts) {
        throw Error(ErrorCode::InvalidArgument, "balanced assignment of " + std::to_string(topK) + " of " +
                                                    std::to_string(experts) +
                                                    " experts: k must be 1 to the number of experts");
    }
    const auto width = std::size_t(experts);
    const auto k = std::size_t(topK);
    Auction auction(scores, width, k, balancedPlaces(scores, experts, topK));
    auction.run();
    std::vector<std::uint16_t> held;
    for (std::size_t t = 0; t * width < scores.size(); ++t) {
        held.clear();
        for (std::size_t e = 0; e < width; ++e) {
            if (auction.holds(t, e) && scores[t * width + e] != kMasked) {
                held.push_back(std::uint16_t(e));
            }
        }
        std::stable_sort(held.begin(), held.end(), [&](std::uint16_t a, std::uint16_t b) {
            return scores[t * width + a] > scores[t * width + b];
        });
        held.resize(k, kNoExpert);
        std::ranges::copy(held, ids.begin() + std::ptrdiff_t(t * k));
    }
}

} // namespace moescope
