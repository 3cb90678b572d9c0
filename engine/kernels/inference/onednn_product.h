#pragma once

#include <oneapi/dnnl/dnnl.hpp>

namespace moescope {

// What the files that multiply through oneDNN share.
inline const dnnl::engine& cpuEngine() {
    static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    return engine;
}

// One stream a thread: a stream is not meant to be shared.
inline dnnl::stream& cpuStream() {
    thread_local dnnl::stream stream(cpuEngine());
    return stream;
}

inline dnnl::matmul::primitive_desc describeProduct(const dnnl::memory::desc& x, const dnnl::memory::desc& w,
                                                    const dnnl::memory::desc& y,
                                                    const dnnl::primitive_attr& attributes = {}) {
#if DNNL_VERSION_MAJOR >= 3
    return {cpuEngine(), x, w, y, attributes};
#else
    return {dnnl::matmul::desc(x, w, y), attributes, cpuEngine()};
#endif
}

// A product made for one shape, with its operands' layouts; their data is set before it runs.
struct CompiledProduct {
    dnnl::matmul primitive;
    dnnl::memory x, w, y;
};

} // namespace moescope
