#include "app/service/record_run.h"

#include <fmt/format.h>

#include "db/run_writer.h"
#include "engine/routing/error.h"

namespace moescope {

RecordRun::RecordRun(InferenceSession& session, RunWriter& writer, const RecordPlan& plan, bool nll,
                     std::function<void(TokenIndex)> progress)
    : m_session(session), m_writer(writer), m_plan(plan), m_options{nll},
      m_sink(writer, std::int64_t(session.info().moeLayers.size()), std::move(progress)) {}

void RecordRun::run(std::stop_token stop) {
    const TokenIndex committed = m_writer.committed();
    const auto first = m_plan.batchAt(committed);
    if (!first)
        throw Error(ErrorCode::Conflict,
                    fmt::format("the recording ends at token {}, where no batch of this input begins; record again "
                                "under another --name",
                                committed));
    m_sink.startAt(committed);
    for (std::size_t index = *first; index < m_plan.batches(); ++index)
        runBatch(index, stop);
}

void RecordRun::runBatch(std::size_t index, const std::stop_token& stop) {
    if (stop.stop_requested())
        throw Error(ErrorCode::Cancelled, "stopped");
    const TokenIndex begin = m_plan.batchBegin(index);
    const TokenIndex end = m_plan.batchEnd(index);
    m_sink.tokens({begin, m_plan.tokens().subspan(std::size_t(begin), std::size_t(end - begin)), Phase::Prompt});
    m_session.prefill(m_plan.batch(index), m_options, m_sink, stop);
    m_sink.commit(end);
}

} // namespace moescope
