// Loads a module as the page does; for the checks. In Node: const train = await module("build/web/train.wasm").
import { readFileSync } from "node:fs";

export const compile = path => new WebAssembly.Module(readFileSync(path));

/// A new instance: its exports, and texts and numbers to and from it.
export function instance(compiled) {
  let exports;
  const decoder = new TextDecoder(), encoder = new TextEncoder();
  const bytes = (at, size) => new Uint8Array(exports.memory.buffer, at, size);
  const text = (at, size) => decoder.decode(bytes(at, size).slice());
  const imports = { page: { thrown(at, size) { throw new Error(text(at, size)); } }, wasi_snapshot_preview1: {} };
  for (const { module, name } of WebAssembly.Module.imports(compiled))
    if (module === "wasi_snapshot_preview1") imports[module][name] = () => 0;
  exports = new WebAssembly.Instance(compiled, imports).exports;
  exports._initialize();
  return {
    ...exports,
    /// Writes texts one behind the other, and gives their lengths.
    put(...texts) {
      const all = texts.map(t => (typeof t === "string" ? encoder.encode(t) : t));
      let at = exports.room(all.reduce((sum, t) => sum + t.length, 0));
      for (const t of all) bytes(at, t.length).set(t), at += t.length;
      return all.map(t => t.length);
    },
    told: at => text(at, exports.text_size()),
    doubles: (at, count) => Array.from(new Float64Array(exports.memory.buffer, at, count)),
    bytes: (at, size) => bytes(at, size).slice(),
  };
}
