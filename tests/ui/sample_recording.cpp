#include "tests/ui/sample_recording.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <map>
#include <random>

#include "db/run_writer.h"
#include "engine/routing/topk.h"
#include "tests/support/recorded_run.h"

namespace moescope::test {

namespace {

bool isLetter(unsigned char c) {
    return std::isalpha(c) != 0 || c == '_';
}

// Pieces like a byte-level BPE's: words with their space, short digit groups, signs, and halves of longer characters.
std::vector<std::string> split(const std::string& text) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t j = i + (text[i] == ' ' ? 1 : 0);
        const auto c = static_cast<unsigned char>(j < text.size() ? text[j] : ' ');
        if (c >= 0x80) {
            j += c >= 0xE0 && (c & 3U) == 1U ? 2 : c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
            j = i == j ? j + 1 : j;
            while (j < text.size() && j - i < 2) {
                ++j;
            }
        } else if (isLetter(c)) {
            const std::size_t start = j;
            while (j < text.size() && isLetter(static_cast<unsigned char>(text[j])) && j - start < 7) {
                ++j;
            }
        } else if (std::isdigit(c) != 0) {
            const std::size_t start = j;
            while (j < text.size() && std::isdigit(static_cast<unsigned char>(text[j])) != 0 && j - start < 3) {
                ++j;
            }
        } else {
            j = std::max(j, i) + 1;
            while (text[i] == ' ' && j < text.size() && text[j] == ' ') {
                ++j;
            }
        }
        j = std::min(j, text.size());
        out.push_back(text.substr(i, j - i));
        i = j;
    }
    return out;
}

int kindOf(const std::string& piece) {
    const auto last = static_cast<unsigned char>(piece.back());
    return last >= 0x80              ? 0
           : std::isdigit(last) != 0 ? 1
           : last == '\n'            ? 2
           : isLetter(last)          ? (piece.front() == ' ' ? 3 : 4)
                                     : 5;
}

void route(RecordedRun& run, const SampleShape& shape, const std::vector<int>& kinds, const std::vector<int>& domains) {
    std::mt19937 random(shape.seed);
    std::normal_distribution<float> normal;
    for (int l = 0; l < shape.layers; ++l) {
        MoeLayerInfo layer;
        layer.layer = LayerId(l);
        layer.moe.experts = shape.experts;
        layer.moe.topK = shape.topK;
        const auto experts = std::size_t(shape.experts);
        std::vector<float> byKind(6 * experts), byDomain(32 * experts), popular(experts);
        std::ranges::generate(byKind, [&] { return (0.4F + 0.25F * float(l)) * normal(random); });
        std::ranges::generate(byDomain, [&] { return (0.3F + 0.15F * float(l)) * normal(random); });
        std::ranges::generate(popular, [&] { return (l == 3 ? 0.9F : 0.08F * float(l)) * normal(random); });
        std::vector<float> logits(run.tokenIds.size() * experts);
        for (std::size_t t = 0; t < run.tokenIds.size(); ++t) {
            for (std::size_t e = 0; e < experts; ++e) {
                logits[t * experts + e] = normal(random) + byKind[std::size_t(kinds[t]) * experts + e] +
                                          byDomain[std::size_t(domains[t] % 32) * experts + e] + popular[e];
            }
        }
        std::vector<std::uint16_t> ids(run.tokenIds.size() * std::size_t(shape.topK));
        std::vector<float> weights(ids.size());
        routeTopK(layer, logits, ids, weights);
        run.spec.layers.push_back(layer);
        run.logits.push_back(std::move(logits));
        run.ids.push_back(std::move(ids));
        run.weights.push_back(std::move(weights));
    }
}

} // namespace

std::vector<SampleText> sampleTexts() {
    std::vector<SampleText> texts = {
        {"prose", "harbour.txt",
         "The harbour lay quiet under a thin fog. Two boats had come in before dawn, and the men who sailed them slept "
         "in\n"
         "the sheds by the wall. \"We shall not go out today,\" said the older one, \"not in 1893 and not with this "
         "wind.\"\n\n"},
        {"python", "mean.py",
         "def mean(values, weights=None):\n    total = 0.0\n    for i, value in enumerate(values):\n        total += "
         "value * (weights[i] if weights "
         "else 1)\n    return total / len(values)\n\n"},
        {"korean", "lake.txt",
         "호수는 아침마다 안개로 덮였다. 사람들은 2024년에도 그 길을 걸었고, 배는 천천히 돌아왔다.\n물결은 "
         "잔잔했다.\n\n"},
        {"arabic", "city.txt",
         "كانت المدينة هادئة في الصباح، وكان الناس يسيرون إلى السوق. قال الرجل: \"لن نعود قبل 1950\".\n\n"},
        {"json", "config.json",
         "{\"name\": \"router\", \"experts\": 16, \"top_k\": 2, \"layers\": [0, 1, 2, 3],\n \"bias\": null, \"scale\": "
         "1.25}\n\n"}};
    for (SampleText& text : texts) {
        std::string many;
        for (int i = 0; i < 6; ++i) {
            many += text.text;
        }
        text.text = many;
    }
    return texts;
}

void writeSampleRecording(const std::filesystem::path& file, const std::vector<SampleText>& texts,
                          const SampleShape& shape, const std::string& name) {
    RecordedRun run;
    run.spec.name = name;
    run.spec.model = "sample-moe";
    run.spec.family = "mixtral";
    run.spec.context = 256;
    run.spec.nll = true;
    run.spec.logits = shape.logits ? LogitStorage::F32 : LogitStorage::None;
    run.spec.content = shape.logits ? RunContent::Full : RunContent::RoutesOnly;
    run.spec.provenance = {{"dtype", "f32"}, {"device", "cpu"}};
    run.spec.resumeKey = "sample";
    std::map<std::string, std::int32_t> vocabulary;
    std::map<std::string, int> domainIds;
    std::vector<int> kinds, domains;
    for (const SampleText& text : texts) {
        const auto first = TokenIndex(run.tokenIds.size());
        for (const std::string& piece : split(text.text)) {
            const auto [at, added] = vocabulary.emplace(piece, std::int32_t(vocabulary.size()));
            if (added) {
                run.pieces.push_back({at->second, piece});
            }
            run.tokenIds.push_back(at->second);
            kinds.push_back(kindOf(piece));
            domains.push_back(domainIds.emplace(text.domain, int(domainIds.size())).first->second);
            const bool starts = TokenIndex(run.tokenIds.size()) - 1 == first;
            run.nll.push_back(starts ? std::numeric_limits<float>::quiet_NaN()
                                     : 0.3F + float((at->second * 37 + kinds.back() * 11) % 97) / 12.0F);
        }
        run.documents.push_back({text.name, text.domain, first, TokenIndex(run.tokenIds.size()) - first});
    }
    run.spec.vocabulary = std::int32_t(vocabulary.size());
    route(run, shape, kinds, domains);
    RunWriter writer(file, run.spec, run.documents, run.pieces);
    for (TokenIndex at = 0; at < run.tokens(); at += 1024) {
        const TokenIndex end = std::min<TokenIndex>(run.tokens(), at + 1024);
        const auto n = std::size_t(end - at);
        writer.tokens({at, std::span(run.tokenIds).subspan(std::size_t(at), n), Phase::Prompt});
        for (std::size_t l = 0; l < run.spec.layers.size(); ++l) {
            writer.routing(run.block(l, at, end, shape.logits));
        }
        writer.nll(at, std::span(run.nll).subspan(std::size_t(at), n));
        writer.commit(end);
    }
    writer.finish(RunState::Complete);
}

} // namespace moescope::test
