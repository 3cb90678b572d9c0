#pragma once

namespace moescope {

class MainWindow;

// Menus and shortcuts of the window.
void buildMenus(MainWindow& window);

} // namespace moescope
