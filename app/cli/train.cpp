#include <iostream>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/cli/commands.h"
#include "app/cli/exit_status.h"
#include "app/cli/progress_bar.h"
#include "app/cli/validators.h"
#include "app/service/train_service.h"
#include "engine/session/engine_loader.h"
#include "engine/training/strategies/make_strategy.h"

namespace moescope::cli {

namespace {

// One bar after the other: reading, then for each model training and recording.
class TrainProgress : public TrainFollower {
public:
    explicit TrainProgress(const CommandContext& context) : m_context(context) {}

    void reading(std::int64_t documents, std::int64_t of) override { bar("read", "documents").update(documents, of); }
    void started(const std::string& run, std::int64_t steps, std::int64_t model, std::int64_t models) override {
        m_steps = steps;
        m_first = -1;
        m_training = models > 1 ? fmt::format("train {} ({} of {})", run, model, models) : "train " + run;
        bar(m_training, "steps");
    }
    void step(const TrainStep& step) override {
        if (m_first < 0)
            m_first = step.step - 1;
        bar(m_training, "steps")
            .update(step.step, m_steps, m_first,
                    fmt::format("loss {:.4f}  {:.0f} tokens/s", step.loss, step.tokensPerSecond));
    }
    void recording(std::int64_t tokens, std::int64_t of) override {
        bar("record", "tokens").update(tokens, of);
        m_first = -1; // the next steps get a bar of their own
    }

private:
    ProgressBar& bar(const std::string& title, const std::string& unit) {
        if (!m_bar || title != m_title) {
            m_bar.reset();
            m_bar.emplace(title, unit, m_context);
            m_title = title;
        }
        return *m_bar;
    }

    const CommandContext& m_context;
    std::optional<ProgressBar> m_bar;
    std::string m_title;    // of the bar
    std::string m_training; // of the bar while steps are made
    std::int64_t m_steps = 0;
    std::int64_t m_first = -1; // step that this call went on from
};

void print(const TrainedModel& model) {
    std::cout << fmt::format("{}: {} steps, {} tokens, loss {:.4f}, held-out nll {:.4f}, in {}\n", model.run,
                             model.steps, model.tokens, model.loss, model.validationNll, model.folder.string());
}

int train(TrainRequest request, const CommandContext& context) {
    request.config.threads = context.threads;
    request.commandLine = context.commandLine;
    std::vector<TrainedModel> models;
    {
        TrainProgress progress(context);
        models = TrainService(loadEngine()).train(request, progress, context.stop);
    }
    for (const TrainedModel& model : models)
        print(model);
    return kSuccess;
}

void addModelOptions(CLI::App& command, TrainConfig& config) {
    const auto add = [&command](const char* name, std::int32_t& value, const char* help) {
        return command.add_option(name, value, help)->capture_default_str()->group("Model");
    };
    const auto number = [&add](const char* name, std::int32_t& value, const char* help) {
        add(name, value, help)->check(positiveNumber());
    };
    number("--layers", config.layers, "Layers");
    number("--width", config.width, "Hidden size");
    number("--heads", config.heads, "Attention heads");
    add("--kv-heads", config.kvHeads, "Key and value heads; 0: as many as heads")->check(nonNegativeNumber());
    number("--experts", config.experts, "Experts of a layer");
    number("--top-k", config.topK, "Experts for each token");
    number("--ffn", config.ffn, "Intermediate size of an expert");
    add("--shared-experts", config.sharedExperts, "Experts that every token passes, beside the routed")
        ->check(nonNegativeNumber());
}

void addBalancingOptions(CLI::App& command, TrainConfig& config) {
    const auto add = [&command](const char* name, auto& value, const char* help) {
        return command.add_option(name, value, help)->capture_default_str()->group("Balancing");
    };
    add("--aux", config.auxCoefficient, "Coefficient of the auxiliary loss (aux, switch, gshard, sequence)")
        ->check(nonNegativeNumber());
    add("--z", config.zCoefficient, "Coefficient of the z-loss")->check(nonNegativeNumber());
    add("--noisy", config.noisyCoefficient, "Coefficient of the noisy strategies' losses; noisy-both halves it")
        ->check(nonNegativeNumber());
    add("--bias-rate", config.biasRate, "aux-free: how far a bias moves after each step")->check(positiveNumber());
    command
        .add_option_function<std::string>(
            "--score", [&config](const std::string& score) { config.sigmoidScore = score == "sigmoid"; },
            "aux-free: sigmoid or softmax scores")
        ->check(CLI::IsMember({"sigmoid", "softmax"}))
        ->default_str("sigmoid")
        ->group("Balancing");
    add("--capacity-factor", config.capacityFactor, "switch, gshard: places of a sequence")->check(positiveNumber());
    add("--groups", config.groups, "group-limited: groups of experts")->check(positiveNumber());
    add("--topk-groups", config.topkGroups, "group-limited: groups that a token may use")->check(positiveNumber());
    add("--router-jitter", config.routerJitter, "Random factor 1 +- this on what routers see in training")
        ->check(CLI::Range(0.0, 0.99));
}

void addOptimisationOptions(CLI::App& command, TrainRequest& request) {
    TrainConfig& config = request.config;
    const auto add = [&command](const char* name, auto& value, const char* help) {
        return command.add_option(name, value, help)->capture_default_str()->group("Training");
    };
    add("--steps", config.steps, "Optimiser steps")->required()->check(positiveNumber());
    add("--context", config.context, "Tokens of a sequence")->check(positiveNumber());
    add("--batch-tokens", config.batchTokens, "Tokens of a step")->check(positiveNumber());
    add("--lr", config.learningRate, "Peak learning rate")->check(positiveNumber());
    add("--warmup", config.warmup, "Steps to reach it")->check(nonNegativeNumber());
    add("--final-lr", config.finalLearningRate, "Its fraction at the end of the cosine")->check(CLI::Range(0.0, 1.0));
    add("--weight-decay", config.weightDecay, "AdamW's weight decay")->check(nonNegativeNumber());
    add("--dtype", config.compute, "Matrix products: auto, f32 or bf16")->check(CLI::IsMember({"auto", "f32", "bf16"}));
    add("--seeds", request.seeds, "Models for each strategy, with consecutive seeds")->check(CLI::Range(1, 1000));
    add("--seed", config.seed, "First seed");
    add("--record-every", config.snapshotEvery, "Steps between recordings of held-out text; 0: none")
        ->check(nonNegativeNumber());
    add("--record-tokens", request.snapshotTokens, "Tokens of each domain in such a recording")
        ->check(positiveNumber());
    add("--logits", request.logits, "Logits of the recording at the end: auto, f32, f16, none")
        ->check(CLI::IsMember({"auto", "f32", "f16", "none"}));
    command
        .add_flag("--checkpoint-activations", config.checkpointActivations,
                  "Compute layers again in the backward pass instead of keeping what they computed: less memory")
        ->group("Training");
    add("--checkpoint-every", config.checkpointEvery, "Steps between checkpoints")->check(positiveNumber());
    command.add_flag("--resume", config.resume, "Go on from the last checkpoint; begin where there is none");
}

} // namespace

void addTrain(CLI::App& app, CommandContext& context) {
    auto request = std::make_shared<TrainRequest>();
    CLI::App* command = app.add_subcommand("train", "Train a small MoE language model under balancing strategies");
    command->add_option("--strategy", request->strategies, "Balancing strategies, several with commas")
        ->delimiter(',')
        ->check(CLI::IsMember(trainStrategyNames()))
        ->required();
    command->add_option("--data", request->data, "Folder of texts; its sub-folders name domains")->required();
    command->add_option("--out", request->out, "Checkpoint folder (of several: a folder of them)")->required();
    command->add_option("--db", request->db, "Recording of the steps and of held-out text")->required();
    command->add_option("--tokenizer", request->tokenizer, "tokenizer.json (default: the data folder's)");
    command
        ->add_option("--validation-tokens", request->validationTokens, "Held out of each domain, recorded at the end")
        ->check(nonNegativeNumber())
        ->capture_default_str();
    addModelOptions(*command, request->config);
    addBalancingOptions(*command, request->config);
    addOptimisationOptions(*command, *request);
    command->callback([request, &context] { context.work = [request, &context] { return train(*request, context); }; });
}

} // namespace moescope::cli
