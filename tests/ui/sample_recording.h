#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace moescope::test {

struct SampleText {
    std::string domain;
    std::string name;
    std::string text;
};

struct SampleShape {
    int layers = 6;
    int experts = 16;
    int topK = 2;
    bool logits = true;
    unsigned seed = 7; // of the routing
};

// A few short texts of several kinds, some in Korean and Arabic.
std::vector<SampleText> sampleTexts();

// A recording of made-up routing over real text, as an engine would write it: experts lean to kinds of tokens and to
// domains, layer 3 badly balanced, layer 0 well. The same bytes every time.
void writeSampleRecording(const std::filesystem::path& file, const std::vector<SampleText>& texts,
                          const SampleShape& shape = {}, const std::string& name = "sample");

} // namespace moescope::test
