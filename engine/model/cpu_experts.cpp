#include "engine/model/cpu_experts.h"

#include <algorithm>
#include <mutex>

#include "engine/kernels/inference/loops.h"
#include "engine/kernels/inference/task_loop.h"
#include "engine/kernels/parallel.h"

namespace moescope {

namespace {

struct ExpertTask {
    std::int32_t expert;
    std::int64_t begin, end; // sorted rows
};

// Each expert's rows in equal parts. Longest first: the short ones fill the gaps when threads run out of work.
std::vector<ExpertTask> divide(const ExpertOrder& order, std::int64_t largest) {
    std::vector<ExpertTask> tasks;
    for (std::size_t e = 0; e + 1 < order.begin.size(); ++e) {
        const std::int64_t count = order.begin[e + 1] - order.begin[e];
        const std::int64_t parts = (count + largest - 1) / largest;
        const std::int64_t size = parts == 0 ? 0 : ((count + parts - 1) / parts + 31) / 32 * 32;
        for (std::int64_t row = 0; row < count; row += size)
            tasks.push_back({std::int32_t(e), order.begin[e] + row, order.begin[e] + std::min(row + size, count)});
    }
    std::stable_sort(tasks.begin(), tasks.end(),
                     [](const ExpertTask& a, const ExpertTask& b) { return a.end - a.begin > b.end - b.begin; });
    return tasks;
}

// Reads, checks and packs.
template <class T>
void pack(const ExpertWeights& weights, const Execution& execution, PackedExpert<T>& packed) {
    const auto read = [&](const StoredMatrix& part) {
        return part.isEmpty() ? at::Tensor() : WeightSource::matrix(std::span(&part, 1), execution.dtype);
    };
    const auto numbers = [](const std::vector<float>& bias) { return bias.empty() ? nullptr : bias.data(); };
    const at::Tensor gate = read(weights.gate);
    const at::Tensor up = read(weights.up);
    const at::Tensor down = read(weights.down);
    ExpertMatrices<T> matrices;
    matrices.width = down.size(0);
    matrices.inner = down.size(1);
    matrices.activation = weights.activation;
    matrices.limit = weights.limit;
    matrices.gate = gate.defined() ? dataOf<T>(gate) : nullptr;
    matrices.up = dataOf<T>(up);
    matrices.down = dataOf<T>(down);
    matrices.gateBias = numbers(weights.gateBias);
    matrices.upBias = numbers(weights.upBias);
    matrices.downBias = numbers(weights.downBias);
    matrices.int8 = execution.int8Experts;
    packed.assign(matrices);
    for (const StoredMatrix* part : {&weights.gate, &weights.up, &weights.down})
        if (!part->isEmpty())
            part->finish();
}

// Adds every expert's results, [rows, D] in order of expert, to the tokens they belong to.
template <class T>
void combineRows(const BatchRouting& routing, const ExpertOrder& order, const at::Tensor& out_ND,
                 const at::Tensor& x_TD) {
    const std::int64_t width = x_TD.size(1);
    parallelFor(routing.tokens, 16, [&](std::int64_t begin, std::int64_t end) {
        inferenceLoops<T>().combine(end - begin, routing.topK, width, order.rowOf.data() + begin * routing.topK,
                                    routing.weights.data() + begin * routing.topK, dataOf<T>(out_ND),
                                    dataOf<float>(x_TD) + begin * width);
    });
}

// The first expert that has tokens; those that have none may not be packed.
std::size_t firstBusy(const ExpertOrder& order) {
    return std::size_t(std::upper_bound(order.begin.begin(), order.begin.end(), 0) - order.begin.begin()) - 1;
}

// Calls body(row, begin, end) for all blocks of every row, in parts large enough for memory to run at speed and small
// enough that threads end together. A block's weights take `blockBytes`.
template <class Body>
void shareBlocks(std::int64_t rows, std::int64_t blocks, std::int64_t blockBytes, const Body& body) {
    constexpr std::int64_t partBytes = std::int64_t(1) << 18;
    const std::int64_t part = std::max<std::int64_t>(1, partBytes / blockBytes);
    const std::int64_t parts = (blocks + part - 1) / part;
    parallelTasks(rows * parts, [&](std::int64_t index) {
        const std::int64_t begin = index % parts * part;
        body(index / parts, begin, std::min(begin + part, blocks));
    });
}

// Experts in the order in which they run: as they are read, but the quarter with the fewest tokens last and the least
// of all at the end, so that threads end together.
std::vector<std::int32_t> busyExperts(const ExpertOrder& order) {
    std::vector<std::int32_t> busy;
    for (std::size_t e = 0; e + 1 < order.begin.size(); ++e)
        if (order.begin[e + 1] > order.begin[e])
            busy.push_back(std::int32_t(e));
    const auto more = [&](std::int32_t a, std::int32_t b) {
        const auto tokens = [&](std::int32_t e) {
            return order.begin[std::size_t(e) + 1] - order.begin[std::size_t(e)];
        };
        return tokens(a) > tokens(b);
    };
    const auto few = std::ptrdiff_t(busy.size()) / 4;
    std::stable_sort(busy.begin(), busy.end(), more);
    std::sort(busy.begin(), busy.end() - few);
    return busy;
}

// What of a layer is read ahead: the busy experts, and no others any longer.
void expectExperts(const LoadExpert& load, const ExpertOrder& order, ReadAhead& ahead) {
    for (std::size_t e = 0; e + 1 < order.begin.size(); ++e) {
        const bool isBusy = order.begin[e + 1] > order.begin[e];
        const ExpertWeights weights = load(std::int32_t(e));
        for (const StoredMatrix* part : {&weights.gate, &weights.up, &weights.down}) {
            if (part->isEmpty())
                continue;
            if (isBusy)
                ahead.expect(part->bytes());
            else if (ahead.isKnown(part->bytes()))
                part->finish();
        }
    }
}

// Experts whose memory is free for others; called from several threads.
template <class T>
class Spare {
public:
    PackedExpert<T> take() {
        const std::scoped_lock lock(m_mutex);
        if (m_experts.empty())
            return {};
        PackedExpert<T> expert = std::move(m_experts.back());
        m_experts.pop_back();
        return expert;
    }
    void give(PackedExpert<T> expert) {
        const std::scoped_lock lock(m_mutex);
        m_experts.push_back(std::move(expert));
    }

private:
    std::mutex m_mutex;
    std::vector<PackedExpert<T>> m_experts;
};

} // namespace

template <class T>
void CpuExperts<T>::set(std::int64_t expert, const ExpertWeights& weights, const Execution& execution) {
    pack<T>(weights, execution, m_experts[std::size_t(expert)]);
}

template <class T>
std::size_t CpuExperts<T>::bytes() const {
    std::size_t total = 0;
    for (const PackedExpert<T>& expert : m_experts)
        total += expert.bytes();
    return total;
}

template <class T>
void CpuExperts<T>::addTo(const at::Tensor& normed_TD, const BatchRouting& routing, const ExpertOrder& order,
                          Workspace& workspace, const at::Tensor& x_TD) const {
    if (routing.tokens == 1 && order.begin.back() > 0 && m_experts[firstBusy(order)].rowBlocks().inner > 0) {
        addRow(normed_TD, routing, order, workspace, x_TD);
        return;
    }
    const std::int64_t width = x_TD.size(1);
    const at::Tensor out_ND = workspace.take(Slot::ExpertOutput, {order.begin.back(), width}, normed_TD.scalar_type());
    const std::vector<ExpertTask> tasks = divide(order, PackedExpert<T>::kLargestRows);
    parallelTasks(std::int64_t(tasks.size()), [&](std::int64_t index) {
        const ExpertTask& task = tasks[std::size_t(index)];
        m_experts[std::size_t(task.expert)].run(task.end - task.begin, order.tokenOf.data() + task.begin,
                                                dataOf<T>(normed_TD), dataOf<T>(out_ND) + task.begin * width);
    });
    combineRows<T>(routing, order, out_ND, x_TD);
}

// The experts of one token, the columns of all of them shared out: every thread reads weights all the time, however few
// the experts are.
template <class T>
void CpuExperts<T>::addRow(const at::Tensor& normed_TD, const BatchRouting& routing, const ExpertOrder& order,
                           Workspace& workspace, const at::Tensor& x_TD) const {
    std::vector<const PackedExpert<T>*> chosen;
    for (std::size_t e = 0; e < m_experts.size(); ++e)
        if (order.begin[e + 1] > order.begin[e])
            chosen.push_back(&m_experts[e]);
    const auto rows = std::int64_t(chosen.size());
    const std::int64_t width = x_TD.size(1);
    const RowBlocks blocks = chosen.front()->rowBlocks();
    T* inner = dataOf<T>(workspace.take(Slot::ExpertInner, {rows, blocks.width}, normed_TD.scalar_type()));
    const at::Tensor out_ND = workspace.take(Slot::ExpertOutput, {rows, width}, normed_TD.scalar_type());
    const auto element = std::int64_t(sizeof(T));
    shareBlocks(rows, blocks.inner, 2 * width * blocks.width / blocks.inner * element,
                [&](std::int64_t row, std::int64_t begin, std::int64_t end) {
                    chosen[std::size_t(row)]->rowInner(dataOf<T>(normed_TD), begin, end, inner + row * blocks.width);
                });
    shareBlocks(rows, blocks.output, blocks.width * width / blocks.output * element,
                [&](std::int64_t row, std::int64_t begin, std::int64_t end) {
                    chosen[std::size_t(row)]->rowOutput(inner + row * blocks.width, begin, end,
                                                        dataOf<T>(out_ND) + row * width);
                });
    combineRows<T>(routing, order, out_ND, x_TD);
}

template <class T>
void CpuExperts<T>::stream(const LoadExpert& load, ReadAhead& ahead, const Execution& execution,
                           const at::Tensor& normed_TD, const BatchRouting& routing, const ExpertOrder& order,
                           Workspace& workspace, const at::Tensor& x_TD) {
    const std::int64_t width = x_TD.size(1);
    const at::Tensor out_ND = workspace.take(Slot::ExpertOutput, {order.begin.back(), width}, normed_TD.scalar_type());
    const std::vector<std::int32_t> busy = busyExperts(order);
    expectExperts(load, order, ahead);
    Spare<T> spare;
    parallelTasks(std::int64_t(busy.size()), [&](std::int64_t index) {
        const std::int32_t e = busy[std::size_t(index)];
        PackedExpert<T> expert = spare.take();
        pack<T>(load(e), execution, expert);
        const std::int64_t end = order.begin[std::size_t(e) + 1];
        for (std::int64_t row = order.begin[std::size_t(e)]; row < end; row += PackedExpert<T>::kLargestRows)
            expert.run(std::min(PackedExpert<T>::kLargestRows, end - row), order.tokenOf.data() + row,
                       dataOf<T>(normed_TD), dataOf<T>(out_ND) + row * width);
        spare.give(std::move(expert));
    });
    combineRows<T>(routing, order, out_ND, x_TD);
}

template class CpuExperts<float>;
template class CpuExperts<Bf16>;

} // namespace moescope
