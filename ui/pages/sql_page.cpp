#include "ui/pages/sql_page.h"

#include <algorithm>
#include <variant>

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QShortcut>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

#include "engine/routing/error.h"
#include "ui/charts/number_format.h"
#include "ui/charts/theme.h"
#include "ui/models/sql_table_model.h"
#include "ui/pages/table_view.h"

namespace moescope {

namespace {
constexpr int kRunsExample = 6;      // "Runs of this file"
constexpr std::size_t kRows = 20000; // more is for `moescope sql`
using Answer = std::variant<std::shared_ptr<const SqlTable>, std::string>;
} // namespace

SqlPage::SqlPage(Workspace& space, QWidget* parent)
    : Page(QStringLiteral("sql"), space, parent), m_model(new SqlTableModel(this)) {
    setFinding({tr("Ask the recording in SQL."),
                tr("Read only. The views routing, logits and tokens hold a row for each choice, logit and token; "
                   "constraints on run, layer and token keep them fast.")});
    m_table = makeTable(*m_model, true);
    m_table->setAccessibleName(tr("Rows of the query"));
    fitColumns(*m_table, kLeave);
    m_resultPanel = addPanel(tr("Rows"), m_table);
    m_resultPanel->setFileName(tr("query result"));
    m_resultPanel->setCsv([this] { return csvOf(*m_table->model()); });
    auto* all = new QSplitter(Qt::Vertical);
    all->addWidget(buildEditor());
    all->addWidget(m_resultPanel);
    all->setHandleWidth(12);
    all->setChildrenCollapsible(false);
    all->setSizes({230, 520});
    body().addWidget(all, 1);
    m_resultPanel->setMessage(tr("Choose an example or write a SELECT, then press Ctrl+Enter."));
    connect(m_run, &QPushButton::clicked, this, &SqlPage::runQuery);
    connect(m_stop, &QPushButton::clicked, this, [this] {
        if (reader()) {
            reader()->cancel(QStringLiteral("sql"));
        }
        setRunning(false);
        m_status->setText(tr("Stopped."));
    });
    connect(m_examples, &QComboBox::activated, this, [this](int index) {
        if (index > 0) {
            m_editor->setPlainText(m_examples->itemData(index).toString());
            runQuery();
        }
    });
}

QWidget* SqlPage::buildEditor() {
    m_editor = new QPlainTextEdit;
    m_editor->setFont(codeFont(10.5));
    m_editor->setAccessibleName(tr("Query"));
    m_editor->setTabChangesFocus(true);
    m_editor->setPlaceholderText(QStringLiteral("SELECT …"));
    m_examples = new QComboBox;
    m_examples->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_examples->setAccessibleName(tr("Examples"));
    m_run = new QPushButton(tr("Run"));
    m_run->setToolTip(tr("Runs the query (Ctrl+Enter)"));
    m_stop = new QPushButton(tr("Stop"));
    m_stop->setEnabled(false);
    m_status = new QLabel;
    m_status->setObjectName(QStringLiteral("muted"));
    m_status->setWordWrap(true);
    m_status->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    auto* row = new QHBoxLayout;
    row->addWidget(m_run);
    row->addWidget(m_stop);
    row->addWidget(m_status, 1);
    column->addWidget(m_editor, 1);
    column->addLayout(row);
    auto* panel = addPanel(tr("Query"), box);
    panel->addControl(m_examples);
    panel->setFileName(tr("query"));
    for (const int key : {int(Qt::Key_Return), int(Qt::Key_Enter)}) {
        auto* shortcut = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key(key)), m_editor);
        shortcut->setContext(Qt::WidgetShortcut);
        connect(shortcut, &QShortcut::activated, this, &SqlPage::runQuery);
    }
    return panel;
}

QList<SqlPage::Example> SqlPage::examples() const {
    const QString run = QString::fromStdString(facts()->run.spec.name).replace(QLatin1Char('\''), QStringLiteral("''"));
    const QString layer = QString::number(selected().layer.value_or(LayerId(0)).value);
    const QString expert = QString::number(selected().expert.value_or(ExpertId(0)).value);
    const auto fill = [&](const char* sql) {
        return QString::fromUtf8(sql)
            .replace(QLatin1String("{run}"), run)
            .replace(QLatin1String("{layer}"), layer)
            .replace(QLatin1String("{expert}"), expert);
    };
    return {
        {tr("Tokens an expert reads most"),
         fill("SELECT text, count(*) AS tokens, round(avg(weight), 3) AS mean_weight\n"
              "FROM routing JOIN tokens USING (run, token)\n"
              "WHERE run = '{run}' AND layer = {layer} AND expert = {expert}\n"
              "GROUP BY token_id ORDER BY tokens DESC LIMIT 50")},
        {tr("Experts by domain"), fill("SELECT domain, expert, count(*) AS choices\n"
                                       "FROM routing JOIN tokens USING (run, token)\n"
                                       "WHERE run = '{run}' AND layer = {layer}\n"
                                       "GROUP BY domain, expert ORDER BY domain, choices DESC")},
        {tr("The hardest tokens and where they went"),
         fill("SELECT t.token, t.domain, t.text, round(t.nll, 2) AS nll,\n"
              "       group_concat(r.expert, ' ') AS experts\n"
              "FROM tokens t JOIN routing r USING (run, token)\n"
              "WHERE t.run = '{run}' AND r.run = '{run}' AND r.layer = {layer} AND t.nll IS NOT NULL\n"
              "GROUP BY t.token ORDER BY t.nll DESC LIMIT 50")},
        {tr("The least certain choices"),
         fill("SELECT token, expert, round(weight, 3) AS weight, round(prob, 3) AS prob\n"
              "FROM routing WHERE run = '{run}' AND layer = {layer} AND slot = 0\n"
              "ORDER BY prob LIMIT 50")},
        {tr("Loss by domain"), fill("SELECT domain, count(*) AS tokens, round(avg(nll), 3) AS nll\n"
                                    "FROM tokens WHERE run = '{run}' GROUP BY domain ORDER BY nll")},
        {tr("Steps of trainings"),
         fill("SELECT run.name, step, round(loss, 3) AS loss, round(aux_loss, 4) AS aux_loss\n"
              "FROM train_step JOIN run ON run.id = train_step.run_id\n"
              "ORDER BY run.name, step DESC LIMIT 500")},
        {tr("Runs of this file"), fill("SELECT id, name, state, tokens, model FROM run ORDER BY id")},
        {tr("Tables and views"), fill("SELECT type, name, sql FROM sqlite_master ORDER BY type, name")},
    };
}

// One that this run can answer.
SqlPage::Example SqlPage::first() const {
    const bool routes = facts()->run.spec.content != RunContent::CountsOnly;
    return examples()[routes ? 0 : kRunsExample];
}

void SqlPage::fillExamples() {
    m_examples->clear();
    m_examples->addItem(tr("Examples"));
    for (const Example& example : examples()) {
        m_examples->addItem(example.words, example.sql);
    }
}

void SqlPage::clear() {
    m_model->setTable(nullptr);
    m_started = false;
}

QString SqlPage::beyondFilter(const RunFilter& filter) const {
    return filter == RunFilter() ? QString() : tr("The filter does not apply here: a query says itself what it reads.");
}

void SqlPage::showFacts() {
    fillExamples();
    if (!m_started && reader()) {
        m_started = true;
        if (m_editor->toPlainText().isEmpty()) {
            m_editor->setPlainText(first().sql);
        }
        runQuery();
    }
}

void SqlPage::showSelection(const Selected&, const Selected&) {
    fillExamples(); // they speak of what is selected
}

void SqlPage::setRunning(bool running) {
    m_run->setEnabled(!running);
    m_stop->setEnabled(running);
}

void SqlPage::runQuery() {
    const QString sql = m_editor->toPlainText().trimmed();
    if (sql.isEmpty() || !reader()) {
        return;
    }
    setRunning(true);
    m_status->setText(tr("Running…"));
    reader()->ask(
        QStringLiteral("sql"), this,
        [sql = sql.toStdString()](const Recording& recording, std::stop_token stop) -> Answer {
            try {
                return std::make_shared<const SqlTable>(querySql(recording.file(), sql, kRows, stop));
            } catch (const Error& error) {
                if (error.code() == ErrorCode::Cancelled) {
                    throw;
                }
                return std::string(error.what()); // said beside the query, not over the window
            }
        },
        [this](const std::shared_ptr<const Answer>& answer) {
            if (const auto* table = std::get_if<std::shared_ptr<const SqlTable>>(answer.get())) {
                gotTable(*table);
            } else {
                gotError(QString::fromStdString(std::get<std::string>(*answer)));
            }
        });
}

void SqlPage::gotTable(std::shared_ptr<const SqlTable> table) {
    setRunning(false);
    const QString rows = count(qint64(table->rows.size()));
    m_status->setText(table->cut ? tr("The first %1 rows; `moescope sql` writes them all.").arg(rows)
                                 : tr("%1 rows").arg(rows));
    m_status->setToolTip(tr("in %1 s").arg(shortNumber(table->seconds, 2)));
    m_resultPanel->setMessage(table->rows.empty() ? tr("The query gave no rows.") : QString());
    m_model->setTable(std::move(table));
}

void SqlPage::gotError(const QString& message) {
    setRunning(false);
    m_status->setText({});
    m_model->setTable(nullptr);
    const bool counts = facts() && facts()->run.spec.content == RunContent::CountsOnly;
    m_resultPanel->setMessage(counts ? message + QStringLiteral("\n\n") +
                                           tr("This run holds counts only: the views routing, logits and tokens have "
                                              "no rows for it, the tables run, layer and document do.")
                                     : message);
}

} // namespace moescope
