#include "app/service/bench_recording.h"

#include <cstdlib>

#include <fmt/format.h>

#include "app/service/auto_logits.h"
#include "app/service/record_setup.h"
#include "db/run_writer.h"
#include "engine/checkpoint/model_config.h"
#include "engine/routing/error.h"

namespace moescope {

namespace {

std::filesystem::path temporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "moescope-bench-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
        throw Error(ErrorCode::Io, pattern + ": no temporary folder can be made; set TMPDIR to one with room");
    return pattern;
}

} // namespace

BenchRecording::BenchRecording(const std::filesystem::path& model, std::int32_t documentTokens, bool nll)
    : m_folder(temporaryFolder()) {
    const ModelConfig config = readModelConfig(model);
    m_spec.model = folderName(model.string());
    m_spec.family = config.modelType;
    m_spec.layers = config.moeLayers;
    m_spec.vocabulary = config.vocabulary;
    m_spec.context = documentTokens;
    m_spec.text = false;
    m_spec.nll = nll;
    if (!config.moeLayers.empty())
        m_spec.logits = autoLogits(config.moeLayers.front().moe.experts);
}

BenchRecording::~BenchRecording() {
    std::error_code ignored;
    std::filesystem::remove_all(m_folder, ignored);
}

void BenchRecording::clear() {
    for (const auto& entry : std::filesystem::directory_iterator(m_folder))
        std::filesystem::remove(entry.path());
}

std::unique_ptr<RoutingSink> BenchRecording::next(std::int64_t documents) {
    const std::int64_t length = m_spec.context;
    std::vector<DocumentInfo> infos;
    for (std::int64_t d = 0; d < documents; ++d)
        infos.push_back({fmt::format("document {}", d), "text", d * length, length});
    m_spec.name = fmt::format("bench {}", ++m_made);
    return std::make_unique<RunWriter>(m_folder / fmt::format("{}.moescope", m_made), m_spec, infos,
                                       std::vector<Piece>());
}

} // namespace moescope
