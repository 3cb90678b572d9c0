#include "app/service/export_service.h"

#include <algorithm>
#include <memory>
#include <system_error>
#include <utility>

#include "app/service/export_filter.h"
#include "app/service/export_tables.h"
#include "app/service/token_filter.h"
#include "engine/routing/error.h"

namespace moescope {

namespace {

const ExportTable& tableNamed(std::string_view name) {
    std::string known;
    for (const ExportTable& table : exportTableList()) {
        if (table.name == name) {
            return table;
        }
        known += std::string(table.name) + ", ";
    }
    throw Error(ErrorCode::InvalidArgument, "no table '" + std::string(name) + "'; there are " + known + "and all");
}

// One table of some runs on its way out.
class TableExport {
public:
    TableExport(const Recording& recording, const std::vector<RunInfo>& runs, const ExportRequest& request,
                ExportObserver& observer, std::stop_token stop)
        : m_recording(recording), m_runs(runs), m_request(request), m_observer(observer), m_stop(std::move(stop)) {}

    ExportedTable write(const ExportTable& table, ByteOutput& output) {
        TableWriter writer(output, m_request.format, table.columns, m_request.text);
        if (table.fillTogether != nullptr) {
            return writeTogether(table, writer);
        }
        for (std::size_t i = 0; i < m_runs.size(); ++i) {
            writer.setRun(m_runs[i].spec.name);
            const auto progress = [&, i](double done) {
                if (m_stop.stop_requested()) {
                    throw Error(ErrorCode::Cancelled, "export of " + std::string(table.name) + " stopped");
                }
                m_observer.progress(table.name, (double(i) + done) / double(m_runs.size()));
            };
            progress(0);
            const RunFilter filter = withTokenIds(m_recording, m_runs[i], m_request.filter);
            table.fill({m_recording, m_runs[i], filter, m_request.capacity, writer, progress});
        }
        writer.finish();
        m_observer.progress(table.name, 1);
        return {std::string(table.name), {}, writer.rows()};
    }

    ExportedTable writeFile(const ExportTable& table, const std::filesystem::path& path) {
        ExportFile file(path);
        ExportedTable exported = write(table, file);
        file.commit();
        exported.file = path;
        return exported;
    }

    // What a run lacks to fill the table, as one line.
    std::optional<std::string> missing(const ExportTable& table) const {
        if (table.fillTogether != nullptr && m_runs.size() < 2) {
            return "table " + std::string(table.name) + " needs two runs or more: name them with --run A,B";
        }
        for (const RunInfo& run : m_runs) {
            if (const auto lack = table.missing(m_recording, run, m_request.capacity)) {
                return "table " + std::string(table.name) + " needs more than run '" + run.spec.name +
                       "' holds: " + *lack;
            }
        }
        return {};
    }

private:
    ExportedTable writeTogether(const ExportTable& table, TableWriter& writer) {
        table.fillTogether({m_recording, m_request.runs, m_request.capacity, writer, m_stop,
                            [&](double done) { m_observer.progress(table.name, done); }});
        writer.finish();
        return {std::string(table.name), {}, writer.rows()};
    }

    const Recording& m_recording;
    const std::vector<RunInfo>& m_runs;
    const ExportRequest& m_request;
    ExportObserver& m_observer;
    std::stop_token m_stop;
};

void makeFolder(const std::filesystem::path& folder) {
    if (folder.empty()) {
        throw Error(ErrorCode::InvalidArgument, "table all is written as one file per table: name a folder for them");
    }
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error || !std::filesystem::is_directory(folder)) {
        throw Error(ErrorCode::Io, "folder " + folder.string() + " cannot be made" +
                                       (error ? ": " + error.message() : ": a file of that name is in the way"));
    }
}

std::vector<ExportedTable> exportAll(TableExport& tables, const ExportRequest& request, ExportObserver& observer) {
    makeFolder(request.output);
    std::vector<ExportedTable> done;
    for (const ExportTable& table : exportTableList()) {
        if (std::find(request.skip.begin(), request.skip.end(), table.name) != request.skip.end()) {
            continue;
        }
        if (const auto lack = tables.missing(table)) {
            observer.note("skipped: " + *lack);
            continue;
        }
        const char* const extension = request.format == ExportFormat::Csv ? ".csv" : ".json";
        done.push_back(tables.writeFile(table, request.output / (std::string(table.name) + extension)));
    }
    return done;
}

} // namespace

std::span<const std::string_view> exportTables() {
    static const std::vector<std::string_view> names = [] {
        std::vector<std::string_view> list;
        for (const ExportTable& table : exportTableList()) {
            list.push_back(table.name);
        }
        return list;
    }();
    return names;
}

std::span<const std::string_view> exportColumns(std::string_view table) {
    return tableNamed(table).columns;
}

std::vector<ExportedTable> ExportService::run(const ExportRequest& request, ExportObserver& observer,
                                              std::stop_token stop) {
    const ExportTable* const table = request.table == "all" ? nullptr : &tableNamed(request.table);
    checkCapacity(request.capacity);
    std::vector<RunInfo> runs;
    for (const std::string& name : request.runs.empty() ? std::vector<std::string>{""} : request.runs) {
        runs.push_back(m_recording.run(name));
        checkFilter(runs.back(), request.filter);
    }
    TableExport tables(m_recording, runs, request, observer, std::move(stop));
    if (table == nullptr) {
        return exportAll(tables, request, observer);
    }
    if (const auto lack = tables.missing(*table)) {
        throw Error(ErrorCode::Unsupported, *lack);
    }
    if (!request.output.empty()) {
        return {tables.writeFile(*table, request.output)};
    }
    StandardOutput output;
    return {tables.write(*table, output)};
}

} // namespace moescope
