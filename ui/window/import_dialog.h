#pragma once

#include <QDialog>

#include "app/service/import_service.h"

class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;

namespace moescope {

class PathField;

// Which traces to import, and what they do not say themselves.
class ImportDialog : public QDialog {
    Q_OBJECT
public:
    explicit ImportDialog(QWidget* parent = nullptr);
    void setFiles(const QStringList& files);
    void setRecording(const QString& file);
    ImportRequest request() const;

Q_SIGNALS:
    void importWanted(const moescope::ImportRequest& request);

private:
    void refresh();

    PathField* m_files;
    PathField* m_recording;
    PathField* m_model;
    QComboBox* m_format;
    QSpinBox* m_topK;
    QLabel* m_status;
    QPushButton* m_go;
};

} // namespace moescope
