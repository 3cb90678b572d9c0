#include "ui/state/selection.h"

namespace moescope {

namespace {

bool onlyTokenDiffers(Selected a, const Selected& b) {
    a.token = b.token;
    return a == b;
}

} // namespace

void Selection::set(const Selected& next) {
    if (next == m_value) {
        return;
    }
    const Selected before = m_value;
    m_value = next;
    const bool walks = onlyTokenDiffers(before, next) && before.token && next.token;
    if (walks && m_walking) {
        m_history[m_at] = next; // a walk along the text is one step of the history
    } else {
        remember();
    }
    m_walking = walks;
    Q_EMIT changed(m_value, before);
    Q_EMIT historyChanged();
}

void Selection::remember() {
    constexpr std::size_t kLongest = 200;
    m_history.resize(m_at + 1);
    m_history.push_back(m_value);
    if (m_history.size() > kLongest) {
        m_history.erase(m_history.begin());
    }
    m_at = m_history.size() - 1;
}

void Selection::setLayer(LayerId layer) {
    Selected next = m_value;
    next.layer = layer;
    set(next);
}

void Selection::setExpert(std::optional<ExpertId> expert) {
    Selected next = m_value;
    next.expert = expert;
    set(next);
}

void Selection::setLayerAndExpert(LayerId layer, std::optional<ExpertId> expert) {
    Selected next = m_value;
    next.layer = layer;
    next.expert = expert;
    set(next);
}

void Selection::setToken(std::optional<TokenIndex> token) {
    Selected next = m_value;
    next.token = token;
    set(next);
}

void Selection::setDomain(std::optional<QString> domain) {
    Selected next = m_value;
    next.domain = std::move(domain);
    set(next);
}

void Selection::setFilter(const RunFilter& filter) {
    Selected next = m_value;
    next.filter = filter;
    set(next);
}

void Selection::amend(const Selected& next) {
    const Selected before = m_value;
    m_value = next;
    m_history[m_at] = next;
    Q_EMIT changed(m_value, before);
    Q_EMIT historyChanged();
}

void Selection::restart(const Selected& first) {
    const Selected before = m_value;
    m_value = first;
    m_history = {first};
    m_at = 0;
    m_walking = false;
    Q_EMIT changed(m_value, before);
    Q_EMIT historyChanged();
}

void Selection::back() {
    if (canGoBack()) {
        go(m_at - 1);
    }
}

void Selection::forward() {
    if (canGoForward()) {
        go(m_at + 1);
    }
}

void Selection::go(std::size_t to) {
    const Selected before = m_value;
    m_at = to;
    m_value = m_history[to];
    m_walking = false;
    Q_EMIT changed(m_value, before);
    Q_EMIT historyChanged();
}

} // namespace moescope
