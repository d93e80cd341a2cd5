// Lets node's test runner import components: JSX is compiled as Vite does it, and a style sheet gives
// the names of its classes as they are written.
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import { transformSync } from "rolldown/utils";

const STYLES = "export default new Proxy({}, { get: (_, name) => String(name) });";

registerHooks({
  load(url, context, next) {
    if (url.endsWith(".css")) return { format: "module", source: STYLES, shortCircuit: true };
    if (!url.endsWith(".tsx")) return next(url, context);
    const path = fileURLToPath(url);
    const { code, errors } = transformSync(path, readFileSync(path, "utf8"), { jsx: { runtime: "automatic" } });
    if (errors.length) throw new SyntaxError(`${path}: ${errors[0]?.message}`);
    return { format: "module", source: code, shortCircuit: true };
  },
});
