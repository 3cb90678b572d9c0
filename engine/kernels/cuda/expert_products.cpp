#include "engine/kernels/cuda/expert_products.h"

namespace moescope::cuda {

GroupedArguments::GroupedArguments(const std::vector<ExpertProduct>& products) {
    for (const ExpertProduct& product : products) {
        if (product.rows == 0)
            continue;
        m.push_back(int(product.outputs));
        n.push_back(int(product.rows));
        k.push_back(int(product.inputs));
        lda.push_back(int(product.inputs));
        ldb.push_back(int(product.inputs));
        ldc.push_back(int(product.outputs));
        a.push_back(product.w);
        b.push_back(product.x);
        c.push_back(product.y);
    }
}

bool GroupedArguments::isAligned(Element element) const {
    const auto good = [](const void* p) { return reinterpret_cast<std::uintptr_t>(p) % 16 == 0; };
    for (std::size_t i = 0; i < size(); ++i) {
        const bool columns = k[i] * bytesOf(element) % 16 == 0 && m[i] * bytesOf(element) % 16 == 0;
        if (!columns || !good(a[i]) || !good(b[i]) || !good(c[i]))
            return false;
    }
    return true;
}

} // namespace moescope::cuda
