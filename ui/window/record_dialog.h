#pragma once

#include <memory>

#include <QDialog>

#include "ui/charts/line_chart.h"
#include "ui/window/record_job.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QSpinBox;

namespace moescope {

// Record a model over texts: what, where and how, then its progress and rate while it runs.
class RecordDialog : public QDialog {
    Q_OBJECT
public:
    RecordDialog(RecordWork work, QWidget* parent = nullptr);
    void setModel(const QString& folder);
    void setInput(const QString& path);
    void setFile(const QString& file);
    RecordRequest request() const;
    bool isRunning() const { return m_job && m_job->isRunning(); }
    void start();

Q_SIGNALS:
    void queueWanted(const moescope::RecordRequest& request); // behind other jobs
    void recordingGrew(const QString& file);                  // something new is committed
    void recorded(const QString& file, const QString& run);

protected:
    void reject() override; // a running job is cancelled first

private:
    void build();
    QWidget* pathRow(QLineEdit*& edit, const QString& name, bool folder, bool saving);
    void onProgress(qint64 done, qint64 total, double rate);
    void onEnd(const QString& words, bool isError);
    void drawRate();
    QString missing() const; // what is not filled in yet; empty: nothing
    void updateStart();

    RecordWork m_work;
    std::unique_ptr<RecordJob> m_job;
    QLineEdit* m_model = nullptr;
    QLineEdit* m_input = nullptr;
    QLineEdit* m_file = nullptr;
    QLineEdit* m_name = nullptr;
    QComboBox* m_device = nullptr;
    QComboBox* m_dtype = nullptr;
    QCheckBox* m_int8Experts = nullptr;
    QComboBox* m_logits = nullptr;
    QSpinBox* m_context = nullptr;
    QSpinBox* m_limit = nullptr;
    QProgressBar* m_bar = nullptr;
    QLabel* m_status = nullptr;
    LineChart* m_rate = nullptr;
    QPushButton* m_queue = nullptr;
    QPushButton* m_start = nullptr;
    QPushButton* m_close = nullptr;
    QList<QPointF> m_rates; // tokens done, tokens per second
};

} // namespace moescope
