#include "ui/pages/dossier_text.h"

#include <QCoreApplication>

#include "analysis/token_class.h"
#include "app/service/dossier_report.h"
#include "ui/charts/csv_text.h"
#include "ui/charts/number_format.h"
#include "ui/text/decoded_text.h"

namespace moescope {

namespace {

struct DossierText {
    Q_DECLARE_TR_FUNCTIONS(DossierText)
};

QString html(const std::string& bytes) {
    return QString::fromStdString(oneLine(bytes)).toHtmlEscaped();
}

QString heading(const QString& text, const Theme& theme) {
    return QStringLiteral("<p style='margin-top:14px;margin-bottom:4px;color:%1'><b>%2</b></p>")
        .arg(theme.text.name(), text.toHtmlEscaped());
}

QString cell(const QString& text, bool number) {
    return QStringLiteral("<td align='%1' style='padding:1px 12px 1px 0'>%2</td>")
        .arg(number ? QStringLiteral("right") : QStringLiteral("left"), text);
}

QString head(const QStringList& names, const Theme& theme) {
    QString out = QStringLiteral("<table cellspacing='0'><tr>");
    for (int i = 0; i < names.size(); ++i) {
        out += cell(QStringLiteral("<span style='color:%1'>%2</span>").arg(theme.mutedText.name(), names[i]), i > 0);
    }
    return out + QStringLiteral("</tr>");
}

QString row(const QStringList& cells) {
    QString out = QStringLiteral("<tr>");
    for (int i = 0; i < cells.size(); ++i) {
        out += cell(cells[i], i > 0);
    }
    return out + QStringLiteral("</tr>");
}

QString expertLink(LayerId layer, ExpertId expert, const Theme& theme) {
    return QStringLiteral("<a style='color:%1;text-decoration:none' href='expert:%2:%3'>L%2/E%3</a>")
        .arg(theme.accent.name())
        .arg(layer.value)
        .arg(expert.value);
}

QString list(const std::vector<ExpertDossier::Context>& contexts, const Theme& theme) {
    QString out;
    for (const ExpertDossier::Context& c : contexts) {
        const std::string& place = c.domain.empty() ? c.document : c.domain;
        out += QStringLiteral("<p style='margin-top:5px;margin-bottom:0'><a style='color:%1;text-decoration:none' "
                              "href='token:%2'>%3 · %2 · %4</a><br>")
                   .arg(theme.mutedText.name())
                   .arg(c.token)
                   .arg(html(place), shortNumber(c.weight, 2));
        out += QStringLiteral("%1<span style='background-color:%2;color:%3'><b>%4</b></span>%5</p>")
                   .arg(html(c.before), theme.accentSoft.name(), theme.text.name(), html(c.text), html(c.after));
    }
    return out;
}

void addPartners(QString& out, const std::vector<ExpertDossier::Partner>& partners, LayerId layer, const Theme& theme) {
    for (const ExpertDossier::Partner& p : partners) {
        out += row({expertLink(layer, p.expert, theme), percent(p.share), times(p.lift)});
    }
}

QString domainTable(const ExpertDossier& d, const Theme& theme) {
    QString out = heading(DossierText::tr("Domains"), theme) +
                  head({DossierText::tr("domain"), DossierText::tr("lift"), DossierText::tr("of its choices")}, theme);
    for (const ExpertDossier::Domain& domain : d.domains) {
        const bool beyond = domain.lift > domain.chanceHigh;
        const QString lift = beyond ? QStringLiteral("<b>%1</b>").arg(times(domain.lift)) : times(domain.lift);
        out += row({QString::fromStdString(domain.name).toHtmlEscaped(), lift, percent(domain.share)});
    }
    return out + QStringLiteral("</table>");
}

} // namespace

QString tokenClassName(const std::string& name) {
    static const char* const kNames[] = {
        QT_TRANSLATE_NOOP("DossierText", "white space"),         QT_TRANSLATE_NOOP("DossierText", "word start"),
        QT_TRANSLATE_NOOP("DossierText", "word part"),           QT_TRANSLATE_NOOP("DossierText", "capitalised"),
        QT_TRANSLATE_NOOP("DossierText", "identifier"),          QT_TRANSLATE_NOOP("DossierText", "digits"),
        QT_TRANSLATE_NOOP("DossierText", "punctuation"),         QT_TRANSLATE_NOOP("DossierText", "other script"),
        QT_TRANSLATE_NOOP("DossierText", "part of a character"), QT_TRANSLATE_NOOP("DossierText", "mixed")};
    for (std::size_t i = 0; i < kTokenClassNames.size(); ++i) {
        if (kTokenClassNames[i] == name) {
            return DossierText::tr(kNames[i]);
        }
    }
    return QString::fromStdString(name);
}

QString dossierContexts(const ExpertDossier& d, const Theme& theme) {
    if (d.strongest.empty()) {
        return QStringLiteral("<p>%1</p>")
            .arg(d.assignments == 0
                     ? DossierText::tr("No token chose this expert.")
                     : DossierText::tr("This run keeps no text; record without --no-text to read its tokens in "
                                       "context."));
    }
    return heading(DossierText::tr("Where its weight is largest"), theme) + list(d.strongest, theme) +
           heading(DossierText::tr("Evenly along its tokens"), theme) + list(d.sample, theme);
}

QString dossierFacts(const ExpertDossier& d, const Theme& theme) {
    QString out = heading(DossierText::tr("Load"), theme);
    out +=
        DossierText::tr("%1 of %2 tokens, %3 as first choice; load ratio <b>%4</b> (chance: %5 to %6), place %7 of %8; "
                        "mean weight %9")
            .arg(count(d.assignments), count(d.tokens), count(d.firstChoices), shortNumber(d.loadRatio),
                 shortNumber(d.chanceLow), shortNumber(d.chanceHigh))
            .arg(d.place)
            .arg(d.experts)
            .arg(shortNumber(d.meanWeight));
    out += heading(DossierText::tr("Characteristic tokens"), theme) +
           head({DossierText::tr("token"), DossierText::tr("here"), DossierText::tr("of its occurrences")}, theme);
    for (const ExpertDossier::Token& token : d.vocabulary) {
        const QString text = token.text.empty() ? QString::number(token.tokenId) : visibleToken(token.text);
        out += row({QStringLiteral("<code>%1</code>").arg(text.toHtmlEscaped()), count(token.count),
                    percent(double(token.count) / double(token.occurrences))});
    }
    out += QStringLiteral("</table>") + heading(DossierText::tr("Kinds of tokens"), theme) +
           head({DossierText::tr("kind"), DossierText::tr("share"), DossierText::tr("lift")}, theme);
    for (const ExpertDossier::Class& kind : d.classes) {
        out += row({tokenClassName(kind.name), percent(kind.share), times(kind.lift)});
    }
    out += QStringLiteral("</table>");
    out += d.domains.empty() ? QString() : domainTable(d, theme);
    out +=
        heading(DossierText::tr("Company: experts its tokens have too"), theme) +
        head({DossierText::tr("expert"), DossierText::tr("of its tokens"), DossierText::tr("over loads alone")}, theme);
    addPartners(out, d.partners, d.layer, theme);
    addPartners(out, d.before, d.layerBefore, theme);
    addPartners(out, d.behind, d.layerBehind, theme);
    return out + QStringLiteral("</table>");
}

QString dossierCsv(const ExpertDossier& d) {
    QString out = csvRow({QStringLiteral("token_id"), QStringLiteral("text"), QStringLiteral("count"),
                          QStringLiteral("occurrences"), QStringLiteral("surprise")});
    for (const ExpertDossier::Token& token : d.vocabulary) {
        out += csvRow({QString::number(token.tokenId), QString::fromStdString(oneLine(token.text)),
                       QString::number(token.count), QString::number(token.occurrences), exactNumber(token.surprise)});
    }
    return out;
}

Finding dossierFinding(const ExpertDossier& d) {
    const QString name = strong(QStringLiteral("L%1/E%2").arg(d.layer.value).arg(d.expert.value));
    if (d.assignments == 0) {
        return {DossierText::tr("Expert %1 is dead: no token of this part of the run chose it.").arg(name), {}};
    }
    QStringList tokens;
    for (std::size_t i = 0; i < std::min<std::size_t>(3, d.vocabulary.size()); ++i) {
        tokens << strong(QStringLiteral("%1").arg(visibleToken(d.vocabulary[i].text)));
    }
    const QString text =
        tokens.isEmpty()
            ? DossierText::tr("Expert %1 takes %2 its fair share.").arg(name, times(d.loadRatio))
            : DossierText::tr("Expert %1 reads above all %2.").arg(name, tokens.join(QStringLiteral(", ")));
    QString more;
    if (!d.classes.empty()) {
        more = DossierText::tr("Most over its due: %1 (%2).")
                   .arg(tokenClassName(d.classes.front().name), times(d.classes.front().lift));
    }
    if (!d.domains.empty() && d.domains.front().lift > d.domains.front().chanceHigh) {
        more += QLatin1Char(' ') +
                DossierText::tr("%1 seeks it most, %2 its overall rate.")
                    .arg(QString::fromStdString(d.domains.front().name).toHtmlEscaped(), times(d.domains.front().lift));
    }
    return {text, more};
}

} // namespace moescope
