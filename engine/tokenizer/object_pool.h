#pragma once

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace moescope {

// Objects that are expensive to make and used by one thread at a time. A lease gives its object back when it ends.
template <class T>
class ObjectPool {
public:
    class Lease {
    public:
        Lease(ObjectPool& pool, std::unique_ptr<T> object) : m_pool(&pool), m_object(std::move(object)) {}
        ~Lease() { m_pool->giveBack(std::move(m_object)); }
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        T* operator->() const { return m_object.get(); }
        T& operator*() const { return *m_object; }

    private:
        ObjectPool* m_pool;
        std::unique_ptr<T> m_object;
    };

    Lease take() {
        const std::lock_guard lock(m_mutex);
        if (m_free.empty()) {
            return Lease(*this, std::make_unique<T>());
        }
        auto object = std::move(m_free.back());
        m_free.pop_back();
        return Lease(*this, std::move(object));
    }

private:
    void giveBack(std::unique_ptr<T> object) {
        const std::lock_guard lock(m_mutex);
        m_free.push_back(std::move(object));
    }

    std::mutex m_mutex;
    std::vector<std::unique_ptr<T>> m_free;
};

} // namespace moescope
