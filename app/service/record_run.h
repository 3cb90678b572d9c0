#pragma once

#include <functional>
#include <stop_token>

#include "app/service/observed_sink.h"
#include "app/service/record_plan.h"

namespace moescope {

class RunWriter;

// Takes the batches of a plan through a session into a writer, from where the writer stands.
class RecordRun {
public:
    RecordRun(InferenceSession& session, RunWriter& writer, const RecordPlan& plan, bool nll,
              std::function<void(TokenIndex)> progress);

    // Throws what session and writer throw; Error(Conflict) where the writer does not stand at a batch's start.
    void run(std::stop_token stop);

private:
    void runBatch(std::size_t index, const std::stop_token& stop);

    InferenceSession& m_session;
    RunWriter& m_writer;
    const RecordPlan& m_plan;
    PrefillOptions m_options;
    ObservedSink m_sink;
};

} // namespace moescope
