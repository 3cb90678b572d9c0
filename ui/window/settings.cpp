#include "ui/window/settings.h"

#include <utility>

#include <QSettings>

namespace moescope {

Settings::Settings() {
    const QSettings file;
    for (const QString& key : file.allKeys()) {
        m_values.insert(key, file.value(key));
    }
    m_thread = std::jthread([this](std::stop_token stop) { write(std::move(stop)); });
}

Settings::~Settings() {
    m_thread.request_stop();
    m_thread.join();
}

void Settings::setValue(const QString& key, const QVariant& value) {
    if (m_values.value(key) == value && m_values.contains(key) == value.isValid()) {
        return;
    }
    if (value.isValid()) {
        m_values.insert(key, value);
    } else {
        m_values.remove(key);
    }
    {
        const std::lock_guard lock(m_mutex);
        m_changed.insert(key, value);
    }
    m_wake.notify_all();
}

void Settings::flush() {
    std::unique_lock lock(m_mutex);
    m_written.wait(lock, [this] { return m_changed.isEmpty() && !m_writing; });
}

void Settings::write(std::stop_token stop) {
    for (bool last = false; !last;) {
        QHash<QString, QVariant> changed;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, stop, [this] { return !m_changed.isEmpty(); });
            last = stop.stop_requested();
            changed = std::exchange(m_changed, {});
            m_writing = true;
        }
        QSettings file;
        for (auto at = changed.cbegin(); at != changed.cend(); ++at) {
            at.value().isValid() ? file.setValue(at.key(), at.value()) : file.remove(at.key());
        }
        file.sync();
        {
            const std::lock_guard lock(m_mutex);
            m_writing = false;
        }
        m_written.notify_all();
    }
}

} // namespace moescope
