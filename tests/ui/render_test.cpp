#include <cstdio>

#include <gtest/gtest.h>

#include <QImage>

#include "engine/routing/error.h"
#include "tests/support/recorded_run.h"
#include "tests/ui/sample_recording.h"
#include "ui/render.h"

namespace moescope {
namespace {

class RenderTest : public ::testing::Test {
protected:
    RenderTest() {
        test::writeSampleRecording(m_folder / "sample.db", test::sampleTexts());
        m_request.db = m_folder / "sample.db";
        m_request.view = "overview";
        m_request.output = m_folder / "a.png";
    }
    QImage render() {
        renderPage(m_request);
        return QImage(QString::fromStdString(m_request.output.string()));
    }
    // Why it is not drawn; empty: it is.
    std::string refusal() {
        try {
            renderPage(m_request);
        } catch (const Error& error) {
            return error.what();
        }
        return {};
    }
    test::TemporaryFolder m_folder;
    RenderRequest m_request;
};

TEST_F(RenderTest, drawsEveryViewTheSameTwice) {
    for (const std::string& view : renderViews()) {
        m_request.view = view;
        m_request.token = view == "tokens" ? std::optional<TokenIndex>(20) : std::nullopt;
        const QImage once = render();
        EXPECT_EQ(once.size(), QSize(1280, 800)) << view;
        EXPECT_EQ(once, render()) << view;
    }
}

TEST_F(RenderTest, everyViewHoldsInTheLeastSizeOrNamesItsOwn) {
    for (const std::string& view : renderViews()) {
        m_request.width = kLeastWidth;
        m_request.height = kLeastHeight;
        m_request.view = view;
        if (const std::string needed = refusal(); !needed.empty()) {
            int width = 0, height = 0;
            const std::string words = "page " + view + " does not fit in 800x600; it goes from %dx%d";
            ASSERT_EQ(std::sscanf(needed.c_str(), words.c_str(), &width, &height), 2) << needed;
            EXPECT_TRUE(needed.ends_with(" to 16384x16384")) << needed;
            m_request.width = width;
            m_request.height = height;
        }
        EXPECT_EQ(render().size(), QSize(m_request.width, m_request.height)) << view;
        EXPECT_LE(m_request.width, 1280) << view;
        EXPECT_LE(m_request.height, 800) << view;
    }
}

TEST_F(RenderTest, namesTheLayersThatThereAre) {
    m_request.view = "load";
    m_request.layer = LayerId(99);
    EXPECT_EQ(refusal(), "the run has no MoE layer 99; its MoE layers are 0, 1, 2, 3, 4, 5");
}

TEST_F(RenderTest, drawsVectors) {
    m_request.view = "load";
    for (const char* name : {"a.svg", "a.pdf"}) {
        m_request.output = m_folder / name;
        renderPage(m_request);
        EXPECT_GT(std::filesystem::file_size(m_request.output), 5000U) << name;
    }
}

TEST_F(RenderTest, refusesWhatTheRunDoesNotHave) {
    m_request.view = "nonsense";
    EXPECT_THROW(renderPage(m_request), Error);
    m_request.view = "load";
    m_request.layer = LayerId(99);
    EXPECT_THROW(renderPage(m_request), Error);
    m_request.layer = LayerId(1);
    m_request.expert = ExpertId(16);
    EXPECT_THROW(renderPage(m_request), Error);
    m_request.expert.reset();
    m_request.domain = "latin";
    EXPECT_THROW(renderPage(m_request), Error);
    m_request.domain.clear();
    m_request.db = m_folder / "missing.db";
    EXPECT_THROW(renderPage(m_request), Error);
    EXPECT_FALSE(std::filesystem::exists(m_request.output));
}

} // namespace
} // namespace moescope
