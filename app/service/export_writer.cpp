#include "app/service/export_writer.h"

#include <charconv>
#include <cmath>
#include <cstring>

#include "app/service/export_text.h"

namespace moescope {

namespace {

constexpr std::size_t kBuffer = std::size_t(1) << 20;
constexpr std::size_t kNumber = 40; // longest number, its column's prefix apart

std::string csvCell(std::string_view bytes, bool rawText) {
    std::string text = readableText(bytes);
    if (!rawText && looksLikeFormula(text)) {
        text.insert(text.begin(), '\'');
    }
    if (text.find_first_of(",\"\r\n") == std::string::npos) {
        return text;
    }
    std::string quoted = "\"";
    for (char c : text) {
        quoted += c == '"' ? "\"\"" : std::string(1, c);
    }
    return quoted + '"';
}

std::string jsonCell(std::string_view bytes) {
    std::string cell = "\"";
    for (char c : readableText(bytes)) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            cell += {'\\', c};
        } else if (byte < 0x20) {
            constexpr std::string_view kHex = "0123456789abcdef";
            cell += "\\u00";
            cell += {kHex[byte >> 4U], kHex[byte & 15U]};
        } else {
            cell += c;
        }
    }
    return cell + '"';
}

} // namespace

TableWriter::TableWriter(ByteOutput& output, ExportFormat format, std::span<const std::string_view> columns,
                         TextOptions options)
    : m_output(output), m_format(format), m_options(options), m_buffer(kBuffer), m_at(m_buffer.data()) {
    for (std::string_view column : columns) {
        const bool first = m_prefixes.empty();
        m_prefixes.push_back(format == ExportFormat::Csv ? (first ? "" : ",")
                                                         : (first ? "\"" : ",\"") + std::string(column) + "\":");
    }
    if (format == ExportFormat::Json) {
        put("[");
        return;
    }
    put(options.bom ? "\xEF\xBB\xBF" : "");
    for (std::size_t i = 0; i < columns.size(); ++i) {
        put(m_prefixes[i]);
        put(columns[i]);
    }
    put("\r\n");
}

void TableWriter::setRun(std::string_view name) {
    m_run = m_prefixes[0] + (m_format == ExportFormat::Csv ? csvCell(name, m_options.rawText) : jsonCell(name));
}

void TableWriter::beginRow() {
    if (m_format == ExportFormat::Json) {
        put(m_rows == 0 ? "\n{" : ",\n{");
    }
    put(m_run);
    m_column = 1;
}

void TableWriter::separate() {
    const std::string& prefix = m_prefixes[m_column++];
    makeRoom(prefix.size() + kNumber);
    std::memcpy(m_at, prefix.data(), prefix.size());
    m_at += prefix.size();
}

template <class Number>
void TableWriter::putNumber(Number value) {
    m_at = std::to_chars(m_at, m_at + kNumber, value).ptr;
}

void TableWriter::cell(std::int64_t value) {
    separate();
    putNumber(value);
}

void TableWriter::cell(double value) {
    separate();
    if (std::isfinite(value)) {
        putNumber(value);
    } else if (m_format == ExportFormat::Json) {
        put("null");
    } else if (!std::isnan(value)) {
        put(value > 0 ? "inf" : "-inf");
    }
}

void TableWriter::cell(float value) {
    if (!std::isfinite(value)) {
        cell(double(value));
        return;
    }
    separate();
    putNumber(value);
}

void TableWriter::cell(std::string_view text) {
    separate();
    put(m_format == ExportFormat::Csv ? csvCell(text, m_options.rawText) : jsonCell(text));
}

void TableWriter::none() {
    separate();
    if (m_format == ExportFormat::Json) {
        put("null");
    }
}

void TableWriter::cellOrNone(double value) {
    std::isnan(value) ? none() : cell(value);
}

void TableWriter::endRow() {
    put(m_format == ExportFormat::Csv ? "\r\n" : "}");
    ++m_rows;
}

void TableWriter::finish() {
    if (m_format == ExportFormat::Json) {
        put("\n]\n");
    }
    flush();
}

void TableWriter::put(std::string_view bytes) {
    if (bytes.size() > m_buffer.size() / 2) {
        flush();
        m_output.write(bytes);
        return;
    }
    makeRoom(bytes.size());
    std::memcpy(m_at, bytes.data(), bytes.size());
    m_at += bytes.size();
}

void TableWriter::makeRoom(std::size_t bytes) {
    if (std::size_t(m_buffer.data() + m_buffer.size() - m_at) < bytes) {
        flush();
    }
}

void TableWriter::flush() {
    m_output.write({m_buffer.data(), std::size_t(m_at - m_buffer.data())});
    m_at = m_buffer.data();
}

} // namespace moescope
