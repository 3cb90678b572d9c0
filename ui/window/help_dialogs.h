#pragma once

namespace moescope {

class MainWindow;

// Every shortcut of the menus and those of the views.
void showShortcuts(MainWindow& window);
void showAbout(MainWindow& window);

} // namespace moescope
