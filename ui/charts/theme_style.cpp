#include "ui/charts/theme.h"

#include <QString>

namespace moescope {

QPalette paletteOf(const Theme& theme) {
    QPalette p;
    p.setColor(QPalette::Window, theme.window);
    p.setColor(QPalette::WindowText, theme.text);
    p.setColor(QPalette::Base, theme.surface);
    p.setColor(QPalette::AlternateBase, mix(theme.surface, theme.raised, 0.4));
    p.setColor(QPalette::Text, theme.text);
    p.setColor(QPalette::Button, theme.dark ? theme.raised : theme.surface);
    p.setColor(QPalette::ButtonText, theme.text);
    p.setColor(QPalette::BrightText, theme.lost);
    p.setColor(QPalette::Highlight, theme.accent);
    p.setColor(QPalette::HighlightedText, readableOn(theme.accent));
    p.setColor(QPalette::Link, theme.accent);
    p.setColor(QPalette::ToolTipBase, theme.dark ? theme.raised : theme.surface);
    p.setColor(QPalette::ToolTipText, theme.text);
    p.setColor(QPalette::PlaceholderText, theme.faintText);
    p.setColor(QPalette::Mid, theme.border);
    p.setColor(QPalette::Midlight, theme.grid);
    p.setColor(QPalette::Light, theme.raised);
    p.setColor(QPalette::Dark, mix(theme.border, theme.text, 0.25));
    p.setColor(QPalette::Shadow, theme.dark ? QColor("#000000") : QColor("#b8bdc6"));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        p.setColor(QPalette::Disabled, role, mix(theme.faintText, theme.window, 0.3));
    }
    return p;
}

QString styleSheetOf(const Theme& theme) {
    QString sheet = QStringLiteral(R"(
QToolTip { background: @raised; color: @text; border: 1px solid @border; padding: 6px 8px; }
#panel { background: @surface; border: 1px solid @border; border-radius: 8px; }
#panelTitle { color: @text; }
#muted { color: @muted; }
#finding { color: @text; }
#filterNote { color: @accent; }
#warningLine { color: @warning; }
#pageList { background: @window; border: none; outline: none; padding: 8px 6px; }
#pageList::item { padding: 8px 12px; border-radius: 6px; color: @muted; }
#pageList::item:hover { background: @raised; color: @text; }
#pageList::item:selected { background: @accentSoft; color: @text; }
#panelMenu { border: none; padding: 2px 6px; color: @muted; border-radius: 4px; }
#panelMenu:hover { background: @raised; }
#panelMenu::menu-indicator { image: none; }
QTableView { background: @surface; border: none; gridline-color: @grid; selection-background-color: @accentSoft;
             selection-color: @text; alternate-background-color: @surface; outline: none; }
QTableView::item { border: none; padding: 2px 8px; }
QHeaderView { background: @surface; }
QHeaderView::section { background: @surface; color: @muted; border: none; border-bottom: 1px solid @border;
                       padding: 5px 8px; }
QTableCornerButton::section { background: @surface; border: none; }
QMainWindow::separator { background: @border; width: 1px; height: 1px; }
QPushButton { padding: 4px 12px; }
QLineEdit, QPlainTextEdit { background: @surface; border: 1px solid @edge; border-radius: 3px; padding: 2px 4px; }
QLineEdit:focus, QPlainTextEdit:focus { border-color: @accent; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit { border: none; background: transparent; }
QStatusBar { color: @muted; border-top: 1px solid @border; }
QStatusBar::item { border: none; }
QToolBar { background: @window; border: none; border-bottom: 1px solid @border; spacing: 6px; padding: 4px 8px; }
QSplitter::handle { background: transparent; }
QScrollArea { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollBar::handle { background: @border; border-radius: 4px; margin: 1px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:disabled { background: transparent; }
QScrollBar::handle:hover { background: @muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
)");
    const std::pair<const char*, QColor> names[] = {{"@raised", theme.raised},
                                                    {"@text", theme.text},
                                                    {"@border", theme.border},
                                                    {"@surface", theme.surface},
                                                    {"@muted", theme.mutedText},
                                                    {"@window", theme.window},
                                                    {"@accentSoft", theme.accentSoft},
                                                    {"@accent", theme.accent},
                                                    {"@warning", theme.warning},
                                                    {"@edge", mix(theme.border, theme.text, 0.25)},
                                                    {"@grid", theme.grid}};
    for (const auto& [name, color] : names) {
        sheet.replace(QLatin1String(name), color.name());
    }
    return sheet;
}

} // namespace moescope
