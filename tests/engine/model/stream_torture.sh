#!/bin/bash
# Records a model that is larger than the memory a process may use, and counts what it reads.
#
#   tests/engine/model/stream_torture.sh BUILD_FOLDER [GIGABYTES] [LIMIT_GIGABYTES] [TOKENS]
#
# Writes a synthetic Mixtral-layout checkpoint (bf16, 24 GB unless told otherwise), records TOKENS tokens (16384) with it
# in a control group limited to LIMIT (6 GB), and fails unless the process read each weight once (read_bytes of
# /proc/PID/io within 5 % of the checkpoint's size) in at most 1.3 times what takes longer by itself: reading the files
# within the same limit, or computing. What computing takes (packing weights for the processor included, as a recording
# has to once) is measured without a limit on the first layer and the first two of the same checkpoint, read already, with
# the same tokens: the second layer's time stands for every further one. It is measured before and after, and the mean
# taken: a shared machine's speed drifts.
# Needs root, a memory control group (version 1 or 2) and the disk space; removes everything it has made.
set -euo pipefail

build=${1:?give the build folder}
gigabytes=${2:-24}
limit=${3:-6}
tokens=${4:-16384}
program=$(realpath "$build/moescope")
work=$(mktemp -d -p "${TMPDIR:-/var/tmp}" moescope-stream-XXXXXX)

# The memory controller, whichever version the system has.
if [ -d /sys/fs/cgroup/memory ]; then
    group=/sys/fs/cgroup/memory/moescope-stream-$$
    limit_file=memory.limit_in_bytes
else
    group=/sys/fs/cgroup/moescope-stream-$$
    limit_file=memory.max
fi
cleanup() {
    rm -rf "$work"
    rmdir "$group" 2>/dev/null || true
}
trap cleanup EXIT
mkdir "$group"
echo $((limit << 30)) >"$group/$limit_file"

python3 - "$work/model" "$gigabytes" "$tokens" <<'PYTHON'
import json, os, random, struct, sys
folder, gigabytes, tokens = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
hidden, inner, experts, heads, kv, vocabulary = 2048, 8192, 16, 16, 4, 32000
layer_bytes = 2 * experts * 3 * hidden * inner
layers = -(-(gigabytes << 30) // layer_bytes)
os.makedirs(folder)
json.dump(dict(model_type="mixtral", hidden_size=hidden, intermediate_size=inner, num_hidden_layers=layers,
               num_attention_heads=heads, num_key_value_heads=kv, num_local_experts=experts, num_experts_per_tok=2,
               vocab_size=vocabulary, torch_dtype="bfloat16"), open(folder + "/config.json", "w"))
# bf16 numbers of either sign between 2^-7 and 2^-5: activations stay of order one.
count = 1 << 24
noise = bytearray(2 * count)
noise[0::2] = os.urandom(count)
noise[1::2] = os.urandom(count).translate(bytes(0x3C if code < 128 else 0xBC for code in range(256)))
view = memoryview(noise)
weight_map = {}

def shard(name, tensors):
    header, offset = {}, 0
    for tensor, shape in tensors:
        size = 2
        for dimension in shape:
            size *= dimension
        header[tensor] = dict(dtype="BF16", shape=shape, data_offsets=[offset, offset + size])
        weight_map[tensor] = name
        offset += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 64)
    with open(folder + "/" + name, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text)
        for tensor, shape in tensors:
            left = header[tensor]["data_offsets"][1] - header[tensor]["data_offsets"][0]
            if tensor.endswith("norm.weight"):
                out.write(b"\x80\x3f" * (left // 2))
                continue
            while left:
                begin = 2 * random.randrange(count // 2)
                size = min(left, len(noise) - begin)
                out.write(view[begin:begin + size])
                left -= size
        out.flush()
        os.fsync(out.fileno())

shard("outside.safetensors", [("model.embed_tokens.weight", [vocabulary, hidden]), ("lm_head.weight", [vocabulary, hidden]),
                              ("model.norm.weight", [hidden])])
for layer in range(layers):
    p = f"model.layers.{layer}."
    block = p + "block_sparse_moe."
    tensors = [(p + "input_layernorm.weight", [hidden]), (p + "post_attention_layernorm.weight", [hidden]),
               (p + "self_attn.q_proj.weight", [hidden, hidden]), (p + "self_attn.o_proj.weight", [hidden, hidden]),
               (p + "self_attn.k_proj.weight", [hidden * kv // heads, hidden]),
               (p + "self_attn.v_proj.weight", [hidden * kv // heads, hidden]), (block + "gate.weight", [experts, hidden])]
    for expert in range(experts):
        e = f"{block}experts.{expert}."
        tensors += [(e + "w1.weight", [inner, hidden]), (e + "w3.weight", [inner, hidden]), (e + "w2.weight", [hidden, inner])]
    shard(f"layer-{layer}.safetensors", tensors)
json.dump(dict(weight_map=weight_map), open(folder + "/model.safetensors.index.json", "w"))
ids = [random.randrange(vocabulary) for _ in range(tokens)]
json.dump([ids[i:i + 2048] for i in range(0, tokens, 2048)], open(folder + "/tokens.json", "w"))
PYTHON
stored=$(cat "$work"/model/*.safetensors | wc -c)
drop_cache() {
    for file in "$work"/model/*.safetensors; do
        dd of="$file" oflag=nocache conv=notrunc,fdatasync count=0 status=none
    done
}

# The first layers as a model of their own that shares the files.
slice() {
    mkdir "$work/slice$1"
    ln -s "$work"/model/*.safetensors "$work/slice$1/"
    python3 - "$work/model" "$work/slice$1" "$1" <<'PYTHON'
import json, sys
whole, part, layers = sys.argv[1], sys.argv[2], int(sys.argv[3])
config = json.load(open(whole + "/config.json"))
config["num_hidden_layers"] = layers
json.dump(config, open(part + "/config.json", "w"))
files = ["outside.safetensors"] + [f"layer-{layer}.safetensors" for layer in range(layers)]
index = json.load(open(whole + "/model.safetensors.index.json"))["weight_map"]
json.dump(dict(weight_map={name: file for name, file in index.items() if file in files}),
          open(part + "/model.safetensors.index.json", "w"))
PYTHON
}
record() { # MODEL NAME
    "$program" -v record "$work/$1" --token-ids "$work/model/tokens.json" --db "$work/$2.moescope" --context 2048 \
        --batch-tokens "$tokens" --nll off --no-text --name streamed --json
}
seconds_of() { # MODEL NAME
    record "$1" "$2" | sed 's/.*"seconds":\([0-9.e+-]*\).*/\1/'
}
compute() { # NAME: seconds for all layers
    cat "$work"/model/{outside,layer-0,layer-1}.safetensors >/dev/null
    one=$(seconds_of slice1 "one-$1")
    two=$(seconds_of slice2 "two-$1")
    echo "$one + ($layers - 1) * ($two - $one)" | bc -l
}

layers=$(grep -o '"num_hidden_layers": [0-9]*' "$work/model/config.json" | grep -o '[0-9]*$')
slice 1
slice 2
before=$(compute before)

drop_cache
start=$(date +%s.%N)
(
    echo "$BASHPID" >"$group/cgroup.procs"
    cat "$work"/model/*.safetensors >/dev/null
)
read_seconds=$(echo "$(date +%s.%N) - $start" | bc)
drop_cache
echo 0 >"$group/memory.max_usage_in_bytes" 2>/dev/null || true

# The shell's own children are counted into its io once they have ended.
(
    echo "$BASHPID" >"$group/cgroup.procs"
    seconds_of model run >"$work/seconds"
    cat "/proc/$BASHPID/io" >"$work/io"
    cat "$group"/memory.max_usage_in_bytes "$group"/memory.peak 2>/dev/null >"$work/peak" || true
)
seconds=$(cat "$work/seconds")
compute_seconds=$(echo "($before + $(compute after)) / 2" | bc -l)
read_bytes=$(awk '/^read_bytes/ {print $2}' "$work/io")
longer=$(printf '%s\n%s\n' "$read_seconds" "$compute_seconds" | sort -g | tail -1)
ratio=$(echo "scale=3; $seconds / $longer" | bc)

echo "checkpoint: $stored bytes, $layers layers; read: $read_bytes bytes ($(echo "scale=3; $read_bytes / $stored" | bc) x)"
echo "recorded $tokens tokens in $(printf '%.1f' "$seconds") s, at most $(cat "$work/peak") bytes in use"
printf 'reading the files alone: %.1f s; computing alone: %.1f s; %s times the longer\n' "$read_seconds" "$compute_seconds" "$ratio"
"$program" verify-db "$work/run.moescope"
if [ "$(echo "$read_bytes > 1.05 * $stored" | bc)" = 1 ]; then
    echo "weights were read more than once" >&2
    exit 1
fi
if [ "$(echo "$ratio > 1.3" | bc)" = 1 ]; then
    echo "reading and computing do not overlap enough" >&2
    exit 1
fi
