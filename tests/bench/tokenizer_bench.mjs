// node tokenizer_bench.mjs MODULES TOKENIZER FILE...: the same measurement by Hugging Face's library.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const [modules, tokenizerFile, ...files] = process.argv.slice(2);
const { Tokenizer } = createRequire(`${modules}/`)("@anush008/tokenizers");
const tokenizer = Tokenizer.fromString(readFileSync(tokenizerFile, "utf8"));
const wantedBytes = 4 << 20;

function checksum(ids) {
  let sum = 0x811c9dc5;
  for (const id of ids) sum = Math.imul(sum ^ id, 0x01000193) >>> 0;
  return sum.toString(16).padStart(8, "0");
}

for (const file of files) {
  const text = readFileSync(file, "utf8");
  const bytes = Buffer.byteLength(text);
  const times = Math.floor(wantedBytes / Math.max(bytes, 1)) + 1;
  let best = Infinity;
  let ids = [];
  for (let round = 0; round < 2; ++round) {
    const start = process.cpuUsage();
    for (let i = 0; i < times; ++i) {
      ids = (await tokenizer.encode(text, null, { addSpecialTokens: false })).getIds();
    }
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) / 1e6);
  }
  console.log(`${file.padEnd(40)} encode ${(bytes * times / 1e6 / best).toFixed(1).padStart(7)} MB/s  ` +
              `${(bytes / ids.length).toFixed(2)} bytes a token  ids ${checksum(ids)}`);
}
