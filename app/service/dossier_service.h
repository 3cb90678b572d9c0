#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "app/service/recording.h"

namespace moescope {

// Everything known about one expert of a run, gathered so that a person or a language model can name it.
struct ExpertDossier {
    struct Domain {
        std::string name;
        std::int64_t assignments = 0;
        double share = 0;      // of the domain's choices in the layer
        double lift = 0;       // over the expert's share of all choices
        double chanceHigh = 0; // 97.5 % of lifts by chance lie below
    };
    struct Token {
        std::int32_t tokenId = 0;
        std::string text;
        std::int64_t count = 0, occurrences = 0; // that have the expert, and at all
        double surprise = 0;                     // analysis/surprise.h
    };
    struct Class {
        std::string name; // kTokenClassNames
        std::int64_t count = 0;
        double share = 0; // of the expert's tokens
        double lift = 0;  // over the class's share of all tokens
    };
    struct Partner { // an expert of the same layer, or of the layer before or behind
        ExpertId expert;
        std::int64_t count = 0; // tokens, or pairs of choices
        double share = 0;       // of the expert's tokens
        double lift = 0;        // over what the loads alone would give
    };
    struct Context {
        TokenIndex token = 0;
        std::string document, domain;
        std::string before, text, after; // bytes of the text
        double weight = 0;
        int slot = 0; // 0: the strongest choice
    };

    RunInfo run;
    LayerId layer;
    ExpertId expert;
    std::int32_t experts = 0, topK = 0;
    std::int64_t tokens = 0, assignments = 0, firstChoices = 0;
    std::int32_t place = 0; // by load, 1 is the busiest
    double loadRatio = 0, chanceLow = 0, chanceHigh = 0;
    double meanWeight = 0;
    std::vector<Domain> domains; // highest lift first
    std::vector<Token> vocabulary;
    std::vector<Class> classes; // highest lift first
    std::vector<Partner> partners;
    LayerId layerBefore{-1}, layerBehind{-1}; // -1: none
    std::vector<Partner> before, behind;
    std::vector<Context> strongest; // where its weight is largest, at most two of one token
    std::vector<Context> sample;    // evenly along its tokens
};

struct DossierRequest {
    std::string run; // id or name; empty: the latest
    LayerId layer;
    ExpertId expert;
    RunFilter filter; // of tokens
    std::size_t tokens = 30, contexts = 12;
    std::int64_t around = 24; // tokens before; half as many behind
};

// Reads the blocks of the layer and its neighbours. Throws Error: NotFound (no such run, layer or expert), Unsupported
// (a run with counts only), Cancelled.
ExpertDossier readDossier(const Recording& recording, const DossierRequest& request, std::stop_token stop);

} // namespace moescope
