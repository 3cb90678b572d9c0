#pragma once

#include "app/service/sql_query.h"
#include "ui/pages/page.h"

class QComboBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QTableView;

namespace moescope {

class SqlTableModel;

// Questions no page answers: read-only SQL over the recording.
class SqlPage : public Page {
    Q_OBJECT
public:
    explicit SqlPage(Workspace& workspace, QWidget* parent = nullptr);
    // Runs what stands in the editor.
    void runQuery();

protected:
    QString beyondFilter(const RunFilter& filter) const override;
    void showFacts() override;
    void showSelection(const Selected& now, const Selected& before) override;
    void clear() override;

private:
    struct Example {
        QString words;
        QString sql;
    };
    Example first() const;
    QWidget* buildEditor();
    QList<Example> examples() const;
    void fillExamples();
    void gotTable(std::shared_ptr<const SqlTable> table);
    void gotError(const QString& message);
    void setRunning(bool running);

    QPlainTextEdit* m_editor = nullptr;
    QComboBox* m_examples = nullptr;
    QPushButton* m_run = nullptr;
    QPushButton* m_stop = nullptr;
    QLabel* m_status = nullptr;
    QTableView* m_table = nullptr;
    SqlTableModel* m_model;
    Panel* m_resultPanel = nullptr;
    bool m_started = false; // the first example has run
};

} // namespace moescope
