#include "ui/window/train_dialog.h"

#include <algorithm>

#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>

#include "ui/window/form_layout.h"
#include "ui/window/path_field.h"

namespace moescope {

TrainDialog::TrainDialog(bool available, QWidget* parent)
    : QDialog(parent), m_available(available),
      m_data(new PathField(tr("Texts: a folder whose sub-folders name domains"), PathField::Kind::Folder)),
      m_tokenizer(new PathField(tr("Tokenizer"), PathField::Kind::File, tr("Tokenizers (tokenizer.json)"))),
      m_out(new PathField(tr("Folder for the checkpoints"), PathField::Kind::Folder)),
      m_recording(new PathField(tr("Recording to write"), PathField::Kind::NewFile, tr("Recordings (*.db)"))),
      m_strategies(new QLineEdit(QStringLiteral("none, aux+z"))), m_steps(number(tr("Steps"), 1, 10000000, 200)),
      m_layers(number(tr("Layers"), 1, 128, 4)), m_width(number(tr("Hidden size"), 32, 8192, 128)),
      m_experts(number(tr("Experts"), 2, 1024, 8)), m_topK(number(tr("Experts for each token"), 1, 64, 2)),
      m_batch(number(tr("Tokens of a step"), 512, 1 << 20, 4096)),
      m_seeds(number(tr("Models for each strategy"), 1, 100, 1)), m_status(new QLabel),
      m_go(new QPushButton(tr("Train"))) {
    setWindowTitle(tr("Train small models"));
    resize(680, 430);
    build();
    for (PathField* field : {m_data, m_tokenizer, m_out, m_recording}) {
        connect(field, &PathField::changed, this, &TrainDialog::refresh);
    }
    connect(m_strategies, &QLineEdit::textChanged, this, &TrainDialog::refresh);
    connect(m_go, &QPushButton::clicked, this, [this] {
        Q_EMIT trainWanted(request());
        accept();
    });
    refresh();
}

QSpinBox* TrainDialog::number(const QString& name, int low, int high, int value) {
    auto* box = new QSpinBox;
    box->setRange(low, high);
    box->setValue(value);
    box->setAccessibleName(name);
    return box;
}

void TrainDialog::build() {
    const auto row = [](std::initializer_list<std::pair<QString, QWidget*>> parts) {
        auto* line = new QHBoxLayout;
        for (const auto& [name, widget] : parts) {
            if (!name.isEmpty()) {
                line->addWidget(new QLabel(name));
            }
            line->addWidget(widget);
            line->addSpacing(8);
        }
        line->addStretch(1);
        return line;
    };
    m_strategies->setAccessibleName(tr("Balancing strategies"));
    auto* form = new QFormLayout;
    form->addRow(tr("Texts"), m_data);
    form->addRow(tr("Tokenizer"), m_tokenizer);
    form->addRow(tr("Checkpoints"), m_out);
    form->addRow(tr("Recording"), m_recording);
    form->addRow(tr("Strategies"), m_strategies);
    form->addRow(tr("Training"),
                 row({{{}, m_steps}, {tr("steps of"), m_batch}, {tr("tokens; models for each strategy"), m_seeds}}));
    form->addRow(tr("Model"), row({{{}, m_layers},
                                   {tr("layers, hidden size"), m_width},
                                   {tr("experts"), m_experts},
                                   {tr("for each token"), m_topK}}));
    layOutForm(*this, *form, *m_status, *m_go);
}

void TrainDialog::setData(const QString& folder) {
    m_data->setPath(folder);
}

void TrainDialog::setTokenizer(const QString& file) {
    m_tokenizer->setPath(file);
}

void TrainDialog::setOutput(const QString& folder, const QString& recording) {
    m_out->setPath(folder);
    m_recording->setPath(recording);
}

TrainRequest TrainDialog::request() const {
    TrainRequest request;
    request.strategies.clear();
    for (const QString& name : m_strategies->text().split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        request.strategies.push_back(name.trimmed().toStdString());
    }
    request.data = m_data->path().toStdString();
    request.tokenizer = m_tokenizer->path().toStdString();
    request.out = m_out->path().toStdString();
    request.db = m_recording->path().toStdString();
    request.seeds = m_seeds->value();
    request.config.layers = m_layers->value();
    request.config.width = m_width->value();
    request.config.heads = std::max(1, m_width->value() / 32);
    request.config.experts = m_experts->value();
    request.config.topK = m_topK->value();
    request.config.steps = m_steps->value();
    request.config.batchTokens = m_batch->value();
    request.config.warmup = std::min(200, m_steps->value() / 5);
    request.config.resume = true; // nothing that is trained already is trained again
    return request;
}

void TrainDialog::refresh() {
    const QString lack = !m_available ? tr("This program was built without the engine, so it cannot train.")
                         : m_data->path().isEmpty()       ? tr("Choose the texts to train on.")
                         : m_out->path().isEmpty()        ? tr("Choose a folder for the checkpoints.")
                         : m_recording->path().isEmpty()  ? tr("Choose the recording to write.")
                         : m_strategies->text().isEmpty() ? tr("Name a strategy: none, aux, aux+z, ...")
                                                          : QString();
    m_go->setEnabled(lack.isEmpty());
    m_status->setText(lack.isEmpty() ? tr("One model for each strategy and seed, on the same data in the same order.")
                                     : lack);
}

} // namespace moescope
