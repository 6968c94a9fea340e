// The worker of python.js: it loads the files of the manifest, starts Python, and lets the manifest's module answer.
// From it: {here}; {loaded}, {ready} or {broken}; {part}, then {done} or {raised}. To it: {manifest, folder}; {request}.
const browsersFetch = fetch;
let python, answer;

// Return a file's bytes; from the browser's cache on a second visit, since its address has its hash.
async function load(address, count) {
  const cache = await self.caches?.open("python").catch(() => undefined);
  let response = await cache?.match(address);
  if (!response) {
    response = await browsersFetch(address);
    if (!response.ok) throw new Error(`${response.status} for ${address}`);
    await cache?.put(address, response.clone()).catch(() => {}); // not kept where the browser stores nothing
  }
  const chunks = [];
  for await (const chunk of parts(response.body)) {
    chunks.push(chunk);
    count(chunk.length);
  }
  const packed = new Blob(chunks);
  const [first, second] = new Uint8Array(await packed.slice(0, 2).arrayBuffer());
  const isPacked = first === 0x1f && second === 0x8b; // else the server's header had the browser unpack it
  const stream = isPacked ? packed.stream().pipeThrough(new DecompressionStream("gzip")) : packed.stream();
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// Clear what an older copy of the site has left in the browser's cache.
async function forgetOthers(current) {
  const cache = await self.caches?.open("python").catch(() => undefined);
  for (const { url } of (await cache?.keys()) ?? []) {
    if (!current.includes(new URL(url).search)) await cache.delete(url);
  }
}

async function* parts(stream) {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

async function start({ manifest, folder }) {
  let loaded = 0;
  const count = (bytes) => postMessage({ loaded: (loaded += bytes) });
  const files = {};
  for (const [name, { file, sha256 }] of Object.entries(manifest.files)) {
    files[new URL(name, folder).href] = load(`${new URL(file, folder)}?${sha256.slice(0, 16)}`, count);
  }
  // Pyodide asks for its parts by their own names; what was loaded is handed to it.
  self.fetch = async (address, options) => {
    const file = files[`${address}`];
    const type = `${address}`.endsWith(".wasm") ? "application/wasm" : "application/zip";
    return file ? new Response(await file, { headers: { "Content-Type": type } }) : browsersFetch(address, options);
  };
  const { loadPyodide, version } = await import(new URL("pyodide.mjs", folder));
  python = await loadPyodide({
    indexURL: folder,
    lockFileContents: JSON.stringify({
      info: { abi_version: "2026_0", arch: "wasm32", platform: "emscripten_5_0_3", version, python: "3.14.2" },
      packages: {},
    }),
    env: { HOME: "/home", PYTHONDONTWRITEBYTECODE: "1" },
  });
  const packages = await files[new URL("packages.zip", folder).href];
  python.unpackArchive(packages, "zip", { extractDir: "/lib/python3.14/site-packages" });
  self.fetch = browsersFetch;
  await forgetOthers(Object.values(manifest.files).map(({ sha256 }) => `?${sha256.slice(0, 16)}`));

  // There are no threads, so Python looks here now and then whether its time is up; 2 is the signal SIGINT.
  let end = Infinity;
  python.setInterruptBuffer({
    get 0() {
      if (performance.now() < end) return 0;
      end = Infinity;
      return 2;
    },
    set 0(value) {},
  });
  const module = python.pyimport(manifest.module);
  module.start((seconds) => {
    end = performance.now() + 1000 * seconds;
  });
  answer = module.answer;
}

// The kind and the message of what Python raised, without its traceback.
function raised(error) {
  const lines = `${error.message}`.trim().split("\n");
  const [, kind = "", message] = /^(?:[\w.]*\.)?(\w+): ([^]*)$/.exec(lines.at(-1)) ?? [];
  return { kind: error.type ?? kind, message: message ?? lines.at(-1) };
}

self.onmessage = async ({ data }) => {
  if (data.manifest) {
    try {
      await start(data);
      postMessage({ ready: true });
    } catch (error) {
      postMessage({ broken: `${error.message ?? error}`.trim().split("\n").at(-1) });
    }
    return;
  }
  try {
    answer(data.request, (part) => postMessage({ part: JSON.parse(part) }));
    postMessage({ done: { memory: python._module.HEAP8.length } });
  } catch (error) {
    postMessage({ raised: raised(error) });
  }
};

postMessage({ here: true });
