#include "ui/window/path_field.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>

namespace moescope {

PathField::PathField(const QString& name, Kind kind, const QString& filter, QWidget* parent)
    : QWidget(parent), m_name(name), m_kind(kind), m_filter(filter), m_edit(new QLineEdit) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    m_edit->setAccessibleName(name);
    auto* look = new QPushButton(tr("Browse…"));
    row->addWidget(m_edit, 1);
    row->addWidget(look);
    setFocusProxy(m_edit);
    connect(m_edit, &QLineEdit::textChanged, this, &PathField::changed);
    connect(look, &QPushButton::clicked, this, &PathField::browse);
}

QString PathField::path() const {
    return m_edit->text().trimmed();
}

QStringList PathField::paths() const {
    QStringList list;
    for (const QString& part : m_edit->text().split(QLatin1Char(';'), Qt::SkipEmptyParts)) {
        list << part.trimmed();
    }
    list.removeAll(QString());
    return list;
}

void PathField::setPath(const QString& path) {
    m_edit->setText(path);
}

void PathField::browse() {
    QString found;
    switch (m_kind) {
    case Kind::Folder:
        found = QFileDialog::getExistingDirectory(this, m_name, path());
        break;
    case Kind::File:
        found = QFileDialog::getOpenFileName(this, m_name, path(), m_filter);
        break;
    case Kind::Files:
        found = QFileDialog::getOpenFileNames(this, m_name, path(), m_filter).join(QLatin1Char(';'));
        break;
    case Kind::NewFile:
        found =
            QFileDialog::getSaveFileName(this, m_name, path(), m_filter, nullptr, QFileDialog::DontConfirmOverwrite);
        break;
    }
    if (!found.isEmpty()) {
        setPath(found);
    }
}

} // namespace moescope
