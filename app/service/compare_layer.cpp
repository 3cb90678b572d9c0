#include "app/service/compare_layer.h"

#include <algorithm>
#include <numeric>

#include "analysis/capacity_groups.h"
#include "analysis/capacity_whatif.h"
#include "analysis/load_balance.h"
#include "analysis/route_overlap.h"
#include "analysis/separability.h"

namespace moescope {

namespace {

constexpr std::int32_t kSeparabilityReplicates = 200; // each compares every pair of domains

// Sums that grow along a run, by window.
template <class Value>
class ByWindow {
public:
    explicit ByWindow(const Windows& windows) : m_boundaries(windows.boundaries), m_values(windows.document.size()) {}

    Value* at(TokenIndex token) { // null: outside all windows; tokens come in order
        while (m_window < m_values.size() && token >= m_boundaries[m_window + 1]) {
            ++m_window;
        }
        return m_window < m_values.size() && token >= m_boundaries[m_window] ? &m_values[m_window] : nullptr;
    }
    const std::vector<Value>& values() const { return m_values; }

private:
    const std::vector<TokenIndex>& m_boundaries;
    std::vector<Value> m_values;
    std::size_t m_window = 0;
};

struct Dropped {
    std::int64_t choices = 0;
    std::int64_t dropped = 0;
};

// One layer being read.
class LayerReading {
public:
    explicit LayerReading(const LayerSource& source)
        : m_source(source), m_options(source.request.capacity), m_choices(source.summary.topK),
          m_counts(source.layer.moe.experts, source.windows.windows.boundaries), m_drops(source.windows.windows),
          m_overlap(source.windows.windows),
          m_whatIf(source.layer.moe.experts, source.layer.moe.topK,
                   m_options.policy == OverflowPolicy::Next ? OverflowPolicy::Drop : m_options.policy,
                   m_options.groupTokens, m_choices),
          m_servedDrops(source.request.factors.size()) {}

    bool hasCapacity() const {
        return m_options.policy == OverflowPolicy::Drop || m_source.run.spec.logits != LogitStorage::None;
    }

    void read() {
        if (m_source.reference != nullptr) {
            readReference();
        }
        CapacityGroups groups(m_source.layer, m_options.policy, m_options.groupTokens,
                              [&](const CapacityGroup& group, TokenIndex first) { serve(group, first); });
        RunFilter filter;
        filter.layers = {m_source.layer.layer};
        m_source.recording.eachRouting(m_source.run, filter, m_options.policy != OverflowPolicy::Drop && hasCapacity(),
                                       [&](const RoutingBlock& block) {
                                           m_source.checkStop();
                                           m_counts.add(block);
                                           if (hasCapacity()) {
                                               groups.add(block);
                                           }
                                           compareRoutes(block);
                                       });
        if (hasCapacity()) {
            groups.finish();
        }
    }

    const SegmentCounts& counts() const { return m_counts; }
    const std::vector<Dropped>& drops() const { return m_drops.values(); }
    const std::vector<RouteOverlap>& overlap() const { return m_overlap.values(); }
    std::int32_t choices() const { return m_choices; }

    std::vector<double> curve() const {
        std::vector<double> shares;
        if (!hasCapacity()) {
            return shares;
        }
        if (m_options.policy == OverflowPolicy::Next) {
            for (const Dropped& d : m_servedDrops) {
                shares.push_back(d.choices == 0 ? 0 : double(d.dropped) / double(d.choices));
            }
            return shares;
        }
        CapacityOptions options = m_options;
        options.fixed = -1;
        for (const OverflowTotals& totals : m_whatIf.curve(options, m_source.request.factors)) {
            shares.push_back(totals.droppedShare());
        }
        return shares;
    }

private:
    void readReference() {
        RunFilter filter;
        filter.layers = {m_source.layer.layer};
        m_source.recording.eachRouting(*m_source.reference, filter, false, [&](const RoutingBlock& block) {
            m_source.checkStop();
            m_referenceSlots = std::size_t(block.topK);
            m_reference.insert(m_reference.end(), block.ids.begin(), block.ids.end());
        });
    }

    void compareRoutes(const RoutingBlock& block) {
        for (std::int32_t t = 0; t < block.tokens && !m_reference.empty(); ++t) {
            if (RouteOverlap* const overlap = m_overlap.at(block.first + t)) {
                const std::size_t at = std::size_t(block.first + t) * m_referenceSlots;
                overlap->add(block.idsOf(t), std::span(m_reference).subspan(at, m_referenceSlots));
            }
        }
    }

    void serve(const CapacityGroup& group, TokenIndex first) {
        const auto tokens = std::int64_t(group.tokens());
        m_served.resize(group.ids.size());
        serveGroup(group, m_options.policy, capacityOf(m_options, tokens, m_choices, group.experts), m_served);
        for (std::size_t t = 0; t < group.tokens(); ++t) {
            if (Dropped* const d = m_drops.at(first + TokenIndex(t))) {
                count(group, t, *d);
            }
        }
        m_options.policy == OverflowPolicy::Next ? serveCurve(group) : m_whatIf.add(group);
    }

    // Policy next depends on the capacity: every factor is served anew.
    void serveCurve(const CapacityGroup& group) {
        CapacityOptions options = m_options;
        options.fixed = -1;
        for (std::size_t f = 0; f < m_servedDrops.size(); ++f) {
            options.factor = m_source.request.factors[f];
            serveGroup(group, options.policy,
                       capacityOf(options, std::int64_t(group.tokens()), m_choices, group.experts), m_served);
            for (std::size_t t = 0; t < group.tokens(); ++t) {
                count(group, t, m_servedDrops[f]);
            }
        }
    }

    void count(const CapacityGroup& group, std::size_t token, Dropped& to) const {
        const auto k = std::size_t(group.topK);
        for (std::size_t i = token * k; i < (token + 1) * k; ++i) {
            to.choices += group.ids[i] != kNoExpert ? 1 : 0;
            to.dropped += group.ids[i] != kNoExpert && m_served[i] == kNoExpert ? 1 : 0;
        }
    }

    const LayerSource& m_source;
    CapacityOptions m_options;
    std::int32_t m_choices;
    SegmentCounts m_counts;
    ByWindow<Dropped> m_drops;
    ByWindow<RouteOverlap> m_overlap;
    CapacityWhatIf m_whatIf;
    std::vector<Dropped> m_servedDrops; // [factors], policy next
    std::vector<std::uint16_t> m_served, m_reference;
    std::size_t m_referenceSlots = 0;
};

// The figures of a layer from its window counts, and those of each replicate.
class LayerStatistics {
public:
    LayerStatistics(const LayerSource& source, const LayerReading& reading)
        : m_source(source), m_reading(reading), m_experts(std::size_t(source.layer.moe.experts)),
          m_byDomain(std::size_t(source.windows.domains) * m_experts) {}

    std::vector<CompareFigure> figures() {
        for (const char* metric : {"cv", "max_vio", "normalized_entropy", "gini", "dead_experts"}) {
            add(metric);
        }
        if (m_reading.hasCapacity()) {
            add("dropped");
        }
        add("separability");
        if (m_source.reference != nullptr) {
            for (const char* metric : {"changed_tokens", "jaccard", "saturation"}) {
                add(metric);
            }
        }
        measure({}, true);
        for (CompareFigure& figure : m_figures) {
            figure.value = figure.replicates.front();
            figure.replicates.clear();
        }
        const WindowBootstrap& bootstrap = m_source.windows.bootstrap;
        for (std::int32_t b = 0; b < bootstrap.replicates() && bootstrap.varies(); ++b) {
            m_source.checkStop();
            measure(bootstrap.draws(b), b < kSeparabilityReplicates);
        }
        return std::move(m_figures);
    }

private:
    void add(const char* metric) { m_figures.push_back({metric, m_source.layer.layer, "", 0, {}}); }

    // draws: [windows] how often each counts; empty: once.
    void measure(std::span<const std::uint8_t> draws, bool separability) {
        std::ranges::fill(m_byDomain, 0);
        Dropped dropped;
        RouteOverlap overlap;
        for (std::size_t w = 0; w < m_source.windows.domainOf.size(); ++w) {
            const std::int64_t times = draws.empty() ? 1 : draws[w];
            if (times == 0) {
                continue;
            }
            const auto counts = m_reading.counts().counts(w);
            std::int64_t* const to = m_byDomain.data() + std::size_t(m_source.windows.domainOf[w]) * m_experts;
            for (std::size_t e = 0; e < m_experts; ++e) {
                to[e] += times * counts[e];
            }
            dropped.choices += times * m_reading.drops()[w].choices;
            dropped.dropped += times * m_reading.drops()[w].dropped;
            const RouteOverlap& o = m_reading.overlap()[w];
            overlap.add({times * o.tokens, times * o.changed, double(times) * o.jaccardSum, double(times) * o.keptSum});
        }
        put(dropped, overlap, separability);
    }

    void put(const Dropped& dropped, const RouteOverlap& overlap, bool separability) {
        std::vector<std::int64_t> all(m_experts);
        for (std::size_t i = 0; i < m_byDomain.size(); ++i) {
            all[i % m_experts] += m_byDomain[i];
        }
        const LoadBalance balance = loadBalance(all);
        std::size_t next = 0;
        const auto store = [&](double value) { m_figures[next++].replicates.push_back(value); };
        for (double value :
             {balance.cv, balance.maxVio, balance.normalizedEntropy, balance.gini, double(balance.deadExperts)}) {
            store(value);
        }
        if (m_reading.hasCapacity()) {
            store(dropped.choices == 0 ? 0.0 : double(dropped.dropped) / double(dropped.choices));
        }
        if (separability) {
            store(domainSeparability(m_byDomain, std::int32_t(m_experts)));
        } else {
            ++next;
        }
        if (m_source.reference != nullptr) {
            store(overlap.changedShare());
            store(overlap.jaccard());
            store(overlap.saturation());
        }
    }

    const LayerSource& m_source;
    const LayerReading& m_reading;
    std::size_t m_experts;
    std::vector<std::int64_t> m_byDomain; // [domains, experts]
    std::vector<CompareFigure> m_figures;
};

} // namespace

LayerFigures measureLayer(const LayerSource& source) {
    LayerReading reading(source);
    reading.read();
    LayerFigures result;
    result.figures = LayerStatistics(source, reading).figures();
    result.layer = {source.layer.layer, source.layer.moe.experts, reading.choices(), {}, reading.curve()};
    const auto& counts = source.summary.assignments;
    const auto all = std::accumulate(counts.begin(), counts.end(), std::int64_t(0));
    for (std::int64_t n : counts) {
        result.layer.share.push_back(share(n, all));
    }
    return result;
}

} // namespace moescope
