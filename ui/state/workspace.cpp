#include "ui/state/workspace.h"

#include <algorithm>

#include <QFileInfo>

#include "engine/routing/error.h"
#include "ui/state/link.h"

namespace moescope {

Workspace::Workspace(Reader::Mode mode, QObject* parent) : QObject(parent), m_mode(mode) {
    connect(&m_selection, &Selection::changed, this, &Workspace::onSelection);
}

Workspace::~Workspace() = default;

void Workspace::openFile(const std::filesystem::path& file, const std::string& run, const Selected& first) {
    const qint64 ticket = ++m_openTicket;
    if (m_mode == Reader::Mode::AtOnce) {
        return adopt(Recording::open(file), run, first);
    }
    m_opener = std::jthread([this, file, run, first, ticket] {
        auto opened = std::make_shared<Opened>();
        QString message;
        try {
            *opened = look(Recording::open(file), run);
        } catch (const std::exception& error) {
            message = QString::fromUtf8(error.what());
        }
        QMetaObject::invokeMethod(
            this,
            [this, opened, first, ticket, message] {
                if (ticket != m_openTicket) {
                    return;
                }
                if (message.isEmpty()) {
                    take(std::move(*opened), first);
                } else {
                    Q_EMIT failed(message);
                }
            },
            Qt::QueuedConnection);
    });
}

// Reads what is needed to show it; on whichever thread.
Workspace::Opened Workspace::look(std::unique_ptr<Recording> recording, const std::string& run) {
    Opened opened{nullptr, recording->runs(), {}, !run.empty()};
    if (opened.runs.empty()) {
        throw Error(ErrorCode::NotFound, recording->file().string() +
                                             " holds no runs yet; record one with File > Record or `moescope record`");
    }
    opened.first = recording->run(run);
    opened.recording = std::move(recording);
    return opened;
}

void Workspace::adopt(std::unique_ptr<Recording> recording, const std::string& run, const Selected& wanted) {
    try {
        take(look(std::move(recording), run), wanted);
    } catch (const Error& error) {
        if (m_mode == Reader::Mode::AtOnce) {
            throw;
        }
        Q_EMIT failed(QString::fromUtf8(error.what()));
    }
}

void Workspace::take(Opened opened, const Selected& wanted) {
    m_reader.reset();
    m_facts.reset();
    m_recording = std::move(opened.recording);
    m_runs = std::move(opened.runs);
    m_reader = std::make_unique<Reader>(*m_recording, m_mode);
    connect(m_reader.get(), &Reader::failed, this, [this](const QString&, const QString& m) { Q_EMIT failed(m); });
    Q_EMIT this->opened();
    m_selection.restart(fitted(wanted, opened.first));
    m_runChosen = opened.chosen;
    askFacts();
}

void Workspace::close() {
    m_reader.reset();
    m_recording.reset();
    m_runs.clear();
    m_facts.reset();
    m_selection.restart({});
    Q_EMIT closed();
}

void Workspace::refresh() {
    if (!m_recording) {
        return;
    }
    m_reader->ask(
        QStringLiteral("runs"), this, [](const Recording& recording, std::stop_token) { return recording.runs(); },
        [this](const std::shared_ptr<const std::vector<RunInfo>>& runs) {
            const RunInfo* before = run();
            const TokenIndex tokens = before ? before->tokens : -1;
            const RunState state = before ? before->state : RunState::Complete;
            m_runs = *runs;
            if (const RunInfo* now = run(); now && (now->tokens != tokens || now->state != state)) {
                askFacts();
            }
            Q_EMIT opened();
        });
}

const RunInfo* Workspace::run() const {
    const auto at = std::find_if(m_runs.begin(), m_runs.end(),
                                 [this](const RunInfo& r) { return r.id == m_selection.value().run; });
    return at == m_runs.end() ? nullptr : &*at;
}

const LiveTraining* Workspace::training() const {
    const bool ours =
        m_training && m_recording &&
        QFileInfo(QString::fromStdString(m_recording->file().string())).absoluteFilePath() == m_training->file;
    return ours ? &*m_training : nullptr;
}

void Workspace::setTraining(std::optional<LiveTraining> training) {
    m_training = std::move(training);
    Q_EMIT trainingChanged();
}

bool Workspace::isTrained(const RunInfo& run) const {
    const LiveTraining* now = training();
    return now && now->run == QString::fromStdString(run.spec.name);
}

void Workspace::selectRun(RunId id) {
    const auto at = std::find_if(m_runs.begin(), m_runs.end(), [id](const RunInfo& r) { return r.id == id; });
    if (at != m_runs.end()) {
        m_runChosen = true;
        Selected kept; // of another run of the same model the place stays, tokens and filters do not
        kept.layer = selected().layer;
        kept.expert = selected().expert;
        m_selection.set(fitted(kept, *at));
    }
}

void Workspace::onSelection(const Selected& now, const Selected& before) {
    m_runChosen = m_runChosen || now.run != before.run;
    if (m_recording && (now.run != before.run || now.filter != before.filter)) {
        askFacts();
    }
}

void Workspace::askFacts() {
    const RunInfo* info = run();
    if (!info) {
        return;
    }
    m_reader->ask(
        QStringLiteral("facts"), this,
        [info = *info, filter = selected().filter](const Recording& recording, std::stop_token stop) {
            return readRunFacts(recording, info, filter, stop);
        },
        [this](std::shared_ptr<const RunFacts> facts) { setFacts(std::move(facts)); });
}

void Workspace::setFacts(std::shared_ptr<const RunFacts> facts) {
    m_facts = std::move(facts);
    if (m_runs.empty() && m_facts) {
        m_runs = {m_facts->run};
    }
    Selected next = selected();
    next.run = m_facts->run.id;
    if (m_facts && !m_facts->layers.empty() && (!next.layer || !m_facts->find(*next.layer))) {
        next.layer = m_facts->leastBalanced()->layer(); // where there is most to see
    }
    if (next != selected()) {
        m_selection.amend(next);
    }
    Q_EMIT factsChanged();
}

} // namespace moescope
