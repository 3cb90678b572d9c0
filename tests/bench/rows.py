#!/usr/bin/env python3
"""rows.py BUILD WORK [ROW...]: measures the rows of the README's performance table with the programs in BUILD and prints
them as Markdown; exits 1 if one misses its limit. WORK keeps what is made on the way. --list names the rows. Rows whose
peer is missing are left out with a word. Standard library only."""

import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

SOURCE = Path(__file__).resolve().parents[2]
M = ("32", "8", "2", "100000", "f16")    # layers, experts, top-k, tokens: many layers of few experts
D = ("58", "256", "8", "10000", "f16")   # few tokens of many experts
S = ("32", "8", "2", "1000000", "none")  # a long run, for what needs no logits


class Bench:
    def __init__(self, build, work):
        self.build, self.work = Path(build).resolve(), Path(work).resolve()
        self.work.mkdir(parents=True, exist_ok=True)
        self.kept = {}

    def run(self, program, *arguments):
        """The JSON object a program prints, once for each set of arguments."""
        key = (program, arguments)
        if key not in self.kept:
            done = subprocess.run([self.build / program, *map(str, arguments)], check=True, stdout=subprocess.PIPE, text=True)
            self.kept[key] = json.loads(done.stdout[done.stdout.index("{"):])
        return self.kept[key]

    def timed(self, *arguments):
        """Seconds and largest memory of `moescope` with its output thrown away; the best of three."""
        runs = [timed([self.build / "moescope", "-q", *map(str, arguments)]) for _ in range(3)]
        return min(r[0] for r in runs), max(r[1] for r in runs)

    def model(self, layers=8):
        folder = self.work / ("perf-model" if layers == 8 else f"perf-model-{layers}")
        if not (folder / "model.safetensors").exists():
            subprocess.run([self.build / "make_perf_model", folder, "--layers", str(layers)], check=True)
        return folder

    def storage(self, shape):
        """A recording of that shape, and the figures of the median of five by the writer's CPU time."""
        file = self.work / f"storage-{'-'.join(shape)}.moescope"
        if shape not in self.kept:
            runs = []
            for _ in range(5):
                file.unlink(missing_ok=True)
                self.kept.pop(("storage_bench", (file, *shape)), None)
                runs.append(self.run("storage_bench", file, *shape))
            self.kept[shape] = sorted(runs, key=lambda run: run["cpu_us_per_token_layer"])[2]
        return file, self.kept[shape]


def timed(command):
    """Seconds and largest memory of a command with its output thrown away."""
    before = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        raise RuntimeError(f"{' '.join(map(str, command))} failed")
    return time.monotonic() - before, usage.ru_maxrss * 1024


def at_least(value, limit, text):
    return value >= limit, f"{text} (limit {limit:,})"


def at_most(value, limit, text):
    return value <= limit, f"{text} (limit {limit:,})"


def of_peaks(r):
    return (f"{r['tokens_per_second']:,.0f} tokens/s, {r['library_share']:.2f} of oneDNN's fastest product, "
            f"{r['peak_share']:.2f} of the engine's own")


def prefill(b):
    r = b.run("prefill_bench", b.model(), "--dtype", "bf16")
    return at_least(r["library_share"], 0.70, of_peaks(r))


def prefill_nll(b):
    r = b.run("prefill_bench", b.model(), "--dtype", "bf16", "--nll")
    return at_least(r["tokens_per_second"], 1900, of_peaks(r))


def torch_python():
    """A Python that has PyTorch: Debian's, where another comes first in PATH."""
    for python in dict.fromkeys((os.environ.get("MOESCOPE_TORCH_PYTHON", sys.executable), "/usr/bin/python3")):
        if shutil.which(python) and subprocess.run([python, "-c", "import torch"], stderr=subprocess.DEVNULL).returncode == 0:
            return python
    return None


def prefill_peer(limit, *options):
    def row(b):
        python = torch_python()
        if python is None:
            return None, "no peer: apt-get install python3-torch"
        own, peer, way, environment = [], [], [], {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_")}
        for _ in range(3):  # the first finds the fastest way
            done = subprocess.run([python, SOURCE / "tests/bench/prefill_peer.py", b.model(), "--batches", "1", *options, *way],
                                  check=True, stdout=subprocess.PIPE, text=True, env=environment)
            r = json.loads(done.stdout)
            way = ["--combine", r["combine"], "--attention", r["attention"]]
            environment["OPENBLAS_NUM_THREADS"] = str(r["openblas_threads"])
            peer.append(r["tokens_per_second"])
            done = subprocess.run([b.build / "prefill_bench", b.model(), "--dtype", "bf16", "--pairs", "1", *options],
                                  check=True, stdout=subprocess.PIPE, text=True)
            own.append(json.loads(done.stdout)["tokens_per_second"])
        ratio = median(o / p for o, p in zip(own, peer))
        return at_least(ratio, limit, f"{median(own):,.0f} / {median(peer):,.0f} tokens/s, {ratio:.1f} x "
                        f"a PyTorch {r['torch']} loop over experts")
    return row


def prefill_f32(b):
    r = b.run("prefill_bench", b.model(), "--dtype", "f32", "--pairs", "3")
    return at_least(r["peak_share"], 0.65, f"{r['tokens_per_second']:,.0f} tokens/s, {r['peak_share']:.2f} of the peak")


def prefill_int8(b):
    r = b.run("int8_bench", b.model())
    return at_least(r["gain"], 1.30, f"{r['tokens_per_second_int8']:,.0f} / {r['tokens_per_second']:,.0f} tokens/s; {r['gain']:.2f} x "
                    f"({r['least']:.2f} to {r['most']:.2f})")


def one_document(b):
    r = b.run("prefill_bench", b.model(), "--dtype", "bf16", "--documents", "1")
    return at_least(r["tokens_per_second"], 1600, f"{r['tokens_per_second']:,.0f} tokens/s")


def recorded(b, model, tokens):
    """Seconds of computing and largest memory, in bytes, of `record` over documents of 512 random tokens."""
    ids, db = b.work / f"ids-{tokens}.json", b.work / "growth.moescope"
    if not ids.exists():
        draw = random.Random(1)
        ids.write_text(json.dumps([[draw.randrange(3, 32000) for _ in range(512)] for _ in range(tokens // 512)]))
    db.unlink(missing_ok=True)
    child = subprocess.Popen([b.build / "moescope", "-q", "record", model, "--token-ids", ids, "--nll", "off", "--dtype", "bf16",
                              "--db", db, "--json"], stdout=subprocess.PIPE, text=True)
    seconds = json.loads(child.stdout.read())["seconds"]
    _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        raise RuntimeError(f"recording {tokens} tokens failed")
    return seconds, usage.ru_maxrss * 1024


def growth_tokens(b):
    """A token's time beyond the first 4,096, up to 16,384 and from there to 65,536; each the median of three."""
    sizes = (1024, 4096, 16384, 65536)
    rounds = [[recorded(b, b.model(), tokens) for tokens in sizes] for _ in range(3)]
    seconds = [median(r[i][0] for r in rounds) for i in range(len(sizes))]
    memory = [max(r[i][1] for r in rounds) for i in range(len(sizes))]
    ratio = median((r[3][0] - r[2][0]) / 49152 / ((r[2][0] - r[1][0]) / 12288) for r in rounds)
    table = ", ".join(f"{n // 1024}k: {s:.2f} s, {m / 1e9:.2f} GB" for n, s, m in zip(sizes, seconds, memory))
    good, text = at_most(ratio, 1.15, f"a token beyond 16k costs {ratio:.2f} x one before; {table}")
    return good and memory[3] <= 1.05 * memory[2], text


def growth_layers(b):
    """A layer's time in models of 4 and 8 layers, recording 16,384 tokens more or less 4,096."""
    def cost(layers):
        model = b.model(layers)
        return (recorded(b, model, 16384)[0] - recorded(b, model, 4096)[0]) / layers
    ratio = median(cost(8) / cost(4) for _ in range(3))
    return at_most(ratio, 1.15, f"a layer of 8 costs {ratio:.2f} x one of 4")


def generation(b):
    r = b.run("generation_bench", b.model(), "--dtype", "bf16")
    return at_least(r["bandwidth_share"], 0.80, f"{r['tokens_per_second']:,.0f} tokens/s, {r['bandwidth_share']:.2f} of "
                    f"{r['memory_bandwidth'] / 1e9:.1f} GB/s")


def loading(b):
    seconds = b.run("load_bench", b.model())["seconds_to_first_layer"]
    return at_most(seconds, 0.1, f"{1000 * seconds:.0f} ms")


def recording(b):
    r = b.run("moescope", "bench", b.model(), "--json", "--pairs", "15")
    return at_least(r["recording_share"], 0.98, f"{100 * r['recording_share']:.1f} % of the speed without")


def writer(shape, limit):
    def row(b):
        cost = b.storage(shape)[1]["cpu_us_per_token_layer"]
        return at_most(cost, limit, f"{cost:.3f} us of CPU a token and layer")
    return row


def size(shape, limit):
    def row(b):
        experts, slots = int(shape[1]), int(shape[2])
        raw = 2 * experts + slots + 4 * slots
        ratio = b.storage(shape)[1]["bytes_per_token_layer"] / raw
        return at_most(ratio, limit, f"{ratio:.2f} x the {raw} bytes of f16 logits, ids and f32 weights")
    return row


def plain_table(b):
    """The routing of the recording as SQLite's own table of rows, and the shell; None without the shell."""
    shell, file = shutil.which("sqlite3"), b.storage(M)[0]
    if shell is None:
        return None, None
    plain = b.work / "plain.sqlite"
    if not plain.exists() or plain.stat().st_mtime < file.stat().st_mtime:
        plain.unlink(missing_ok=True)
        make = "CREATE TABLE plain.routing AS SELECT token, layer, slot, expert, weight, prob, logit FROM main.routing"
        subprocess.run([shell, file, f".load {b.build / 'moescope_sqlite'}", f"ATTACH '{plain}' AS plain", make], check=True)
    return shell, plain


def beside_shell(b, seconds, sql):
    shell, plain = plain_table(b)
    if shell is None:
        return "no sqlite3 shell to compare with"
    peer = min(timed([shell, "-csv", plain, sql])[0] for _ in range(3))
    return f"{peer / seconds:.1f} x the sqlite3 shell over a table of the same rows"


def sql(b):
    query = "SELECT sum(expert) FROM routing"
    rate = b.storage(M)[1]["routing_rows_per_second"]
    beside = beside_shell(b, b.timed("sql", b.storage(M)[0], query)[0], query)
    return at_least(rate, 10_000_000, f"{rate:,.0f} rows/s, {beside}")


def export(b):
    file, _ = b.storage(M)
    rows = int(M[0]) * int(M[2]) * int(M[3])
    seconds, memory = b.timed("export", file, "--table", "routing")
    beside = beside_shell(b, seconds, "SELECT * FROM routing")
    return at_least(rows / seconds, 3_000_000, f"{rows / seconds:,.0f} rows/s, {memory / 1e6:.0f} MB of memory, {beside}")


# The tables over whole runs (the others have a row for each token, or come from trainings, ablations or several runs), and
# what each is made from. The first three are kept as sums: blocks are read for the others alone.
ROUTES = "SELECT ids FROM route_block ORDER BY layer_id, block"
STATISTICS = {
    **dict.fromkeys(("load", "balance", "load_by_domain", "coactivation", "transitions", "overflow"), (ROUTES,)),
    "vocabulary": (ROUTES, "SELECT ids FROM token_block ORDER BY run_id, block"),
}


def seconds_to_read(file, queries):
    """Reading the columns of the blocks once, from the file's pages in memory into nothing; the best of five."""
    best = float("inf")
    for _ in range(5):
        before = time.monotonic()
        db = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        for query in queries:
            for _ in db.execute(query):
                pass
        db.close()
        best = min(best, time.monotonic() - before)
    return best


def statistics(b):
    file, _ = b.storage(S)
    times = [(b.timed("export", file, "--table", table)[0], seconds_to_read(file, queries), table)
             for table, queries in STATISTICS.items()]
    if os.environ.get("MOESCOPE_BENCH_VERBOSE"):
        for own, read, table in times:
            print(f"{table}: {1000 * own:.1f} ms, its columns {1000 * read:.1f} ms", file=sys.stderr)
    ratio, own, read, table = max((own / read, own, read, table) for own, read, table in times)
    return at_most(ratio, 2, f"slowest: {table}, {ratio:.2f} x reading its columns once "
                   f"({1000 * own:.0f} / {1000 * read:.0f} ms)")


def training(b):
    rate = b.run("train_bench")["tokens_per_second"]
    return at_least(rate, 15_000, f"{rate:,.0f} tokens/s")


def tokenizer(b):
    modules = os.environ.get("MOESCOPE_NODE_MODULES", str(b.work / "node_modules"))
    if not (Path(modules) / "@anush008/tokenizers").exists():
        return None, f"no peer: npm install --prefix {Path(modules).parent} @anush008/tokenizers"
    files = [SOURCE / "datasets/models/demo/tokenizer.json",
             *sorted((SOURCE / "datasets/texts/english_prose").glob("*.txt"))[:1],
             *sorted((SOURCE / "datasets/texts/python").glob("*"))[:1]]
    speeds = []
    for command in ([b.build / "tokenizer_bench"], ["node", SOURCE / "tests/bench/tokenizer_bench.mjs", modules]):
        text = subprocess.run([*command, *files], check=True, stdout=subprocess.PIPE, text=True).stdout
        speeds.append([float(m) for m in re.findall(r"encode +([\d.]+) MB/s", text)])
    ratio = min(own / peer for own, peer in zip(*speeds))
    return at_least(ratio, 2, f"{ratio:.1f} x Hugging Face's library on the slower of prose and code")


def clean_tree(b):
    """Seconds of building the last commit in a clone of its own without a compiler cache, then of all its tests."""
    if "clean tree" not in b.kept:
        with tempfile.TemporaryDirectory(dir=b.work) as folder:
            tree, environment = Path(folder) / "tree", dict(os.environ, CCACHE_DISABLE="1")
            subprocess.run(["git", "clone", "--quiet", SOURCE, tree], check=True)
            seconds = []
            for command in (["bash", "-c", "source app/packages.sh && build_release"], ["tests/run.sh"]):
                before = time.monotonic()
                with open(b.work / "clean-tree.log", "ab") as log:
                    subprocess.run(command, cwd=tree, env=environment, check=True, stdout=log, stderr=log)
                seconds.append(time.monotonic() - before)
        b.kept["clean tree"] = seconds
    return b.kept["clean tree"]


def clean_tree_row(part, minutes):
    def row(b):
        seconds = clean_tree(b)[part]
        return at_most(seconds / 60, minutes, f"{seconds // 60:.0f} min {seconds % 60:.0f} s on {os.cpu_count()} cores")
    return row


ROWS = {
    "prefill": ("performance model, bf16, 16 x 512 tokens", prefill),
    "prefill-nll": ("the same with nll of every token", prefill_nll),
    "prefill-peer": ("prefill beside a PyTorch loop, bf16", prefill_peer(1.8)),
    "prefill-nll-peer": ("the same with nll of every token", prefill_peer(1.8, "--nll")),
    "prefill-f32": ("performance model, f32", prefill_f32),
    "prefill-int8": ("performance model, experts in int8 against bf16, in turn", prefill_int8),
    "one-document": ("one document of 512 tokens, bf16", one_document),
    "growth-tokens": ("growth with tokens, recorded", growth_tokens),
    "growth-layers": ("growth with layers", growth_layers),
    "generation": ("generation, bf16", generation),
    "loading": ("from opening to the first layer's routing", loading),
    "recording": ("recording against not recording", recording),
    "writer-8": ("writing, 32 layers x 8 experts", writer(M, 0.15)),
    "writer-256": ("writing, 58 layers x 256 experts", writer(D, 1.3)),
    "size-8": ("file size, 32 x 8", size(M, 1.25)),
    "size-256": ("file size, 58 x 256", size(D, 1.06)),
    "sql": ("SELECT sum(expert) FROM routing", sql),
    "export": ("export of the routing table", export),
    "statistics": ("statistics of a whole run", statistics),
    "training": ("training 4 layers of width 128", training),
    "tokenizer": ("tokenizer, one thread", tokenizer),
    "build": ("clean build", clean_tree_row(0, 8)),
    "tests": ("full tests", clean_tree_row(1, 10)),
}


def main():
    arguments = sys.argv[1:]
    if "--list" in arguments:
        print("\n".join(ROWS))
        return 0
    if len(arguments) < 2 or any(name not in ROWS for name in arguments[2:]):
        print(f"usage: rows.py BUILD WORK [ROW...]; rows: {' '.join(ROWS)}", file=sys.stderr)
        return 2
    bench, missed = Bench(*arguments[:2]), []
    print("| what | figure | |\n|---|---|---|", flush=True)
    for name in arguments[2:] or ROWS:
        title, measure = ROWS[name]
        good, text = measure(bench)
        if good is False:
            missed.append(name)
        print(f"| {title} | {text} | {'' if good is None else 'reached' if good else 'missed'} |", flush=True)
    if missed:
        print(f"missed: {' '.join(missed)}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
