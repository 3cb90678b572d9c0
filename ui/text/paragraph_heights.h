#pragma once

#include <cstddef>
#include <vector>

namespace moescope {

// Heights of many paragraphs, most of them guessed until they are laid out: position of a paragraph and paragraph at
// a position in O(sqrt n).
class ParagraphHeights {
public:
    void clear();
    void append(float height);
    void set(std::size_t index, float height);
    float heightOf(std::size_t index) const { return m_heights[index]; }
    std::size_t size() const { return m_heights.size(); }
    double total() const { return m_total; }
    double topOf(std::size_t index) const;
    std::size_t at(double y) const; // the paragraph that y lies in, clamped

private:
    static constexpr std::size_t kBlock = 512;
    std::vector<float> m_heights;
    std::vector<double> m_blocks; // sum of each block
    double m_total = 0;
};

} // namespace moescope
