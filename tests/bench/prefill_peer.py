#!/usr/bin/env python3
"""Prefill speed of the performance model in a plain PyTorch loop, as JSON: the median batch of the fastest way to write it.

    prefill_peer.py MODEL [--documents N] [--tokens N] [--batches N] [--threads N] [--nll]
                          [--combine index_add|gather --attention bf16|f32]

Hugging Face's Mixtral with plain tensors: bf16 weights, a loop over the experts of each layer, router logits, ids and
weights kept. --nll adds the head and the loss of every token. Tried for a batch each, the fastest measured: experts'
results added by index_add or gathered and summed, attention's products in bf16 or f32, one or as many OpenBLAS threads
as others. --combine with --attention names them instead, OPENBLAS_NUM_THREADS its threads.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

WAYS = [(combine, attention) for combine in ("index_add", "gather") for attention in ("bf16", "f32")]


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("model", type=Path)
    for name, value in (("documents", 16), ("tokens", 512), ("batches", 3), ("threads", os.cpu_count())):
        parser.add_argument("--" + name, type=int, default=value)
    parser.add_argument("--nll", action="store_true")
    parser.add_argument("--combine", choices=("index_add", "gather"))
    parser.add_argument("--attention", choices=("bf16", "f32"))
    return parser.parse_args()


o = options()
if "OPENBLAS_NUM_THREADS" not in os.environ:  # it is read when torch is loaded: one process for each
    runs = []
    for threads in {"1", str(o.threads)}:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_")}
        done = subprocess.run([sys.executable, *sys.argv], env={**environment, "OPENBLAS_NUM_THREADS": threads},
                              stdout=subprocess.PIPE, check=True, text=True)
        runs.append(json.loads(done.stdout))
    print(json.dumps(max(runs, key=lambda run: run["tokens_per_second"])))
    sys.exit(0)

import torch
import torch.nn.functional as F


def load(folder):
    """The tensors of a bf16 safetensors file."""
    with open(folder / "model.safetensors", "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = torch.frombuffer(bytearray(file.read()), dtype=torch.bfloat16)
    header.pop("__metadata__", None)
    return {name: data[t["data_offsets"][0] // 2:t["data_offsets"][1] // 2].view(t["shape"])
            for name, t in header.items()}


class Mixtral:
    def __init__(self, folder, length):
        self.c = json.loads((folder / "config.json").read_text())
        self.w = load(folder)
        half = self.c["head_dim"] // 2
        angle = torch.arange(length)[:, None] * self.c["rope_theta"] ** (-torch.arange(half) / half)
        self.cos, self.sin = angle.cos().bfloat16(), angle.sin().bfloat16()
        self.mask = torch.full((length, length), float("-inf")).triu(1)

    def norm(self, x, name):
        f = x.float()
        return self.w[name] * (f * torch.rsqrt(f.pow(2).mean(-1, keepdim=True) + self.c["rms_norm_eps"])).bfloat16()

    def rotate(self, x):
        a, b = x.chunk(2, -1)
        return torch.cat((a * self.cos - b * self.sin, b * self.cos + a * self.sin), -1)

    def attention(self, x, layer, dtype):
        c, name = self.c, f"model.layers.{layer}.self_attn."
        documents, length, _ = x.shape
        heads, kv = c["num_attention_heads"], c["num_key_value_heads"]

        def project(which, count):
            return F.linear(x, self.w[name + which]).view(documents, length, count, -1).transpose(1, 2)

        q = self.rotate(project("q_proj.weight", heads)).to(dtype)
        k = self.rotate(project("k_proj.weight", kv)).repeat_interleave(heads // kv, 1).to(dtype)
        v = project("v_proj.weight", kv).repeat_interleave(heads // kv, 1).to(dtype)
        scores = q @ k.transpose(-1, -2) / c["head_dim"] ** 0.5 + self.mask.to(dtype)
        mixed = (scores.softmax(-1, dtype=torch.float32).to(dtype) @ v).bfloat16()
        return F.linear(mixed.transpose(1, 2).reshape(documents, length, -1), self.w[name + "o_proj.weight"])

    def expert(self, x, name):
        up = F.linear(x, self.w[name + "w3.weight"])
        return F.linear(F.silu(F.linear(x, self.w[name + "w1.weight"])) * up, self.w[name + "w2.weight"])

    def experts(self, x, layer, combine, routing):
        name, k = f"model.layers.{layer}.block_sparse_moe.", self.c["num_experts_per_tok"]
        flat = x.reshape(-1, x.shape[-1])
        logits = F.linear(flat, self.w[name + "gate.weight"])
        weights, ids = logits.softmax(-1, dtype=torch.float32).topk(k, -1)
        weights = (weights / weights.sum(-1, keepdim=True)).bfloat16()
        routing.append((logits, ids, weights))
        if combine == "gather":
            return self.gathered(flat, name, ids, weights).view_as(x)
        out = torch.zeros_like(flat)
        for e in range(self.c["num_local_experts"]):
            token, slot = torch.where(ids == e)
            if len(token) > 0:
                made = self.expert(flat[token], f"{name}experts.{e}.") * weights[token, slot, None]
                out.index_add_(0, token, made)
        return out.view_as(x)

    def gathered(self, flat, name, ids, weights):
        order = ids.flatten().argsort(stable=True)
        rows = flat[order // ids.shape[1]].split(torch.bincount(ids.flatten(), minlength=self.c["num_local_experts"]).tolist())
        made = torch.cat([self.expert(part, f"{name}experts.{e}.") for e, part in enumerate(rows)])
        place = torch.empty_like(order)
        place[order] = torch.arange(len(order))
        return (made[place].view(*ids.shape, -1) * weights[..., None]).sum(1)

    def forward(self, ids, combine, attention, nll):
        x, routing = F.embedding(ids, self.w["model.embed_tokens.weight"]), []
        for layer in range(self.c["num_hidden_layers"]):
            name = f"model.layers.{layer}."
            x = x + self.attention(self.norm(x, name + "input_layernorm.weight"), layer, attention)
            x = x + self.experts(self.norm(x, name + "post_attention_layernorm.weight"), layer, combine, routing)
        return routing, self.losses(x, ids) if nll else None

    def losses(self, x, ids):
        """Of each token but a document's first; a document at a time, as all of them would be gigabytes."""
        x = self.norm(x, "model.norm.weight")
        return [F.cross_entropy(F.linear(x[d, :-1], self.w["lm_head.weight"]).float(), ids[d, 1:], reduction="none")
                for d in range(len(ids))]


def speed(model, ids, combine, attention, batches):
    seconds = []
    for _ in range(batches):
        begin = time.perf_counter()
        model.forward(ids, combine, torch.bfloat16 if attention == "bf16" else torch.float32, o.nll)
        seconds.append(time.perf_counter() - begin)
    return ids.numel() / statistics.median(seconds)


def main():
    torch.set_num_threads(o.threads)
    torch.set_grad_enabled(False)
    torch.manual_seed(1)
    model = Mixtral(o.model, o.tokens)
    ids = torch.randint(model.c["vocab_size"], (o.documents, o.tokens))
    few = ids[:max(1, o.documents // 4)]
    way, tried = (o.combine, o.attention), {}
    if None in way:
        speed(model, few, *WAYS[0], 1)  # the first touches the weights
        tried = {each: round(speed(model, few, *each, 1)) for each in WAYS}
        way = max(tried, key=tried.get)
    print(json.dumps({"torch": torch.__version__, "dtype": "bf16", "combine": way[0], "attention": way[1],
                      "openblas_threads": int(os.environ["OPENBLAS_NUM_THREADS"]), "threads": o.threads,
                      "tried": {" ".join(each): rate for each, rate in tried.items()}, "tokens": ids.numel(),
                      "tokens_per_second": round(speed(model, ids, *way, o.batches))}))


main()
