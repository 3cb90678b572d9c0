#include "app/service/token_cache.h"

#include <fstream>
#include <span>

#include "engine/checkpoint/atomic_file.h"

namespace moescope {

namespace {

// Layout, little-endian: magic, then strings and arrays each behind their length (u64): key, and for each domain its
// name and ids (i32); the magic again at the end.
constexpr std::uint64_t kMagic = 0x31304B4F54454F4DULL; // "MOETOK01"

template <class T>
void put(AtomicFile& file, std::span<const T> values) {
    const std::uint64_t size = values.size();
    file.write(std::as_bytes(std::span(&size, 1)));
    file.write(std::as_bytes(values));
}

class Reader {
public:
    explicit Reader(const std::filesystem::path& file) : m_in(file, std::ios::binary) {
        std::error_code missing;
        m_left = std::filesystem::file_size(file, missing);
        if (missing)
            m_left = 0;
    }

    std::uint64_t number() {
        std::uint64_t value = 0;
        read(&value, sizeof value);
        return value;
    }

    template <class Container>
    Container array() {
        using T = typename Container::value_type;
        const std::uint64_t size = number();
        if (m_failed || size > m_left / sizeof(T)) {
            m_failed = true;
            return {};
        }
        Container values(size, T{});
        read(values.data(), size * sizeof(T));
        return values;
    }

    bool failed() const { return m_failed; }

private:
    void read(void* to, std::uint64_t bytes) {
        m_failed = m_failed || bytes > m_left || !m_in.read(static_cast<char*>(to), std::streamsize(bytes));
        m_left -= m_failed ? 0 : bytes;
    }

    std::ifstream m_in;
    std::uint64_t m_left = 0;
    bool m_failed = false;
};

} // namespace

std::optional<std::vector<CachedDomain>> readTokenCache(const std::filesystem::path& file, const std::string& key) {
    Reader reader(file);
    if (reader.number() != kMagic || reader.array<std::string>() != key || reader.failed())
        return std::nullopt;
    std::vector<CachedDomain> domains;
    for (std::uint64_t left = reader.number(); left > 0 && !reader.failed(); --left) {
        auto name = reader.array<std::string>();
        domains.push_back({std::move(name), reader.array<std::vector<std::int32_t>>()});
    }
    if (reader.number() != kMagic || reader.failed())
        return std::nullopt;
    return domains;
}

void writeTokenCache(const std::filesystem::path& file, const std::string& key,
                     const std::vector<CachedDomain>& domains) {
    AtomicFile out(file);
    const std::uint64_t count = domains.size();
    out.write(std::as_bytes(std::span(&kMagic, 1)));
    put(out, std::span<const char>(key));
    out.write(std::as_bytes(std::span(&count, 1)));
    for (const CachedDomain& domain : domains) {
        put(out, std::span<const char>(domain.name));
        put(out, std::span<const std::int32_t>(domain.tokens));
    }
    out.write(std::as_bytes(std::span(&kMagic, 1)));
    out.commit();
}

} // namespace moescope
