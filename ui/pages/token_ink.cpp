#include "ui/pages/token_ink.h"

#include <cmath>

#include <QCoreApplication>

#include "analysis/none.h"
#include "ui/charts/expert_colors.h"
#include "ui/charts/number_format.h"

namespace moescope {

namespace {

struct Ink {
    Q_DECLARE_TR_FUNCTIONS(Ink)
};

constexpr int kMostChips = 512;

} // namespace

QColor groundOf(const QColor& color, const Theme& theme) {
    return mix(theme.surface, color, theme.dark ? 0.46 : 0.50);
}

TokenStyle TokenInk::byExpert(TokenIndex token, const Theme& theme) const {
    if (!routing || !routing->has(token)) {
        return {};
    }
    const int experts = routing->experts();
    if (!expert) {
        return {expertColor(routing->idsOf(token).front(), experts, theme, false), {}, false};
    }
    if (!routing->chose(token, *expert)) {
        return {};
    }
    const bool first = routing->idsOf(token).front() == expert->value;
    const QColor strong = expertColor(expert->value, experts, theme, true);
    return first ? TokenStyle{mix(theme.surface, strong, 0.55), {}, false}
                 : TokenStyle{mix(theme.surface, strong, 0.22), strong, false};
}

TokenStyle TokenInk::byOverflow(TokenIndex token, const Theme& theme) const {
    if (!overflow || token >= overflow->tokens()) {
        return {};
    }
    const int lost = overflow->droppedSlots(token, capacity), all = overflow->choices(token);
    if (lost == 0) {
        return {};
    }
    return lost == all ? TokenStyle{mix(theme.surface, theme.lost, 0.55), {}, true}
                       : TokenStyle{mix(theme.surface, theme.lost, 0.2), theme.lost, false};
}

double TokenInk::valueOf(TokenIndex token) const {
    switch (mode) {
    case InkMode::Weight:
        return routing && routing->has(token) ? double(routing->weightsOf(token).front()) : kNone;
    case InkMode::Margin:
        return routing && routing->has(token) ? double(routing->marginOf(token)) : kNone;
    case InkMode::Nll:
        return text ? double(text->nllOf(token)) : kNone;
    default:
        return kNone;
    }
}

ColorScale TokenInk::scale() const {
    switch (mode) {
    case InkMode::Margin:
        return ColorScale::sequential(ColorMap::Viridis, 0, 0.2);
    case InkMode::Nll:
        return ColorScale::sequential(ColorMap::Cividis, 0, 10);
    default:
        return ColorScale::sequential(ColorMap::Viridis, routing && routing->topK() > 1 ? 1.0 / routing->topK() : 0.0,
                                      1);
    }
}

bool TokenInk::isLeftOut(TokenIndex token) const {
    return !only.empty() && routing &&
           std::none_of(only.begin(), only.end(), [&](ExpertId id) { return routing->chose(token, id); });
}

TokenStyle TokenInk::styleOf(TokenIndex token, const Theme& theme) const {
    if (isLeftOut(token)) {
        return {};
    }
    if (mode == InkMode::Expert) {
        return byExpert(token, theme);
    }
    if (mode == InkMode::Overflow) {
        return byOverflow(token, theme);
    }
    const double value = valueOf(token);
    TokenStyle style;
    if (!std::isnan(value)) {
        style.ground = groundOf(scale().color(value, theme), theme);
    }
    if (expert && routing && routing->chose(token, *expert)) {
        style.underline = theme.text;
    }
    return style;
}

InkKey TokenInk::key(const Theme& theme) const {
    InkKey key;
    if (mode == InkMode::Overflow) {
        key.chips.push_back({Ink::tr("lost all its experts"), mix(theme.surface, theme.lost, 0.55), -1, false});
        key.chips.push_back({Ink::tr("lost some"), mix(theme.surface, theme.lost, 0.2), -1, false});
        return key;
    }
    if (mode == InkMode::Expert) {
        for (int e = 0; routing && e < std::min(routing->experts(), kMostChips); ++e) {
            const bool chosen = expert && expert->value == e;
            const QColor color = expert && !chosen ? theme.raised : expertColor(e, routing->experts(), theme, chosen);
            key.chips.push_back({QString::number(e), color, e, chosen});
        }
        return key;
    }
    key.scale = scale();
    key.name = mode == InkMode::Weight   ? Ink::tr("weight of the strongest expert")
               : mode == InkMode::Margin ? Ink::tr("router margin")
                                         : Ink::tr("nll in nats");
    key.low = shortNumber(key.scale->low());
    key.high = (mode == InkMode::Weight ? QString() : QStringLiteral("≥ ")) + shortNumber(key.scale->high());
    return key;
}

} // namespace moescope
