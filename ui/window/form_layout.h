#pragma once

class QDialog;
class QLabel;
class QLayout;
class QPushButton;

namespace moescope {

// Lays a dialog out as the dialogs that queue a job are: the form, what is missing or wrong, and Close beside `go`.
void layOutForm(QDialog& dialog, QLayout& form, QLabel& status, QPushButton& go);

} // namespace moescope
