#pragma once

#include <QToolButton>
#include <QVariant>

class QLineEdit;
class QListWidget;

namespace moescope {

// A button that opens a list to tick entries of; long lists can be searched. Nothing ticked means all.
class CheckListMenu : public QToolButton {
    Q_OBJECT
public:
    // `all` stands on the button while nothing is ticked, `several` ("%1 layers") while more than one entry is.
    CheckListMenu(const QString& name, QString all, QString several, QWidget* parent = nullptr);

    struct Entry {
        QString text;
        QVariant value;
    };
    void setEntries(const QList<Entry>& entries);
    void setTicked(const QVariantList& values);
    QVariantList ticked() const;

Q_SIGNALS:
    void tickedChanged(const QVariantList& values); // by the user

private:
    void build();
    void search(const QString& words);
    void showWords();

    QString m_all, m_several;
    QLineEdit* m_search = nullptr;
    QListWidget* m_list = nullptr;
};

} // namespace moescope
