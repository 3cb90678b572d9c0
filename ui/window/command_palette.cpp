#include "ui/window/command_palette.h"

#include <algorithm>

#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMenuBar>
#include <QRegularExpression>
#include <QVBoxLayout>

#include "ui/window/main_window.h"

namespace moescope {

namespace {

constexpr int kMostOffered = 200;

// Every word of the query occurs somewhere.
bool fits(const QString& text, const QString& words) {
    const QStringList parts = words.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    return std::all_of(parts.begin(), parts.end(),
                       [&text](const QString& part) { return text.contains(part, Qt::CaseInsensitive); });
}

} // namespace

CommandPalette::CommandPalette(MainWindow& window)
    : QDialog(&window), m_window(window), m_words(new QLineEdit), m_list(new QListWidget) {
    setWindowTitle(tr("Commands"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto* column = new QVBoxLayout(this);
    m_words->setPlaceholderText(tr("A command, page, run, layer; 5:3 for an expert, #20 for a token"));
    m_words->setAccessibleName(tr("Command to look for"));
    m_words->installEventFilter(this);
    m_list->setAccessibleName(tr("Commands that fit"));
    m_list->setFocusPolicy(Qt::NoFocus);
    column->addWidget(m_words);
    column->addWidget(m_list, 1);
    resize(std::min(640, window.width() - 60), 420);
    move(window.mapToGlobal(QPoint((window.width() - width()) / 2, 70)));
    gather();
    gatherPlaces();
    connect(m_words, &QLineEdit::textChanged, this, &CommandPalette::list);
    connect(m_words, &QLineEdit::returnPressed, this, &CommandPalette::choose);
    connect(m_list, &QListWidget::itemClicked, this, &CommandPalette::choose);
    list({});
}

void CommandPalette::setWords(const QString& words) {
    m_words->setText(words);
}

void CommandPalette::gather() {
    const std::function<void(QMenu*, const QString&)> walk = [&](QMenu* menu, const QString& path) {
        for (QAction* action : menu->actions()) {
            const QString text = path + QString(action->text()).remove(QLatin1Char('&'));
            if (action->menu()) {
                walk(action->menu(), text + QStringLiteral(" › "));
            } else if (!action->isSeparator() && action->isEnabled()) {
                m_entries << Entry{text, action->shortcut().toString(QKeySequence::NativeText),
                                   [action] { action->trigger(); }};
            }
        }
    };
    for (QAction* top : m_window.menuBar()->actions()) {
        if (top->menu()) {
            walk(top->menu(), {});
        }
    }
}

void CommandPalette::gatherPlaces() {
    Workspace& workspace = m_window.workspace();
    for (const RunInfo& run : workspace.runs()) {
        m_entries << Entry{tr("Run %1").arg(QString::fromStdString(run.spec.name)), {}, [&workspace, id = run.id] {
                               workspace.selectRun(id);
                           }};
    }
    const auto facts = workspace.facts();
    for (const LayerFacts& layer : facts ? facts->layers : std::vector<LayerFacts>()) {
        m_entries << Entry{tr("Layer %1").arg(layer.layer().value), {}, [&workspace, id = layer.layer()] {
                               workspace.selection().setLayer(id);
                           }};
    }
}

// What the words name themselves.
void CommandPalette::gatherTyped(const QString& words) {
    Workspace& workspace = m_window.workspace();
    const auto facts = workspace.facts();
    if (!facts) {
        return;
    }
    static const QRegularExpression expert(QStringLiteral("^[Ll]?(\\d+)\\s*[:/]\\s*[Ee]?(\\d+)$"));
    static const QRegularExpression token(QStringLiteral("^#(\\d+)$"));
    if (const auto match = expert.match(words.trimmed()); match.hasMatch()) {
        const LayerId layer(match.captured(1).toInt());
        const ExpertId id(match.captured(2).toInt());
        const LayerFacts* known = facts->find(layer);
        if (known && id.value < known->summary.experts) {
            offer({tr("Expert %2 of layer %1").arg(layer.value).arg(id.value), {}, [&workspace, layer, id] {
                       workspace.selection().setLayerAndExpert(layer, id);
                   }});
        }
    }
    if (const auto match = token.match(words.trimmed()); match.hasMatch()) {
        const TokenIndex index = match.captured(1).toLongLong();
        if (index < facts->run.tokens) {
            offer({tr("Token %1").arg(index), {}, [this, &workspace, index] {
                       workspace.selection().setToken(index);
                       m_window.showPage(QStringLiteral("tokens"));
                   }});
        }
    }
}

void CommandPalette::offer(const Entry& entry) {
    m_offered << entry;
    m_list->addItem(entry.keys.isEmpty() ? entry.text : entry.text + QStringLiteral("    ") + entry.keys);
}

void CommandPalette::list(const QString& words) {
    m_offered.clear();
    m_list->clear();
    gatherTyped(words);
    for (const Entry& entry : m_entries) {
        if (fits(entry.text, words) && m_offered.size() < kMostOffered) {
            offer(entry);
        }
    }
    m_list->setCurrentRow(m_offered.isEmpty() ? -1 : 0);
}

void CommandPalette::choose() {
    const int row = m_list->currentRow();
    if (row < 0 || row >= m_offered.size()) {
        return;
    }
    const std::function<void()> go = m_offered[row].go;
    close();
    go();
}

// The list follows the arrow keys while the words keep the focus.
bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        const int by = key == Qt::Key_Down ? 1 : key == Qt::Key_Up ? -1 : 0;
        if (by != 0 && m_list->count() > 0) {
            m_list->setCurrentRow(std::clamp(m_list->currentRow() + by, 0, m_list->count() - 1));
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

} // namespace moescope
