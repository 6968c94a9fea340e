// Python in a page: `const python = await Python.here()`, `await python.start(progress)`, then `ask` as often as needed.
// It runs in a worker, so the page stays alive, and a second worker waits to take its place when the page stops the first.
const folder = new URL("../python/", import.meta.url);
const script = new URL("python-worker.js", import.meta.url);

export class Python {
  #current;
  #spare;
  #asked; // the question under way: {resolve, reject, receive}

  // Return what can be started, or throw an Error that says what is missing.
  static async here() {
    if (typeof WebAssembly !== "object") throw new Error("this browser has no WebAssembly, or it is switched off");
    if (typeof DecompressionStream !== "function") throw new Error("this browser is too old");
    const response = await fetch(new URL("manifest.json", folder));
    if (!response.ok) throw new Error("Python is not part of this copy of the site");
    return new Python(await response.json());
  }

  constructor(manifest) {
    this.manifest = manifest;
  }

  // Load Python; `progress(share)` is called with the share of the bytes that are here.
  start(progress = () => {}) {
    this.#current ??= this.#launch(progress);
    return this.#current.ready;
  }

  // Send a request; `receive` gets each part of the answer. Rejects with what Python raised, or when stopped; else
  // returns how much memory Python has taken, in bytes.
  async ask(request, receive) {
    const running = this.#current;
    await running.ready;
    if (running !== this.#current) throw new Stopped();
    const { memory } = await new Promise((resolve, reject) => {
      this.#asked = { resolve, reject, receive };
      running.worker.postMessage({ request: JSON.stringify(request) });
    });
    this.#spare ??= this.#launch();
    return memory;
  }

  // End what runs now, whatever it is. The next question is answered by the spare.
  stop() {
    if (!this.#current) return;
    this.#current.worker.terminate();
    this.#asked?.reject(new Stopped());
    this.#asked = undefined;
    this.#current = this.#spare ?? this.#launch();
    this.#spare = undefined;
  }

  #launch(progress = () => {}) {
    // A worker from a blob keeps to the content security policy of its page; one from a file does not.
    const code = `import(${JSON.stringify(script.href)}).catch(({ message }) => postMessage({ broken: message }));`;
    const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
    const running = { worker: new Worker(address, { type: "module" }) };
    running.ready = new Promise((resolve, reject) => {
      running.worker.onmessage = ({ data }) => {
        if (data.here) running.worker.postMessage({ manifest: this.manifest, folder: folder.href });
        else if (data.loaded !== undefined) progress(data.loaded / this.manifest.size);
        else if (data.ready) resolve();
        else if (data.broken) reject(new Error(data.broken));
        else if (running === this.#current) this.#heard(data);
      };
      running.worker.onerror = (event) => reject(new Error(event.message || "its worker cannot be loaded"));
    });
    running.ready.then(() => URL.revokeObjectURL(address), () => {});
    return running;
  }

  #heard({ part, done, raised }) {
    if (part) return this.#asked?.receive(part);
    const { resolve, reject } = this.#asked ?? {};
    this.#asked = undefined;
    if (done) resolve?.(done);
    else reject?.(Object.assign(new Error(raised.message), raised));
  }
}

// What `ask` rejects with after `stop`.
export class Stopped extends Error {
  name = "Stopped";
}
