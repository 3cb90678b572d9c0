#include "app/service/record_setup.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "app/service/auto_logits.h"
#include "app/service/group_routing.h"
#include "app/service/intervention_text.h"
#include "app/service/provenance.h"
#include "app/service/record_input.h"
#include "app/service/record_service.h"
#include "app/service/version.h"
#include "engine/checkpoint/fingerprint.h"
#include "engine/routing/error.h"
#include "engine/session/engine.h"
#include "engine/tokenizer/tokenizer.h"

namespace moescope {

namespace {

LogitStorage storageOf(const std::string& option, const ModelInfo& model) {
    if (option == "none")
        return LogitStorage::None;
    if (option == "f16" || option == "f32")
        return option == "f16" ? LogitStorage::F16 : LogitStorage::F32;
    if (option != "auto")
        throw Error(ErrorCode::InvalidArgument, "--logits: '" + option + "' is none of auto, f32, f16, none");
    std::int32_t experts = 0;
    for (const MoeLayerInfo& layer : model.moeLayers)
        experts = std::max(experts, layer.moe.experts);
    return autoLogits(experts);
}

// Nothing is drawn at random unless a temperature asks for it.
std::string samplingText(const RecordRequest& request) {
    if (request.generate == 0 || request.temperature == 0)
        return "none: greedy";
    return fmt::format("{} (temperature {}, top-p {})", request.seed, request.temperature, request.topP);
}

std::string sourceText(const RecordRequest& request) {
    if (request.text)
        return "a text given on the command line";
    if (request.tokenIds)
        return request.tokenIds->string();
    std::string text;
    for (const TextInput& input : request.inputs)
        text += (text.empty() ? "" : ", ") + input.path.string() + (input.domain.empty() ? "" : "=" + input.domain);
    return text;
}

std::string interventionKey(const ModelInfo& model) {
    return model.start ? "encoder intervention" : "intervention";
}

Provenance provenanceOf(const RecordRequest& request, const RecordInput& input, const ModelInfo& model,
                        const RunSpec& spec, const std::string& engineVersions) {
    Provenance p;
    p.fact("model path", request.model.string());
    p.fixed("model hash", modelFingerprint(request.model));
    p.fixed("tokenizer hash", input.tokenizer ? input.tokenizer->contentHash() : "none");
    p.fact("input", sourceText(request));
    p.fixed("input hash", input.hash);
    p.fixed("device", model.device);
    p.fixed("dtype", model.dtype);
    if (model.expertWeights != model.dtype) // runs of older versions have no such fact, and resume
        p.fixed("expert weights", model.expertWeights + " (a scale for each channel; activations too, for each token)");
    p.fixed("threads", std::to_string(model.threads));
    p.fixed("seed", samplingText(request));
    p.fixed("context", std::to_string(request.context));
    p.fixed("batch tokens", std::to_string(request.batchTokens));
    p.fixed("limit", request.limit > 0 ? std::to_string(request.limit) : "none");
    p.fixed("generate", std::to_string(request.generate));
    if (!request.intervention.isNone()) // runs of older versions have no such fact, and resume
        p.fixed(interventionKey(model), interventionText(request.intervention));
    if (model.start)
        p.fixed("decoder text",
                request.generate > 0 ? "generated from the encoder's" : "the encoder's, teacher-forced");
    if (model.expertChoice)
        p.fixed(std::string(kModelRouting), std::string(kExpertChoiceModel));
    p.fixed("nll", spec.nll ? "on" : "off");
    p.fixed("text", spec.text ? "kept" : "not kept");
    p.fixed("moescope", std::string(programVersion()));
    p.fixed("engine", engineVersions);
    p.fact("command line", request.commandLine);
    return p;
}

RunSpec specWithoutProvenance(const RecordRequest& request, const RecordInput& input, const ModelInfo& model) {
    RunSpec spec;
    spec.name = request.name;
    spec.model = folderName(request.model.string());
    spec.family = model.family;
    spec.stack = model.stack;
    for (const MoeLayerInfo& layer : model.moeLayers)
        spec.layers.push_back(model.start ? layer : intervenedGate(request.intervention, layer));
    spec.vocabulary = model.vocabulary;
    spec.context = std::int32_t(request.context);
    spec.logits = storageOf(request.logits, model);
    spec.content = spec.logits == LogitStorage::None ? RunContent::RoutesOnly : RunContent::Full;
    spec.text = request.keepText && input.tokenizer;
    // An encoder predicts nothing, and what the decoder beside one generates was not there before.
    spec.nll = request.nll && model.stack == "decoder" && !(model.start && request.generate > 0);
    return spec;
}

} // namespace

RunDescription describeRun(const RecordRequest& request, const RecordInput& input, const ModelInfo& model,
                           const std::string& engineVersions) {
    RunDescription run;
    run.spec = specWithoutProvenance(request, input, model);
    const Provenance provenance = provenanceOf(request, input, model, run.spec, engineVersions);
    run.spec.resumeKey = provenance.resumeKey();
    run.resume = run.spec;
    run.spec.provenance = provenance.facts();
    run.resume.provenance = provenance.fixedFacts();
    if (request.intervention.isNone()) // that one was there before can be told from this
        run.resume.provenance.emplace_back(interventionKey(model), "none");
    return run;
}

std::vector<Piece> piecesOf(std::span<const std::int32_t> tokens, const Tokenizer& tokenizer) {
    std::vector<Piece> pieces;
    for (const std::int32_t id : std::set<std::int32_t>(tokens.begin(), tokens.end()))
        pieces.push_back({id, tokenizer.piece(id)});
    return pieces;
}

std::string folderName(const std::string& path) {
    std::error_code ignored;
    std::filesystem::path whole = std::filesystem::weakly_canonical(path, ignored);
    if (!whole.has_filename())
        whole = whole.parent_path();
    const std::string name = whole.filename().string();
    return name.empty() ? "model" : name;
}

} // namespace moescope
