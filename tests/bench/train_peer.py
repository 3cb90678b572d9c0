#!/usr/bin/env python3
"""Training speed of train_bench's model in PyTorch, as JSON: the median step of the fastest way to write it.

    train_peer.py [--steps N] [--threads N] [--context N] [--batch-tokens N] [--layers N] [--width N] [--heads N]
                  [--experts N] [--top-k N] [--ffn N] [--vocabulary N] [--dtype f32|bf16 --product loop|batched]

The same decoder (RMS norm, rotary embedding, causal attention, top-k experts, tied embedding), the same batch, AdamW
with clipping and the auxiliary loss. Every combination of f32 or bf16 autocast, experts in a loop over index_select
or padded into batched products, and one or two OpenBLAS threads is tried for a few steps; the fastest is measured.
--dtype and --product name one instead, OPENBLAS_NUM_THREADS its threads.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time

if "OPENBLAS_NUM_THREADS" not in os.environ:  # it is read when torch is loaded: one process for each
    runs = []
    for threads in ("1", "2"):
        done = subprocess.run([sys.executable, *sys.argv], env={**os.environ, "OPENBLAS_NUM_THREADS": threads},
                              stdout=subprocess.PIPE, check=True, text=True)
        runs.append(json.loads(done.stdout))
    print(json.dumps(max(runs, key=lambda run: run["tokens_per_second"])))
    sys.exit(0)

import torch
import torch.nn.functional as F


class RmsNorm(torch.nn.Module):
    def __init__(self, width):
        super().__init__()
        self.gain = torch.nn.Parameter(torch.ones(width))

    def forward(self, x):
        x = x.float()
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5) * self.gain


class Attention(torch.nn.Module):
    def __init__(self, o):
        super().__init__()
        self.heads, self.dim = o.heads, o.width // o.heads
        self.qkv = torch.nn.Linear(o.width, 3 * o.width, bias=False)
        self.out = torch.nn.Linear(o.width, o.width, bias=False)
        half = self.dim // 2
        angle = torch.arange(o.context)[:, None] * 10000.0 ** (-torch.arange(half) / half)
        self.register_buffer("cos", angle.cos())
        self.register_buffer("sin", angle.sin())
        self.register_buffer("mask", torch.full((o.context, o.context), float("-inf")).triu(1))

    def rotate(self, x):
        a, b = x.chunk(2, -1)
        return torch.cat((a * self.cos - b * self.sin, b * self.cos + a * self.sin), -1).to(x.dtype)

    def forward(self, x):
        batch, length, width = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, self.heads, self.dim).permute(2, 0, 3, 1, 4)
        scores = self.rotate(q) @ self.rotate(k).transpose(-1, -2) / self.dim ** 0.5
        weights = (scores + self.mask.to(scores.dtype)).softmax(-1).to(v.dtype)
        return self.out((weights @ v).transpose(1, 2).reshape(batch, length, width))


class Experts(torch.nn.Module):
    def __init__(self, o):
        super().__init__()
        self.o = o
        self.router = torch.nn.Linear(o.width, o.experts, bias=False)
        self.gate_up = torch.nn.Parameter(torch.randn(o.experts, o.width, 2 * o.ffn) * 0.02)
        self.down = torch.nn.Parameter(torch.randn(o.experts, o.ffn, o.width) * 0.02)

    def run(self, x, gate_up, down):
        gate, up = (x @ gate_up).chunk(2, -1)
        return (F.silu(gate) * up) @ down

    def forward(self, x):
        o = self.o
        flat = x.reshape(-1, o.width)
        with torch.autocast("cpu", enabled=False):
            probs = self.router(flat.float()).softmax(-1)
        weights, ids = probs.topk(o.top_k, -1)
        weights = weights / weights.sum(-1, keepdim=True)
        order = ids.flatten().argsort(stable=True)
        count = torch.bincount(ids.flatten(), minlength=o.experts)
        token = order // o.top_k
        rows = flat.to(torch.bfloat16 if o.bf16 else torch.float32).index_select(0, token)
        made = self.looped(rows, count) if o.loop else self.padded(rows, count, ids.flatten()[order])
        out = torch.zeros_like(flat, dtype=torch.float32)
        out = out.index_add(0, token, made.float() * weights.flatten()[order, None])
        share = count / count.sum()
        return out.view_as(x), o.experts * (share * probs.mean(0)).sum()

    def looped(self, rows, count):
        parts = rows.split(count.tolist())
        return torch.cat([self.run(part, self.gate_up[e], self.down[e]) for e, part in enumerate(parts)])

    def padded(self, rows, count, expert):
        place = torch.arange(len(rows)) - (count.cumsum(0) - count)[expert]
        most = int(count.max())
        table = rows.new_zeros(self.o.experts * most, rows.shape[1]).index_copy(0, expert * most + place, rows)
        made = self.run(table.view(self.o.experts, most, -1), self.gate_up, self.down)
        return made.reshape(self.o.experts * most, -1).index_select(0, expert * most + place)


class Model(torch.nn.Module):
    def __init__(self, o):
        super().__init__()
        self.embedding = torch.nn.Embedding(o.vocabulary, o.width)
        torch.nn.init.normal_(self.embedding.weight, std=0.02)
        self.layers = torch.nn.ModuleList(
            torch.nn.ModuleList((RmsNorm(o.width), Attention(o), RmsNorm(o.width), Experts(o)))
            for _ in range(o.layers))
        self.norm = RmsNorm(o.width)

    def forward(self, ids, targets):
        x, aux = self.embedding(ids), 0
        for norm1, attention, norm2, experts in self.layers:
            x = x + attention(norm1(x))
            mixed, loss = experts(norm2(x))
            x, aux = x + mixed, aux + loss / len(self.layers)
        logits = F.linear(self.norm(x), self.embedding.weight)
        return F.cross_entropy(logits.flatten(0, 1).float(), targets.flatten()) + 0.01 * aux


def speeds(o, steps):
    torch.manual_seed(1)
    model = Model(o)
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, betas=(0.9, 0.95), weight_decay=0.1, foreach=True)
    text = (torch.arange(300001) * 7 + torch.randint(3, (300001,))) % o.vocabulary
    out = []
    for _ in range(steps):
        begin = time.perf_counter()
        first = torch.randint(300000 - o.context, (o.batch_tokens // o.context, 1))
        window = text[first + torch.arange(o.context + 1)]
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=o.bf16):
            loss = model(window[:, :-1], window[:, 1:])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        out.append(o.batch_tokens / (time.perf_counter() - begin))
    return out


def main():
    parser = argparse.ArgumentParser()
    for name, value in (("steps", 20), ("threads", 2), ("layers", 4), ("width", 128), ("heads", 4), ("experts", 16),
                        ("top-k", 2), ("ffn", 128), ("vocabulary", 2048), ("context", 256), ("batch-tokens", 8192)):
        parser.add_argument("--" + name, type=int, default=value)
    parser.add_argument("--dtype", choices=("f32", "bf16"))
    parser.add_argument("--product", choices=("loop", "batched"))
    o = parser.parse_args()
    torch.set_num_threads(o.threads)
    ways = [(bf16, loop) for bf16 in ([o.dtype == "bf16"] if o.dtype else [False, True])
            for loop in ([o.product == "loop"] if o.product else [False, True])]
    tried = {}
    for o.bf16, o.loop in ways if len(ways) > 1 else []:
        tried[(o.bf16, o.loop)] = statistics.median(speeds(o, 4)[1:])
    o.bf16, o.loop = max(tried, key=tried.get) if tried else ways[0]
    print(json.dumps({"torch": torch.__version__, "dtype": "bf16" if o.bf16 else "f32",
                      "experts": "loop" if o.loop else "batched",
                      "openblas_threads": int(os.environ["OPENBLAS_NUM_THREADS"]), "threads": o.threads,
                      "tried": {("bf16" if b else "f32") + (" loop" if l else " batched"): round(v)
                                for (b, l), v in tried.items()},
                      "tokens_per_second": round(statistics.median(speeds(o, o.steps)[3:]))}))


main()
