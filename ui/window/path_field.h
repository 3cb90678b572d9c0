#pragma once

#include <QWidget>

class QLineEdit;

namespace moescope {

// A path to type or to look for.
class PathField : public QWidget {
    Q_OBJECT
public:
    enum class Kind { Folder, File, Files, NewFile };
    PathField(const QString& name, Kind kind, const QString& filter = {}, QWidget* parent = nullptr);
    QString path() const;
    QStringList paths() const; // of Kind::Files: what stands between semicolons
    void setPath(const QString& path);

Q_SIGNALS:
    void changed();

private:
    void browse();

    QString m_name;
    Kind m_kind;
    QString m_filter;
    QLineEdit* m_edit;
};

} // namespace moescope
