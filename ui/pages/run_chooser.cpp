#include "ui/pages/run_chooser.h"

#include <algorithm>
#include <set>

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>

#include "app/service/group_routing.h"
#include "ui/data/training_runs.h"

namespace moescope {

namespace {

constexpr qlonglong kNobody = -1;

const RunInfo* runOf(const std::vector<RunInfo>& runs, RunId id) {
    const auto at = std::find_if(runs.begin(), runs.end(), [id](const RunInfo& run) { return run.id == id; });
    return at == runs.end() ? nullptr : &*at;
}

bool contains(const std::vector<RunId>& ids, RunId id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

} // namespace

RunChooser::RunChooser(Workspace& workspace, QWidget* parent) : QWidget(parent), m_workspace(workspace) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    for (int place = 0; place < kMost; ++place) {
        auto* label = new QLabel(letter(std::size_t(place)));
        label->setObjectName(QStringLiteral("muted"));
        auto* box = new QComboBox;
        box->setAccessibleName(tr("Run %1").arg(letter(std::size_t(place))));
        box->setToolTip(place == 0 ? tr("The run the others are held against") : tr("A run to hold against run A"));
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(6);
        label->setBuddy(box);
        row->addWidget(label);
        row->addWidget(box, 1);
        connect(box, &QComboBox::activated, this, &RunChooser::choose);
        m_boxes[std::size_t(place)] = box;
    }
}

// A training's snapshots stay out; seeds of a strategy that is there already come last.
std::vector<RunId> RunChooser::firstOthers() const {
    std::vector<RunId> out, seeds;
    std::set<std::string> strategies;
    if (const RunInfo* first = m_workspace.run()) {
        strategies.emplace(provenanceValue(*first, kRoutedBy));
    }
    for (const RunInfo& run : m_workspace.runs()) {
        if (run.id == m_workspace.selected().run || isSnapshot(run)) {
            continue;
        }
        const std::string strategy(provenanceValue(run, kRoutedBy));
        const bool another = strategy.empty() || strategies.insert(strategy).second;
        (another ? out : seeds).push_back(run.id);
    }
    out.insert(out.end(), seeds.begin(), seeds.end());
    out.resize(std::min(out.size(), std::size_t(kMost - 1)));
    return out;
}

void RunChooser::fill() {
    std::erase_if(m_others, [this](RunId id) {
        return runOf(m_workspace.runs(), id) == nullptr || id == m_workspace.selected().run;
    });
    if (!m_chosen || m_others.empty()) {
        m_others = firstOthers();
    }
    for (int place = 0; place < kMost; ++place) {
        offer(place);
    }
    gather();
}

void RunChooser::offer(int place) {
    QComboBox& box = *m_boxes[std::size_t(place)];
    const QSignalBlocker quiet(box);
    box.clear();
    if (place > 0) {
        box.addItem(tr("none"), kNobody);
    }
    const auto other = std::size_t(place - 1);
    const qlonglong now = place == 0                ? qlonglong(m_workspace.selected().run.value)
                          : other < m_others.size() ? qlonglong(m_others[other].value)
                                                    : kNobody;
    for (const RunInfo& run : m_workspace.runs()) {
        if (!isSnapshot(run) || run.id.value == now) { // a training has many
            box.addItem(QString::fromStdString(run.spec.name), qlonglong(run.id.value));
        }
    }
    box.setCurrentIndex(std::max(0, box.findData(now)));
}

void RunChooser::choose() {
    m_chosen = true;
    m_others.clear();
    const RunId first(m_boxes[0]->currentData().toLongLong());
    for (int place = 1; place < kMost; ++place) {
        const qlonglong id = m_boxes[std::size_t(place)]->currentData().toLongLong();
        if (id != kNobody && RunId(id) != first && !contains(m_others, RunId(id))) {
            m_others.push_back(RunId(id));
        }
    }
    if (first != m_workspace.selected().run) {
        m_workspace.selectRun(first); // its facts arrive, and the page with them
        return;
    }
    fill();
    Q_EMIT changed();
}

void RunChooser::setOthers(const std::vector<RunId>& others) {
    m_chosen = true;
    m_others = others;
}

void RunChooser::gather() {
    m_runs.clear();
    if (const RunInfo* first = m_workspace.run()) {
        m_runs.push_back(*first);
    }
    for (const RunId id : m_others) {
        if (const RunInfo* run = runOf(m_workspace.runs(), id); run && int(m_runs.size()) < kMost) {
            m_runs.push_back(*run);
        }
    }
}

} // namespace moescope
