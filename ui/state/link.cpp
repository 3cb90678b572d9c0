#include "ui/state/link.h"

#include <algorithm>

#include <QUrl>
#include <QUrlQuery>

namespace moescope {

namespace {

const QString kStart = QStringLiteral("moescope://");

template <class Ids>
QString listed(const Ids& ids) {
    QStringList words;
    for (const auto& id : ids) {
        if constexpr (requires { id.value; }) {
            words << QString::number(id.value);
        } else {
            words << QString::number(id);
        }
    }
    return words.join(QLatin1Char(','));
}

void add(QUrlQuery& query, const char* key, const QString& value) {
    if (!value.isEmpty()) {
        query.addQueryItem(QLatin1String(key), QString::fromLatin1(QUrl::toPercentEncoding(value)));
    }
}

QString valueOf(const QUrlQuery& query, const char* key) {
    return query.queryItemValue(QLatin1String(key), QUrl::FullyDecoded);
}

std::optional<qint64> numberOf(const QUrlQuery& query, const char* key) {
    bool isNumber = false;
    const qint64 number = valueOf(query, key).toLongLong(&isNumber);
    return isNumber && number >= 0 ? std::optional(number) : std::nullopt;
}

template <class Id>
std::vector<Id> idsOf(const QUrlQuery& query, const char* key) {
    std::vector<Id> ids;
    for (const QString& word : valueOf(query, key).split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        bool isNumber = false;
        const int number = word.toInt(&isNumber);
        if (isNumber && number >= 0) {
            ids.push_back(Id(number));
        }
    }
    return ids;
}

void addFilter(QUrlQuery& query, const RunFilter& filter) {
    for (const std::string& domain : filter.domains) {
        add(query, "only-domain", QString::fromStdString(domain));
    }
    add(query, "only-documents", listed(filter.documents));
    add(query, "only-layers", listed(filter.layers));
    add(query, "only-experts", listed(filter.experts));
    add(query, "only-text", QString::fromStdString(filter.tokenText));
}

RunFilter filterOf(const QUrlQuery& query) {
    RunFilter filter;
    for (const QString& domain : query.allQueryItemValues(QStringLiteral("only-domain"), QUrl::FullyDecoded)) {
        filter.domains.push_back(domain.toStdString());
    }
    filter.documents = idsOf<std::int32_t>(query, "only-documents");
    filter.layers = idsOf<LayerId>(query, "only-layers");
    filter.experts = idsOf<ExpertId>(query, "only-experts");
    filter.tokenText = valueOf(query, "only-text").toStdString();
    return filter;
}

} // namespace

QString Link::text() const {
    QUrlQuery query;
    add(query, "file", file);
    add(query, "run", run);
    add(query, "page", page);
    add(query, "layer", selected.layer ? QString::number(selected.layer->value) : QString());
    add(query, "expert", selected.expert ? QString::number(selected.expert->value) : QString());
    add(query, "token", selected.token ? QString::number(*selected.token) : QString());
    add(query, "domain", selected.domain.value_or(QString()));
    addFilter(query, selected.filter);
    for (const QString& other : otherRuns) {
        add(query, "with", other);
    }
    return kStart + QStringLiteral("open?") + query.toString(QUrl::FullyEncoded);
}

std::optional<Link> Link::parse(const QString& text) {
    const QString line = text.trimmed();
    const auto question = line.indexOf(QLatin1Char('?'));
    if (!line.startsWith(kStart) || question < 0) {
        return std::nullopt;
    }
    const QUrlQuery query(line.mid(question + 1));
    Link link;
    link.file = valueOf(query, "file");
    link.run = valueOf(query, "run");
    link.page = valueOf(query, "page");
    link.otherRuns = query.allQueryItemValues(QStringLiteral("with"), QUrl::FullyDecoded);
    if (const auto layer = numberOf(query, "layer")) {
        link.selected.layer = LayerId(std::int32_t(*layer));
    }
    if (const auto expert = numberOf(query, "expert")) {
        link.selected.expert = ExpertId(std::int32_t(*expert));
    }
    link.selected.token = numberOf(query, "token");
    if (const QString domain = valueOf(query, "domain"); !domain.isEmpty()) {
        link.selected.domain = domain;
    }
    link.selected.filter = filterOf(query);
    return link.file.isEmpty() ? std::nullopt : std::optional(std::move(link));
}

Selected fitted(Selected selected, const RunInfo& run) {
    const auto hasLayer = [&run](LayerId layer) { return run.spec.findLayer(layer) != nullptr; };
    const auto hasDomain = [&run](const std::string& name) {
        return std::ranges::find(run.domains, name) != run.domains.end();
    };
    std::int32_t experts = 0;
    for (const MoeLayerInfo& layer : run.spec.layers) {
        experts = std::max(experts, layer.moe.experts);
    }
    selected.run = run.id;
    if (selected.layer && !hasLayer(*selected.layer)) {
        selected.layer.reset();
    }
    if (selected.expert && selected.expert->value >= experts) {
        selected.expert.reset();
    }
    if (selected.token && *selected.token >= run.tokens) {
        selected.token.reset();
    }
    if (selected.domain && !hasDomain(selected.domain->toStdString())) {
        selected.domain.reset();
    }
    RunFilter& filter = selected.filter;
    std::erase_if(filter.layers, [&](LayerId layer) { return !hasLayer(layer); });
    std::erase_if(filter.experts, [&](ExpertId expert) { return expert.value >= experts; });
    std::erase_if(filter.domains, [&](const std::string& name) { return !hasDomain(name); });
    std::erase_if(filter.documents, [&](std::int32_t d) { return std::size_t(d) >= run.documents.size(); });
    return selected;
}

} // namespace moescope
