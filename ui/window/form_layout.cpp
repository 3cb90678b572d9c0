#include "ui/window/form_layout.h"

#include <QDialog>
#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace moescope {

void layOutForm(QDialog& dialog, QLayout& form, QLabel& status, QPushButton& go) {
    status.setWordWrap(true);
    status.setObjectName(QStringLiteral("muted"));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    buttons->addButton(&go, QDialogButtonBox::AcceptRole);
    QObject::connect(buttons, &QDialogButtonBox::rejected, &dialog, &QDialog::reject);
    auto* column = new QVBoxLayout(&dialog);
    column->setContentsMargins(20, 18, 20, 16);
    column->addLayout(&form);
    column->addWidget(&status);
    column->addStretch(1);
    column->addWidget(buttons);
}

} // namespace moescope
