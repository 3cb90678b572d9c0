#include "app/service/ablation_windows.h"

#include <algorithm>
#include <cmath>

#include "engine/routing/error.h"

namespace moescope {

namespace {

void mark(std::vector<InterventionRow>& rows, double q) {
    std::vector<double> p;
    p.reserve(rows.size());
    for (const InterventionRow& row : rows) {
        p.push_back(row.p);
    }
    const std::vector<bool> marks = benjaminiHochberg(p, q);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].significant = marks[i];
    }
}

} // namespace

AblationWindows::AblationWindows(const RecordPlan& plan, std::int64_t context, std::int32_t experts)
    : m_plan(plan), m_windows(windowsOf(plan.documents(), std::int32_t(context))), m_count(m_windows.document.size()),
      m_sum(std::size_t(experts) + 1, std::vector<double>(m_count.size())) {
    std::map<std::string, std::int32_t> known;
    for (const std::int32_t document : m_windows.document) {
        const std::string& domain = plan.documents()[std::size_t(document)].domain;
        const auto [at, isNew] = known.emplace(domain, std::int32_t(known.size()));
        if (isNew) {
            m_domains.push_back(domain);
        }
        m_domainOf.push_back(at->second);
    }
}

std::size_t AblationWindows::windowAt(std::size_t batch) const {
    const auto& ends = m_windows.boundaries;
    return std::size_t(std::upper_bound(ends.begin(), ends.end(), m_plan.batchBegin(batch)) - ends.begin() - 1);
}

std::size_t AblationWindows::windowsIn(std::size_t batch) const {
    const auto& ends = m_windows.boundaries;
    return std::size_t(std::lower_bound(ends.begin(), ends.end(), m_plan.batchEnd(batch)) - ends.begin()) -
           windowAt(batch);
}

AblationPart AblationWindows::partOf(std::size_t batch, std::size_t variant, std::span<const float> nll) const {
    const std::size_t begin = windowAt(batch), windows = windowsIn(batch);
    const TokenIndex first = m_plan.batchBegin(batch);
    AblationPart part{std::int64_t(batch), std::int32_t(variant), std::vector<double>(windows),
                      std::vector<double>(windows)};
    std::size_t w = 0;
    for (std::size_t i = 0; i < nll.size(); ++i) {
        while (first + TokenIndex(i) >= m_windows.boundaries[begin + w + 1]) {
            ++w;
        }
        if (!std::isnan(nll[i])) {
            part.sums[w] += double(nll[i]);
            part.counts[w] += 1;
        }
    }
    return part;
}

void AblationWindows::add(const AblationPart& part) {
    const auto batch = std::size_t(part.batch), variant = std::size_t(part.variant);
    if (batch >= m_plan.batches() || variant >= m_sum.size() || part.sums.size() != windowsIn(batch)) {
        throw Error(ErrorCode::Corruption, "what an ablation measured does not fit its run; record the run anew");
    }
    const std::size_t begin = windowAt(batch);
    std::copy(part.sums.begin(), part.sums.end(), m_sum[variant].begin() + std::ptrdiff_t(begin));
    if (variant == 0) {
        std::copy(part.counts.begin(), part.counts.end(), m_count.begin() + std::ptrdiff_t(begin));
    }
}

std::vector<InterventionRow> AblationWindows::rows(const AblationRequest& request) const {
    const WindowBootstrap bootstrap(m_domainOf, request.replicates, request.seed);
    std::vector<InterventionRow> rows;
    for (std::size_t expert = 0; expert + 1 < m_sum.size(); ++expert) {
        addRow(request, bootstrap, expert, -1, rows);
        for (std::size_t d = 0; d < m_domains.size() && m_domains.size() > 1; ++d) {
            addRow(request, bootstrap, expert, std::int32_t(d), rows);
        }
    }
    mark(rows, request.falseDiscovery);
    return rows;
}

void AblationWindows::addRow(const AblationRequest& request, const WindowBootstrap& bootstrap, std::size_t expert,
                             std::int32_t domain, std::vector<InterventionRow>& rows) const {
    InterventionRow row;
    row.layer = request.layer;
    row.expert = std::int32_t(expert);
    row.domain = domain < 0 ? "" : m_domains[std::size_t(domain)];
    const double before = mean(0, domain, {}, row.tokens);
    if (row.tokens == 0) {
        return; // a domain of texts of one token
    }
    row.nll = mean(expert + 1, domain, {}, row.tokens);
    row.change = row.nll - before;
    std::vector<double> changes;
    for (std::int32_t b = 0; b < bootstrap.replicates() && bootstrap.varies(); ++b) {
        std::int64_t tokens = 0;
        const auto draws = bootstrap.draws(b);
        changes.push_back(mean(expert + 1, domain, draws, tokens) - mean(0, domain, draws, tokens));
    }
    const Interval interval = percentileInterval(changes);
    row.low = interval.low;
    row.high = interval.high;
    row.p = bootstrapP(changes);
    rows.push_back(std::move(row));
}

double AblationWindows::mean(std::size_t variant, std::int32_t domain, std::span<const std::uint8_t> draws,
                             std::int64_t& tokens) const {
    double sum = 0;
    tokens = 0;
    for (std::size_t w = 0; w < m_count.size(); ++w) {
        if (domain < 0 || m_domainOf[w] == domain) {
            const int times = draws.empty() ? 1 : draws[w];
            sum += times * m_sum[variant][w];
            tokens += times * m_count[w];
        }
    }
    return sum / double(tokens);
}

} // namespace moescope
