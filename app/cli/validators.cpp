#include "app/cli/validators.h"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <optional>

namespace moescope::cli {

namespace {

std::optional<double> finiteNumber(const std::string& text) {
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    if (text.empty() || *end != '\0' || !std::isfinite(value))
        return {};
    return value;
}

} // namespace

CLI::Validator positiveNumber() {
    return CLI::Validator(
        [](const std::string& text) {
            return finiteNumber(text).value_or(0) > 0 ? std::string() : "'" + text + "' is no number above 0";
        },
        "POSITIVE");
}

CLI::Validator nonNegativeNumber() {
    return CLI::Validator(
        [](const std::string& text) {
            return finiteNumber(text).value_or(-1) >= 0 ? std::string() : "'" + text + "' is no number from 0 up";
        },
        "NONNEGATIVE");
}

CLI::Validator deviceName() {
    return CLI::Validator(
        [](const std::string& text) {
            const bool plain = text == "auto" || text == "cpu" || text == "cuda";
            const bool numbered = text.rfind("cuda:", 0) == 0 && text.size() > 5 && text.size() <= 8 &&
                                  text.find_first_not_of("0123456789", 5) == std::string::npos;
            return plain || numbered ? std::string()
                                     : "'" + text + "' is no device; there are auto, cpu, cuda and cuda:N";
        },
        "DEVICE");
}

CLI::Validator pictureName() {
    return CLI::Validator(
        [](const std::string& text) {
            const std::string extension = CLI::detail::to_lower(std::filesystem::path(text).extension().string());
            const bool known = extension == ".png" || extension == ".svg" || extension == ".pdf";
            return known ? std::string() : "'" + text + "' must end in .png, .svg or .pdf";
        },
        "PICTURE");
}

} // namespace moescope::cli
