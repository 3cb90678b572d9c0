#include "ui/window/record_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QStyle>
#include <QVBoxLayout>

#include "ui/charts/number_format.h"

namespace moescope {

RecordDialog::RecordDialog(RecordWork work, QWidget* parent) : QDialog(parent), m_work(std::move(work)) {
    setWindowTitle(tr("Record a model"));
    resize(680, 560);
    build();
    for (QLineEdit* edit : {m_model, m_input, m_file}) {
        connect(edit, &QLineEdit::textChanged, this, &RecordDialog::updateStart);
    }
    connect(m_start, &QPushButton::clicked, this, [this] {
        if (isRunning()) {
            m_job->cancel();
            m_status->setText(tr("Stopping after the current layer…"));
        } else {
            start();
        }
    });
    connect(m_close, &QPushButton::clicked, this, &RecordDialog::reject);
    updateStart();
}

QWidget* RecordDialog::pathRow(QLineEdit*& edit, const QString& name, bool folder, bool saving) {
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    edit = new QLineEdit;
    edit->setAccessibleName(name);
    auto* browse = new QPushButton(tr("Browse…"));
    layout->addWidget(edit, 1);
    layout->addWidget(browse);
    connect(browse, &QPushButton::clicked, this, [this, target = edit, name, folder, saving] {
        const QString path = saving ? QFileDialog::getSaveFileName(this, name, target->text(), tr("Recordings (*.db)"),
                                                                   nullptr, QFileDialog::DontConfirmOverwrite)
                             : folder ? QFileDialog::getExistingDirectory(this, name, target->text())
                                      : QFileDialog::getOpenFileName(this, name, target->text());
        if (!path.isEmpty()) {
            target->setText(path);
        }
    });
    return row;
}

void RecordDialog::build() {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(20, 18, 20, 16);
    column->setSpacing(12);
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(14);
    form->setVerticalSpacing(8);
    form->addRow(tr("Model folder"), pathRow(m_model, tr("Model folder"), true, false));
    form->addRow(tr("Texts"), pathRow(m_input, tr("Texts: a folder whose sub-folders name domains"), true, false));
    form->addRow(tr("Recording"), pathRow(m_file, tr("Recording to write"), false, true));
    m_name = new QLineEdit;
    m_name->setPlaceholderText(tr("the model's name"));
    form->addRow(tr("Name of the run"), m_name);
    m_device = new QComboBox;
    m_device->addItems({QStringLiteral("auto"), QStringLiteral("cpu"), QStringLiteral("cuda")});
    m_dtype = new QComboBox;
    m_dtype->addItems({QStringLiteral("auto"), QStringLiteral("f32"), QStringLiteral("bf16"), QStringLiteral("f16")});
    m_logits = new QComboBox;
    m_logits->addItems({QStringLiteral("auto"), QStringLiteral("f32"), QStringLiteral("f16"), QStringLiteral("none")});
    auto* kind = new QHBoxLayout;
    kind->setSpacing(10);
    kind->addWidget(m_device);
    kind->addSpacing(8);
    kind->addWidget(new QLabel(tr("number type")));
    kind->addWidget(m_dtype);
    m_int8Experts = new QCheckBox(tr("experts in int8"));
    m_int8Experts->setToolTip(
        tr("The experts' weights and products in 8 bits: faster and less exact; on the CPU only"));
    kind->addWidget(m_int8Experts);
    kind->addSpacing(8);
    kind->addWidget(new QLabel(tr("logits")));
    kind->addWidget(m_logits);
    kind->addStretch(1);
    form->addRow(tr("Device"), kind);
    m_context = new QSpinBox;
    m_context->setRange(16, 1 << 20);
    m_context->setValue(512);
    m_context->setSuffix(tr(" tokens"));
    m_limit = new QSpinBox;
    m_limit->setRange(0, 1 << 30);
    m_limit->setSingleStep(10000);
    m_limit->setSpecialValueText(tr("all of the text"));
    m_limit->setSuffix(tr(" tokens"));
    form->addRow(tr("Window"), m_context);
    form->addRow(tr("At most"), m_limit);
    column->addLayout(form);
    m_rate = new LineChart;
    m_rate->setMinimumHeight(150);
    m_rate->hide(); // until there is a rate
    column->addWidget(m_rate, 1);
    column->addStretch(0);
    m_bar = new QProgressBar;
    m_bar->setTextVisible(false);
    m_bar->setAccessibleName(tr("Progress"));
    column->addWidget(m_bar);
    m_status = new QLabel;
    m_status->setWordWrap(true);
    column->addWidget(m_status);
    auto* buttons = new QHBoxLayout;
    m_start = new QPushButton;
    m_close = new QPushButton(tr("Close"));
    m_queue = new QPushButton(tr("Add to the jobs"));
    m_queue->setToolTip(tr("Record it behind the jobs that are under way; the Jobs panel shows how far it is"));
    connect(m_queue, &QPushButton::clicked, this, [this] {
        Q_EMIT queueWanted(request());
        m_status->setText(tr("Added to the jobs."));
    });
    buttons->addStretch(1);
    buttons->addWidget(m_close);
    buttons->addWidget(m_queue);
    buttons->addWidget(m_start);
    m_start->setDefault(true);
    column->addLayout(buttons);
}

void RecordDialog::setModel(const QString& folder) {
    m_model->setText(folder);
}

void RecordDialog::setInput(const QString& path) {
    m_input->setText(path);
}

void RecordDialog::setFile(const QString& file) {
    m_file->setText(file);
}

QString RecordDialog::missing() const {
    if (!m_work) {
        return tr("This program was built without the engine, so it cannot record; it opens recordings all the same.");
    }
    if (m_model->text().isEmpty()) {
        return tr("Choose the folder of a model: config.json, weights and tokenizer.");
    }
    if (m_input->text().isEmpty()) {
        return tr("Choose the texts to run it over.");
    }
    return m_file->text().isEmpty() ? tr("Choose the recording to write.") : QString();
}

void RecordDialog::updateStart() {
    const QString words = missing();
    m_start->setText(isRunning() ? tr("Cancel") : tr("Record"));
    m_start->setEnabled(isRunning() || words.isEmpty());
    m_queue->setEnabled(words.isEmpty());
    if (!isRunning()) {
        m_status->setText(words);
    }
}

RecordRequest RecordDialog::request() const {
    RecordRequest request;
    request.model = m_model->text().toStdString();
    request.db = m_file->text().toStdString();
    request.inputs = {TextInput{m_input->text().toStdString(), {}}};
    request.name = m_name->text().toStdString();
    request.device = m_device->currentText().toStdString();
    request.dtype = m_dtype->currentText().toStdString();
    request.expertWeights = m_int8Experts->isChecked() ? "int8" : "auto";
    request.logits = m_logits->currentText().toStdString();
    request.context = m_context->value();
    request.limit = m_limit->value();
    return request;
}

void RecordDialog::start() {
    if (!missing().isEmpty()) {
        return updateStart();
    }
    m_rates.clear();
    m_rate->show();
    m_job = std::make_unique<RecordJob>(m_work, request());
    const QString file = m_file->text();
    connect(m_job.get(), &RecordJob::progress, this, &RecordDialog::onProgress);
    connect(m_job.get(), &RecordJob::finished, this, [this, file](const QString& run, qint64 tokens, double seconds) {
        onEnd(tr("Recorded %1 tokens in %2 s as run “%3”.").arg(count(tokens), shortNumber(seconds), run), false);
        Q_EMIT recorded(file, run);
    });
    connect(m_job.get(), &RecordJob::cancelled, this, [this] {
        onEnd(tr("Stopped. What was recorded is kept; `moescope record --resume` goes on from there."), false);
    });
    connect(m_job.get(), &RecordJob::failed, this, [this](const QString& message) { onEnd(message, true); });
    m_bar->setRange(0, 0);
    m_job->start();
    updateStart();
    m_status->setText(tr("Loading the model…"));
}

void RecordDialog::onProgress(qint64 done, qint64 total, double rate) {
    m_bar->setRange(0, 1000);
    m_bar->setValue(total > 0 ? int(1000 * done / total) : 0);
    const double left = rate > 0 ? double(total - done) / rate : 0;
    m_status->setText(tr("%1 of %2 tokens · %3 tokens/s · %4 s left")
                          .arg(count(done), count(total), shortNumber(rate), shortNumber(left, 2)));
    m_rates << QPointF(double(done), rate);
    drawRate();
    Q_EMIT recordingGrew(m_file->text());
}

void RecordDialog::drawRate() {
    auto chart = std::make_shared<LineChartData>();
    chart->xAxis = tr("tokens recorded");
    chart->yAxis = tr("tokens per second");
    LineSeriesData line;
    line.role = Role::Accent;
    line.points = m_rates;
    chart->lines.push_back(line);
    m_rate->setData(chart);
}

void RecordDialog::onEnd(const QString& words, bool isError) {
    m_bar->setRange(0, 1000);
    updateStart();
    m_status->setObjectName(isError ? QStringLiteral("warningLine") : QString());
    m_status->style()->unpolish(m_status);
    m_status->style()->polish(m_status);
    m_status->setText(words);
}

void RecordDialog::reject() {
    if (isRunning()) {
        m_job->cancel();
    }
    QDialog::reject();
}

} // namespace moescope
