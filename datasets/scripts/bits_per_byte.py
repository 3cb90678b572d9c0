#!/usr/bin/env python3
"""Scores a model on texts, domain by domain, beside `xz -9e` on the same files.

Bits per byte = sum of nll / ln 2 / bytes of the files; a token without nll counts 8 bits for each of its bytes.
Prints a Markdown table. Usage: bits_per_byte.py MOESCOPE MODEL TEXTS [record options...]
TEXTS: a folder whose sub-folders name domains, or of DOMAIN.txt files.
"""

import csv
import io
import lzma
import math
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path


def domains_of(folder):
    domains = defaultdict(list)
    for file in sorted(folder.rglob("*.txt")):
        relative = file.relative_to(folder)
        domains[relative.parts[0] if len(relative.parts) > 1 else file.stem].append(file)
    if not domains:
        sys.exit(f"{folder}: no .txt files here; name a folder of texts")
    return domains


def xz_bits(files):
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME}]
    return sum(8 * len(lzma.compress(f.read_bytes(), filters=filters)) for f in files)


def bytes_of(text):
    """The length of a token's bytes: an escape \\xNN stands for one."""
    return len(re.sub(rb"\\x[0-9A-F]{2}", b"?", text.encode(), flags=re.IGNORECASE))


def model_bits(program, model, domains, options):
    bits = defaultdict(float)
    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder) / "score.moescope"
        inputs = [a for d, files in domains.items() for f in files for a in ("--input", f"{f}={d}")]
        subprocess.run([program, "-q", "record", model, *inputs, "--db", db, "--logits", "none", *options],
                       check=True, stdout=subprocess.DEVNULL)
        with subprocess.Popen([program, "export", db, "--table", "tokens", "--raw-text"],
                              stdout=subprocess.PIPE) as export:
            for row in csv.DictReader(io.TextIOWrapper(export.stdout, encoding="utf-8", newline="")):
                bits[row["domain"]] += float(row["nll"]) / math.log(2) if row["nll"] else 8 * bytes_of(row["text"])
    return bits


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    program, model, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    domains = domains_of(folder)
    bits = model_bits(program, model, domains, sys.argv[4:])
    print("| domain | bytes | model, bits per byte | xz -9e, bits per byte |\n|---|---:|---:|---:|")
    scores, compressed = [], []
    for domain, files in domains.items():
        size = sum(f.stat().st_size for f in files)
        scores.append(bits[domain] / size)
        compressed.append(xz_bits(files) / size)
        print(f"| {domain} | {size:,} | {scores[-1]:.3f} | {compressed[-1]:.3f} |")
    print(f"| mean of domains | | {sum(scores) / len(scores):.3f} | {sum(compressed) / len(compressed):.3f} |")


if __name__ == "__main__":
    main()
