#include "ui/text/paragraph_heights.h"

#include <algorithm>

namespace moescope {

void ParagraphHeights::clear() {
    m_heights.clear();
    m_blocks.clear();
    m_total = 0;
}

void ParagraphHeights::append(float height) {
    if (m_heights.size() % kBlock == 0) {
        m_blocks.push_back(0);
    }
    m_heights.push_back(height);
    m_blocks.back() += height;
    m_total += height;
}

void ParagraphHeights::set(std::size_t index, float height) {
    const double by = double(height) - m_heights[index];
    m_heights[index] = height;
    m_blocks[index / kBlock] += by;
    m_total += by;
}

double ParagraphHeights::topOf(std::size_t index) const {
    double y = 0;
    const std::size_t block = index / kBlock;
    for (std::size_t b = 0; b < block; ++b) {
        y += m_blocks[b];
    }
    for (std::size_t i = block * kBlock; i < index; ++i) {
        y += m_heights[i];
    }
    return y;
}

std::size_t ParagraphHeights::at(double y) const {
    std::size_t block = 0;
    while (block + 1 < m_blocks.size() && y >= m_blocks[block]) {
        y -= m_blocks[block++];
    }
    std::size_t i = block * kBlock;
    const std::size_t end = std::min(m_heights.size(), i + kBlock);
    while (i + 1 < end && y >= m_heights[i]) {
        y -= m_heights[i++];
    }
    return i;
}

} // namespace moescope
