#include "ui/window/import_dialog.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>

#include "ui/window/form_layout.h"
#include "ui/window/path_field.h"

namespace moescope {

ImportDialog::ImportDialog(QWidget* parent)
    : QDialog(parent), m_files(new PathField(tr("Traces"), PathField::Kind::Files,
                                             tr("Routing traces (*.csv *.safetensors);;All files (*)"))),
      m_recording(new PathField(tr("Recording to write"), PathField::Kind::NewFile, tr("Recordings (*.db)"))),
      m_model(new PathField(tr("Model folder"), PathField::Kind::Folder)), m_format(new QComboBox),
      m_topK(new QSpinBox), m_status(new QLabel), m_go(new QPushButton(tr("Import"))) {
    setWindowTitle(tr("Import routing"));
    resize(640, 320);
    m_format->addItems({tr("detected"), tr("counts (CSV)"), tr("router tensors (safetensors)")});
    m_topK->setRange(0, 1024);
    m_topK->setSpecialValueText(tr("as the file or the model says"));
    m_topK->setAccessibleName(tr("Experts for each token"));
    m_format->setAccessibleName(tr("Format"));
    auto* form = new QFormLayout;
    form->addRow(tr("Traces"), m_files);
    form->addRow(tr("Recording"), m_recording);
    form->addRow(tr("Format"), m_format);
    form->addRow(tr("Model folder"), m_model);
    form->addRow(tr("Experts for each token"), m_topK);
    layOutForm(*this, *form, *m_status, *m_go);
    connect(m_files, &PathField::changed, this, &ImportDialog::refresh);
    connect(m_recording, &PathField::changed, this, &ImportDialog::refresh);
    connect(m_go, &QPushButton::clicked, this, [this] {
        Q_EMIT importWanted(request());
        accept();
    });
    refresh();
}

void ImportDialog::setFiles(const QStringList& files) {
    m_files->setPath(files.join(QLatin1Char(';')));
}

void ImportDialog::setRecording(const QString& file) {
    m_recording->setPath(file);
}

ImportRequest ImportDialog::request() const {
    ImportRequest request;
    for (const QString& file : m_files->paths()) {
        request.files.emplace_back(file.toStdString());
    }
    request.db = m_recording->path().toStdString();
    request.format = ImportFormat(m_format->currentIndex());
    request.model = m_model->path().toStdString();
    request.topK = m_topK->value();
    return request;
}

void ImportDialog::refresh() {
    const bool complete = !m_files->paths().isEmpty() && !m_recording->path().isEmpty();
    m_go->setEnabled(complete);
    m_status->setText(m_files->paths().isEmpty()
                          ? tr("Choose counts (CSV: layer,expert,count or layer,expert,domain,count) or a dump of "
                               "router tensors (safetensors).")
                      : m_recording->path().isEmpty() ? tr("Choose the recording to write.")
                                                      : tr("The model's folder is optional: it gives gate and text."));
}

} // namespace moescope
