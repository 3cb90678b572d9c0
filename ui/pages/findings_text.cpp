#include "ui/pages/findings_text.h"

#include <algorithm>

#include <QCoreApplication>

#include "ui/charts/number_format.h"

namespace moescope {

namespace {

struct Findings {
    Q_DECLARE_TR_FUNCTIONS(Findings)
};

std::vector<LayerSummary> summariesOf(const RunFacts& facts) {
    std::vector<LayerSummary> out;
    for (const LayerFacts& layer : facts.layers) {
        out.push_back(layer.summary);
    }
    return out;
}

std::vector<UniformNull> chanceOf(const RunFacts& facts) {
    std::vector<UniformNull> out;
    for (const LayerFacts& layer : facts.layers) {
        out.push_back(layer.chance);
    }
    return out;
}

QString stateOf(const RunInfo& run) {
    switch (run.state) {
    case RunState::Recording:
        return Findings::tr("being recorded");
    case RunState::Interrupted:
        return Findings::tr("interrupted: `moescope record --resume` completes it");
    case RunState::Complete:
        break;
    }
    return Findings::tr("complete");
}

// A fact's key as the other rows' names are written: "model path" as "Model path".
QString capitalised(const QString& key) {
    return key.left(1).toUpper() + key.mid(1);
}

} // namespace

QString strong(const QString& text) {
    return QStringLiteral("<b>%1</b>").arg(text.toHtmlEscaped());
}

QString strong(std::int64_t number) {
    return strong(QString::number(number));
}

Finding overviewFinding(const RunFacts& facts) {
    const auto found = leastBalancedLayer(summariesOf(facts), chanceOf(facts));
    const auto routed = [](const LayerFacts& layer) { return layer.summary.tokens > 0 && layer.summary.experts > 1; };
    if (!found && std::any_of(facts.layers.begin(), facts.layers.end(), routed)) {
        return {Findings::tr("No token has an expert here: every choice was dropped."),
                Findings::tr("Capacity left no place in any expert. Record with a larger capacity.")};
    }
    if (!found) {
        return {Findings::tr("Nothing is recorded in this part of the run yet."),
                Findings::tr("Widen the filter, or wait for the recording.")};
    }
    const int uneven = found->layers - found->balancedLayers;
    const QString text =
        uneven == 0
            ? Findings::tr("All %1 layers are as balanced as random routing would be.").arg(found->layers)
            : Findings::tr(
                  "Layer %1 is the least balanced: expert %2 takes %3 its fair share; chance alone would give %4.")
                  .arg(strong(found->layer.value), strong(found->expert.value), strong(times(found->loadRatio)),
                       times(found->nullMaxVio + 1));
    QString more = Findings::tr("%1 of %2 layers are uneven beyond chance.").arg(uneven).arg(found->layers);
    more += QLatin1Char(' ');
    more += found->deadExperts == 0 ? Findings::tr("No expert is dead.")
                                    : Findings::tr("Dead experts: %1 (by chance %2).")
                                          .arg(found->deadExperts)
                                          .arg(expectedCount(found->nullDeadExperts));
    return {text, more};
}

QString overflowWords(const std::vector<std::shared_ptr<const LayerCurve>>& curves) {
    if (curves.empty()) {
        return {};
    }
    const auto mean = [&curves](double factor) {
        double sum = 0;
        for (const auto& curve : curves) {
            sum += droppedShareAt(*curve, factor);
        }
        return sum / double(curves.size());
    };
    const auto worst = *std::max_element(curves.begin(), curves.end(), [](const auto& a, const auto& b) {
        return droppedShareAt(*a, 1.25) < droppedShareAt(*b, 1.25);
    });
    return Findings::tr("At capacity factor 1.25, %1 of the choices would be dropped (layer %2: %3); at factor 2, %4.")
        .arg(percent(mean(1.25)))
        .arg(worst->layer.value)
        .arg(percent(droppedShareAt(*worst, 1.25)), percent(mean(2)));
}

Finding loadFinding(const LayerFacts& layer) {
    const LoadBalance& b = layer.balance;
    if (b.assignments == 0) {
        return {Findings::tr("Layer %1 has no assignments in this part of the run.").arg(layer.layer().value), {}};
    }
    const QString text =
        b.cv > layer.chance.cvBand.high
            ? Findings::tr("In layer %1, expert %2 takes %3 its fair share; chance alone would give %4.")
                  .arg(strong(layer.layer().value), strong(b.busiest), strong(times(b.maxVio + 1)),
                       times(layer.chance.maxVio.mean + 1))
            : Findings::tr("Layer %1 is as balanced as random routing would be.").arg(strong(layer.layer().value));
    return {text,
            Findings::tr("CV %1 (by chance %2). The layer works as if it had %3 equally used experts of %4; %5 dead.")
                .arg(shortNumber(b.cv), shortNumber(layer.chance.cv), shortNumber(b.effectiveExperts))
                .arg(layer.summary.experts)
                .arg(b.deadExperts)};
}

std::optional<DomainFinding> tellingLift(const LayerFacts& layer) {
    constexpr std::int64_t kFewest = 20;
    const std::vector<LayerSummary> one{layer.summary}, pooled{layer.pooled};
    for (const DomainFinding& found : strongestLifts(one, pooled, kFewest, layer.summary.byDomain.size())) {
        if (found.share * layer.summary.experts >= 1) {
            return found;
        }
    }
    return std::nullopt;
}

Finding specializationFinding(const RunFacts& facts, const LayerFacts& layer) {
    const auto telling = tellingLift(layer);
    if (!telling || facts.run.domains.size() < 2) {
        return {Findings::tr("This run has one domain only, so experts cannot be told apart by it."),
                Findings::tr("Record a folder whose sub-folders name domains to compare them.")};
    }
    const DomainFinding& f = *telling;
    const double bits = layer.separability;
    return {
        Findings::tr("In layer %1, expert %2 is sought by %3: %4 its overall rate, %5 of that domain's choices.")
            .arg(strong(f.layer.value), strong(f.expert.value),
                 strong(QString::fromStdString(facts.run.domains[std::size_t(f.domain)])), strong(times(f.lift)),
                 percent(f.share, 0)),
        Findings::tr(
            "The domains differ by %1 bits on average in this layer (0: all use the experts alike; 1: none share one).")
            .arg(shortNumber(bits))};
}

std::vector<QVariantList> runFactRows(const RunInfo& run) {
    std::vector<QVariantList> rows;
    rows.push_back({Findings::tr("Model"), QString::fromStdString(run.spec.model)});
    rows.push_back({Findings::tr("Tokens"), count(run.tokens)});
    rows.push_back({Findings::tr("State"), stateOf(run)});
    rows.push_back({Findings::tr("Recorded"), QString::fromStdString(run.created)});
    if (!run.spec.layers.empty()) {
        const MoeConfig& moe = run.spec.layers.front().moe;
        rows.push_back({Findings::tr("Router"), Findings::tr("%1 MoE layers, %2 experts each, top %3")
                                                    .arg(run.spec.layers.size())
                                                    .arg(moe.experts)
                                                    .arg(moe.topK)});
    }
    for (const auto& [key, value] : run.spec.provenance) {
        rows.push_back({capitalised(QString::fromStdString(key)), QString::fromStdString(value)});
    }
    if (!run.note.empty()) {
        rows.push_back({Findings::tr("Note"), QString::fromStdString(run.note)});
    }
    return rows;
}

std::vector<QVariantList> domainRows(const RunInfo& run) {
    std::vector<QVariantList> rows;
    for (std::size_t d = 0; d < run.domains.size(); ++d) {
        qlonglong tokens = 0, documents = 0;
        for (std::size_t i = 0; i < run.documents.size(); ++i) {
            if (run.documentDomains[i] == std::int32_t(d)) {
                tokens += run.documents[i].tokens;
                ++documents;
            }
        }
        rows.push_back({QString::fromStdString(run.domains[d]), documents, tokens});
    }
    return rows;
}

} // namespace moescope
