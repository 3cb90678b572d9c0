#include "app/service/compare_report.h"
#include "app/service/compare_service.h"
#include "app/service/export_tables.h"

namespace moescope {

namespace {

class ForwardProgress final : public CompareObserver {
public:
    explicit ForwardProgress(const std::function<void(double)>& progress) : m_progress(progress) {}
    void progress(double share) override { m_progress(share); }

private:
    const std::function<void(double)>& m_progress;
};

} // namespace

void fillCompare(const ExportTogether& context) {
    CompareRequest request;
    request.runs = context.runs;
    request.capacity = context.capacity;
    ForwardProgress observer(context.progress);
    writeCompareRows(CompareService(context.recording).compare(request, observer, context.stop), context.out);
}

} // namespace moescope
