#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/checkpoint/model_config.h"
#include "tests/engine/model/model_folder.h"

namespace moescope::test {

// A model's weights and what is done with a single one of them, in double.
class NaiveWeights {
public:
    using Vector = std::vector<double>;
    using Rows = std::vector<Vector>; // [tokens][width]

    NaiveWeights(const ModelConfig& config, const ModelTensors& tensors)
        : m_config(config), m_attention(config.attention), m_tensors(tensors) {}

protected:
    const std::vector<float>& tensor(const std::string& pattern, int expert = 0) const {
        return m_tensors.at(weightName(pattern, m_layer, expert)).values;
    }
    Vector rowOf(const std::string& name, std::int64_t row, std::int64_t width) const {
        const auto& values = tensor(name);
        return {values.begin() + row * width, values.begin() + (row + 1) * width};
    }
    static Vector scaled(Vector x, double factor) {
        for (double& value : x)
            value *= factor;
        return x;
    }
    void add(Rows& x, const Rows& part) const {
        for (std::size_t t = 0; t < x.size(); ++t)
            for (std::size_t i = 0; i < x[t].size(); ++i)
                x[t][i] += double(m_config.residualMultiplier) * part[t][i];
    }
    Vector linear(const Vector& x, const std::string& weight, std::int64_t outputs, const std::string& bias = "",
                  int expert = 0) const {
        const auto& w = tensor(weight, expert);
        Vector y(static_cast<std::size_t>(outputs));
        for (std::size_t o = 0; o < y.size(); ++o) {
            for (std::size_t i = 0; i < x.size(); ++i)
                y[o] += double(w[o * x.size() + i]) * x[i];
            if (!bias.empty())
                y[o] += double(tensor(bias)[o]);
        }
        return y;
    }
    static Vector rms(const Vector& x, const std::vector<float>& gain, double eps) {
        double square = 0;
        for (const double value : x)
            square += value * value / double(x.size());
        Vector y;
        for (std::size_t i = 0; i < x.size(); ++i)
            y.push_back(x[i] / std::sqrt(square + eps) * double(gain[i]));
        return y;
    }
    Rows normed(const Rows& x, const std::string& name) const {
        Rows y;
        for (Vector row : x) {
            double mean = 0;
            for (const double value : row)
                mean += m_config.norm == NormKind::Layer ? value / double(row.size()) : 0;
            for (double& value : row)
                value -= mean;
            y.push_back(rms(row, tensor(name), double(m_config.normEps)));
            for (std::size_t i = 0; i < row.size() && m_config.norm == NormKind::Layer; ++i)
                y.back()[i] += double(tensor(biasName(name))[i]);
        }
        return y;
    }
    static Vector part(const Vector& x, std::int64_t begin, std::int64_t count) {
        return {x.begin() + begin, x.begin() + begin + count};
    }
    static Rows column(const Rows& x, std::int64_t begin, std::int64_t count) {
        Rows y;
        for (const Vector& row : x)
            y.push_back(part(row, begin, count));
        return y;
    }

    const ModelConfig& m_config;
    const AttentionConfig& m_attention;
    const ModelTensors& m_tensors;
    std::int32_t m_layer = 0; // the one at hand
};

} // namespace moescope::test
