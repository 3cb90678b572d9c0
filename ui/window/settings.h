#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include <QHash>
#include <QString>
#include <QVariant>

namespace moescope {

// The user's settings: read once, written by a thread of its own. Qt syncs a settings file to the disk, and that waits
// for whatever else is being written; beside a recording up to a second, in which the window would stand still.
// Lives in the GUI thread; its end waits for the last write.
class Settings {
public:
    Settings();
    ~Settings();
    Settings(const Settings&) = delete;
    Settings& operator=(const Settings&) = delete;

    QVariant value(const QString& key, const QVariant& otherwise = {}) const { return m_values.value(key, otherwise); }
    // An invalid value removes the key. Nothing is written where nothing changes.
    void setValue(const QString& key, const QVariant& value);
    void flush(); // waits until everything is written

private:
    void write(std::stop_token stop);

    QHash<QString, QVariant> m_values;
    std::mutex m_mutex;
    std::condition_variable_any m_wake, m_written;
    bool m_writing = false;             // guarded by m_mutex
    QHash<QString, QVariant> m_changed; // guarded by m_mutex
    std::jthread m_thread;
};

} // namespace moescope
