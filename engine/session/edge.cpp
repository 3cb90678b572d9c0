#include "engine/session/edge.h"

#include <new>
#include <string>

#include <c10/util/Exception.h>

#include "engine/routing/error.h"

namespace moescope {

namespace {

std::string firstLine(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

bool isOutOfMemory(const std::string& text) {
    return text.find("out of memory") != std::string::npos || text.find("can't allocate memory") != std::string::npos;
}

} // namespace

void withoutTorchErrors(const std::function<void()>& work) {
    try {
        work();
    } catch (const Error&) {
        throw;
    } catch (const std::bad_alloc&) {
        throw Error(ErrorCode::OutOfMemory, "out of memory; use a smaller --batch-tokens or --context");
    } catch (const c10::Error& error) {
        const std::string text = error.what_without_backtrace();
        if (isOutOfMemory(text))
            throw Error(ErrorCode::OutOfMemory, "out of memory; use a smaller --batch-tokens or --context");
        throw Error(ErrorCode::Unsupported, "LibTorch failed: " + firstLine(text));
    } catch (const std::exception& error) {
        throw Error(ErrorCode::Unsupported, std::string("the engine failed: ") + firstLine(error.what()));
    }
}

} // namespace moescope
