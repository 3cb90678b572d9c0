#include "app/service/dossier_report.h"

#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include "app/service/export_text.h"

namespace moescope {

namespace {

template <class... Args>
void write(std::string& out, fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out), format, std::forward<Args>(args)...);
}

// Characters that Markdown would take for its own.
std::string plain(const std::string& bytes) {
    std::string out;
    for (const char c : oneLine(bytes)) {
        if (std::string_view("\\`*_[]<>#|~").find(c) != std::string_view::npos) {
            out += '\\';
        }
        out += c;
    }
    return out;
}

std::string code(const std::string& bytes) {
    std::string text = oneLine(bytes);
    std::string out;
    for (const char c : text) {
        out += c == '|' ? std::string("\\|") : std::string(1, c); // else it would end the table's cell
    }
    const bool ticks = text.find('`') != std::string::npos;
    return ticks ? "`` " + out + " ``" : "`" + out + "`";
}

std::string percentOf(double share) {
    return std::isfinite(share) ? fmt::format("{:.1f} %", share * 100) : "-";
}

std::string timesOf(double lift) {
    return std::isfinite(lift) ? fmt::format("{:.2f} ×", lift) : "-";
}

void writeLoad(std::string& out, const ExpertDossier& d) {
    const bool beyond = d.loadRatio > d.chanceHigh || d.loadRatio < d.chanceLow;
    write(out, "## Load\n\n");
    write(out, "- {} of {} tokens have it among their {} experts; {} as their first choice.\n", d.assignments, d.tokens,
          d.topK, d.firstChoices);
    write(out, "- Load ratio {:.3f} (1 is fair; chance alone: {:.3f} to {:.3f}{}). Place {} of {} by load.\n",
          d.loadRatio, d.chanceLow, d.chanceHigh, beyond ? "" : ", so within chance", d.place, d.experts);
    write(out, "- Mean weight where chosen: {:.3f}.\n\n", d.meanWeight);
}

void writeDomains(std::string& out, const ExpertDossier& d) {
    if (d.domains.empty()) {
        return;
    }
    write(out,
          "## Domains\n\nLift: the domain's share of choices for this expert over the expert's overall share; 1 is "
          "no preference.\n\n");
    write(out, "| domain | lift | of its choices | assignments | |\n|---|---|---|---|---|\n");
    for (const auto& domain : d.domains) {
        write(out, "| {} | {} | {} | {} | {} |\n", plain(domain.name), timesOf(domain.lift), percentOf(domain.share),
              domain.assignments, domain.lift > domain.chanceHigh ? "beyond chance" : "");
    }
    write(out, "\n");
}

void writeVocabulary(std::string& out, const ExpertDossier& d) {
    write(out,
          "## Tokens\n\nMost characteristic first: more often here than the expert's overall rate explains. A token "
          "seen once says little.\n\n");
    write(out, "| token | with this expert | of its occurrences |\n|---|---|---|\n");
    for (const auto& token : d.vocabulary) {
        write(out, "| {} | {} of {} | {} |\n",
              token.text.empty() ? fmt::format("id {}", token.tokenId) : code(token.text), token.count,
              token.occurrences, percentOf(double(token.count) / double(token.occurrences)));
    }
    write(out, "\n## Kinds of tokens\n\n| kind | share of its tokens | over all tokens' share |\n|---|---|---|\n");
    for (const auto& kind : d.classes) {
        write(out, "| {} | {} | {} |\n", kind.name, percentOf(kind.share), timesOf(kind.lift));
    }
    write(out, "\n");
}

void writePartners(std::string& out, const std::vector<ExpertDossier::Partner>& partners, LayerId layer) {
    for (const auto& p : partners) {
        write(out, "| L{}/E{} | {} | {} |\n", layer.value, p.expert.value, percentOf(p.share), timesOf(p.lift));
    }
}

void writeCompany(std::string& out, const ExpertDossier& d) {
    write(out, "## Company\n\nExperts that its tokens have too: in its layer, in the layer before and behind.\n\n"
               "| expert | of its tokens | over what loads alone give |\n|---|---|---|\n");
    writePartners(out, d.partners, d.layer);
    writePartners(out, d.before, d.layerBefore);
    writePartners(out, d.behind, d.layerBehind);
    write(out, "\n");
}

void writeContexts(std::string& out, const std::vector<ExpertDossier::Context>& contexts, const char* title) {
    if (contexts.empty()) {
        return;
    }
    write(out, "## {}\n\n", title);
    for (const auto& c : contexts) {
        write(out, "- [{}, token {}, weight {:.2f}] {}**«{}»**{}\n", plain(c.domain.empty() ? c.document : c.domain),
              c.token, c.weight, plain(c.before), plain(c.text), plain(c.after));
    }
    write(out, "\n");
}

} // namespace

std::string oneLine(const std::string& bytes) {
    std::string out;
    for (const char c : readableText(bytes)) {
        out += c == '\n'   ? std::string("↵")
               : c == '\t' ? std::string("→")
               : c == '\r' ? std::string()
                           : std::string(1, c);
    }
    return out;
}

std::string dossierMarkdown(const ExpertDossier& d) {
    std::string out;
    write(out, "# Expert L{}/E{} of {}\n\n", d.layer.value, d.expert.value, plain(d.run.spec.model));
    write(out, "Run {} · {} tokens · layer {} with {} experts, top {}.\n\n", plain(d.run.spec.name), d.tokens,
          d.layer.value, d.experts, d.topK);
    writeLoad(out, d);
    if (d.assignments == 0) {
        return out + "No token chose this expert, so nothing can be said about what it is for.\n";
    }
    writeDomains(out, d);
    writeVocabulary(out, d);
    writeCompany(out, d);
    writeContexts(out, d.strongest, "In context, where its weight is largest");
    writeContexts(out, d.sample, "In context, evenly along its tokens");
    return out;
}

} // namespace moescope
