#pragma once

#include <QDialog>

#include "app/service/train_service.h"

class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace moescope {

class PathField;

// What to train under which strategies.
class TrainDialog : public QDialog {
    Q_OBJECT
public:
    explicit TrainDialog(bool available, QWidget* parent = nullptr);
    void setData(const QString& folder);
    void setTokenizer(const QString& file);
    void setOutput(const QString& folder, const QString& recording);
    TrainRequest request() const;

Q_SIGNALS:
    void trainWanted(const moescope::TrainRequest& request);

private:
    QSpinBox* number(const QString& name, int low, int high, int value);
    void build();
    void refresh();

    bool m_available;
    PathField* m_data;
    PathField* m_tokenizer;
    PathField* m_out;
    PathField* m_recording;
    QLineEdit* m_strategies;
    QSpinBox* m_steps;
    QSpinBox* m_layers;
    QSpinBox* m_width;
    QSpinBox* m_experts;
    QSpinBox* m_topK;
    QSpinBox* m_batch;
    QSpinBox* m_seeds;
    QLabel* m_status;
    QPushButton* m_go;
};

} // namespace moescope
