#!/usr/bin/env python3
"""table.py [RECORDING]: the table of the training lab in the README, from the recording alone (default: lab.moescope
beside this file). Runs are named STRATEGY-sSEED; every figure is the mean over layers of a run's held-out text, then mean
and standard deviation over seeds. Standard library only; how blocks lie in a recording: app/docs/recording-format.md."""

import array
import json
import math
import re
import sqlite3
import statistics
import struct
import sys
from pathlib import Path

CAPACITY_FACTOR, GROUP = 1.25, 1024  # the product's defaults: floor(1.25 k T / E), groups of 1024 tokens, first come


def cv(values):
    mean = sum(values) / len(values)
    return math.sqrt(sum((v - mean) ** 2 for v in values) / len(values)) / mean


def perplexity(db, run):
    total, count = 0.0, 0
    for (blob,) in db.execute("SELECT nll FROM token_block WHERE run_id=?", (run,)):
        known = [v for v in array.array("f", blob) if not math.isnan(v)]
        total, count = total + sum(known), count + len(known)
    return math.exp(total / count)


def sums(db, layer, experts):
    """(assignments, sum of weights) by domain."""
    fixed = 32
    for (blob,) in db.execute("SELECT sums FROM layer_summary WHERE layer_id=? AND tokens>0 ORDER BY domain", (layer,)):
        yield (struct.unpack_from(f"<{experts}q", blob, fixed),
               struct.unpack_from(f"<{experts}d", blob, fixed + 16 * experts))


def divergence(p, q):
    """Jensen-Shannon, in bits."""
    def kl(a, b):
        return sum(x * math.log2(x / y) for x, y in zip(a, b) if x > 0)
    middle = [(x + y) / 2 for x, y in zip(p, q)]
    return (kl(p, middle) + kl(q, middle)) / 2


def separability(domains):
    shares = [[n / sum(counts) for n in counts] for counts in domains]
    pairs = [(a, b) for i, a in enumerate(shares) for b in shares[:i]]
    return sum(divergence(a, b) for a, b in pairs) / len(pairs)


def dropped(db, layer, tokens, experts, slots, id_bytes):
    """Share of choices beyond the capacity: all first choices in token order, then all second ones."""
    ids = array.array("B" if id_bytes == 1 else "H")
    for (blob,) in db.execute("SELECT ids FROM route_block WHERE layer_id=? ORDER BY block", (layer,)):
        ids.frombytes(blob)
    lost = 0
    for begin in range(0, tokens, GROUP):
        size = min(GROUP, tokens - begin)
        capacity = math.floor(CAPACITY_FACTOR * slots * size / experts)
        for expert in range(experts):
            mine = ids[begin * slots:(begin + size) * slots].count(expert)
            lost += max(0, mine - capacity)
    return lost / (tokens * slots)


LAST_STEPS = 50  # together 204,800 tokens: what is uneven in them is the router, not the texts of a batch


def by_layer(values, sizes):
    at = 0
    for size in sizes:
        yield values[at:at + size]
        at += size


def in_training(db, run):
    """CV of importance and of load over the last steps together, with the noise: mean over layers."""
    load, importance = {}, {}
    for counts, weights in db.execute("SELECT load, importance FROM train_step WHERE run_id=? ORDER BY step DESC LIMIT ?",
                                      (run, LAST_STEPS)):
        numbers, layers = array.array("i", counts), []
        while numbers:
            experts = numbers.pop(0)
            layers.append(numbers[:experts])
            numbers = numbers[experts:]
        for sums, step in ((load, layers), (importance, by_layer(array.array("f", weights), map(len, layers)))):
            for index, values in enumerate(step):
                sums[index] = [a + b for a, b in zip(sums.get(index, [0] * len(values)), values)]
    return [statistics.fmean(cv(values) for values in sums.values()) for sums in (importance, load)]


def smooth_load(db, run):
    """CV behind Shazeer's load loss, batch by batch (root mean square over layers and the last steps); nothing where a
    strategy has no noise."""
    losses = [json.loads(text) for (text,) in
              db.execute("SELECT losses FROM train_step WHERE run_id=? ORDER BY step DESC LIMIT ?", (run, LAST_STEPS))]
    known = [step["load"] for step in losses if "load" in step]
    return math.sqrt(sum(known) / len(known)) if known else None


def measure(db, run, tokens, chooses):
    layers = db.execute("SELECT id, experts, top_k, id_bytes FROM layer WHERE run_id=? ORDER BY layer", (run,)).fetchall()
    rows = []
    for layer, experts, slots, id_bytes in layers:
        by_domain = list(sums(db, layer, experts))
        counts = [sum(column) for column in zip(*(counts for counts, _ in by_domain))]
        weights = [sum(column) for column in zip(*(weight for _, weight in by_domain))]
        ratio = max(counts) * experts / sum(counts)
        lost = 0.0 if chooses else dropped(db, layer, tokens, experts, slots, id_bytes)
        rows.append((cv(weights), cv(counts), ratio, ratio - 1, counts.count(0), 100 * lost,
                     separability([counts for counts, _ in by_domain])))
    importance, load, ratio, violation, dead, lost, apart = zip(*rows)
    mean = statistics.fmean
    trained_importance, trained_load = in_training(db, run)
    return {"perplexity": perplexity(db, run), "importance": mean(importance), "load": mean(load),
            "trained importance": trained_importance, "trained load": trained_load, "smooth load": smooth_load(db, run),
            "ratio": mean(ratio), "violation": mean(violation), "dead": sum(dead), "lost": mean(lost), "apart": mean(apart)}


COLUMNS = [("perplexity", "perplexity", 1), ("importance", "CV importance", 2), ("load", "CV load", 2),
           ("trained importance", "training: CV importance", 3), ("trained load", "training: CV load", 3),
           ("smooth load", "training: CV smooth load", 3), ("ratio", "max/mean load", 2), ("violation", "MaxVio", 2),
           ("dead", "dead experts", 1), ("lost", "dropped at 1.25, %", 1), ("apart", "separability, bits", 2)]


def cell(values, digits):
    if any(v is None for v in values):
        return ""
    spread = statistics.stdev(values) if len(values) > 1 else 0
    return f"{statistics.fmean(values):.{digits}f} ± {spread:.{digits}f}"


def main():
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("lab.moescope")
    db = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    strategies = {}
    snapshots = {run for (run,) in db.execute("SELECT run_id FROM train_snapshot")}
    for run, name, tokens in db.execute("SELECT id, name, tokens FROM run WHERE state='complete' ORDER BY id"):
        match = re.fullmatch(r"(.+)-s\d+", name)
        if match and run not in snapshots:
            strategies.setdefault(match[1], []).append(measure(db, run, tokens, match[1] == "expert-choice"))
    print("| strategy | " + " | ".join(title for _, title, _ in COLUMNS) + " |")
    print("|---|" + "---:|" * len(COLUMNS))
    for strategy, runs in strategies.items():
        cells = [cell([run[key] for run in runs], digits) for key, _, digits in COLUMNS]
        if strategy == "expert-choice":
            cells[0] += " *"
        print(f"| `{strategy}` | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
