// Compiles archives of Python modules with the Python that the browser will run.
// Usage: node pack.mjs RUNTIME FOLDER NAME...: reads FOLDER/source-NAME, writes FOLDER/NAME and FOLDER/NAME.gz.
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const [runtime, folder, ...names] = process.argv.slice(2);
const { loadPyodide, version } = await import(pathToFileURL(resolve(runtime, "pyodide.mjs")));
const python = await loadPyodide({
  indexURL: `${resolve(runtime)}/`,
  lockFileContents: JSON.stringify({
    info: { abi_version: "2026_0", arch: "wasm32", platform: "emscripten_5_0_3", version, python: "3.14.2" },
    packages: {},
  }),
  // Two builds agree: no order of a set depends on chance.
  env: { HOME: "/home", PYTHONHASHSEED: "0", PYTHONNODEBUGRANGES: "1" },
});
python.FS.writeFile("/packing.py", readFileSync(resolve(dirname(fileURLToPath(import.meta.url)), "packing.py")));
python.mountNodeFS("/folder", resolve(folder));
const { compile_archive: compileArchive } = python.runPython("import sys; sys.path.insert(0, '/'); import packing; packing");
for (const name of names) compileArchive(`/folder/source-${name}`, `/folder/${name}`);
