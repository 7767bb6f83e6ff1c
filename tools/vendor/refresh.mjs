// Refreshes static/vendor from the packages in package.json. Run it with `npm ci && npm run refresh`.
// Nothing here is needed to install, test or run the portal: what it writes is committed.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const target = join(here, "..", "..", "static", "vendor");

/** Writes one vendored file, without the source-map comment that the static files' manifest would trip on. */
function writeText(name, text) {
  const bare = text.replace(/\n?\/[/*][#@] ?sourceMappingURL=[^\n]*/g, "");
  writeFileSync(join(target, name), `${bare.trimEnd()}\n`);
}

/**
 * Moves the images that lie inside the style sheet out into files of their own,
 * so that the Content-Security-Policy can say `img-src 'self'` without `data:`.
 */
function withoutInlineImages(css) {
  mkdirSync(join(target, "ds"), { recursive: true });
  return css.replace(/url\((["'])data:image\/svg\+xml;charset=utf-8,([\s\S]*?)\1\)/g, (_whole, _quote, encoded) => {
    const svg = decodeURIComponent(encoded.replace(/\\(.)/g, "$1"));
    const name = `ds/${createHash("sha256").update(svg).digest("hex").slice(0, 10)}.svg`;
    writeFileSync(join(target, name), `${svg}\n`);
    return `url("${name}")`;
  });
}

function buildTheme() {
  const cli = (...words) => execFileSync("npx", ["--no-install", "designsystemet", "tokens", ...words], { cwd: here });
  cli("create", "--config", "theme.json", "--clean");
  cli("build", "--tokens", "build/tokens", "--out-dir", "build/css", "--config", "theme.json", "--clean");
  return readFileSync(join(here, "build", "css", "portal.css"), "utf8");
}

/** One file with every icon as a symbol: `EnvelopeClosed` becomes `#envelope-closed`. */
function buildSprite() {
  const names = JSON.parse(readFileSync(join(here, "icons.json"), "utf8"));
  const symbols = names.map((name) => {
    const svg = readFileSync(join(modules, "@navikt", "aksel-icons", "dist", "svg", `${name}.svg`), "utf8");
    const shapes = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").trim();
    const id = name.replace(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase();
    return `<symbol id="${id}" viewBox="0 0 24 24" fill="none">${shapes}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>`;
}

function copyLicences() {
  mkdirSync(join(target, "LICENSES"), { recursive: true });
  const texts = {
    "designsystemet.txt": ["@digdir", "designsystemet-css", "LICENSE"],
    "floating-ui.txt": ["@floating-ui", "dom", "LICENSE"],
    "inter.txt": ["@fontsource-variable", "inter", "LICENSE"],
    "popover-polyfill.txt": ["@oddbird", "popover-polyfill", "LICENSE"],
    "invokers-polyfill.txt": ["invokers-polyfill", "LICENSE"],
  };
  for (const [name, path] of Object.entries(texts)) cpSync(join(modules, ...path), join(target, "LICENSES", name));
  cpSync(join(here, "licences"), join(target, "LICENSES"), { recursive: true });
}

function listFiles(folder, prefix = "") {
  return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? listFiles(folder, `${prefix}${entry.name}/`) : [`${prefix}${entry.name}`],
  );
}

function writeManifest() {
  const lines = listFiles(target).sort().map((name) => {
    const sum = createHash("sha256").update(readFileSync(join(target, name))).digest("hex");
    return `${sum}  ${name}`;
  });
  writeFileSync(join(target, "SHA256SUMS"), `${lines.join("\n")}\n`);
}

/** The lock file keeps versions and checksums; where each package was fetched from is the machine's affair. */
function stripAddresses() {
  const path = join(here, "package-lock.json");
  const lock = JSON.parse(readFileSync(path, "utf8"));
  for (const entry of Object.values(lock.packages)) delete entry.resolved;
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
}

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
const digdir = (...path) => readFileSync(join(modules, "@digdir", ...path), "utf8");
writeText("designsystemet.css", withoutInlineImages(digdir("designsystemet-css", "dist", "src", "index.css")));
writeText("designsystemet-web.js", digdir("designsystemet-web", "dist", "umd", "index.js"));
writeText("tema.css", buildTheme());
writeText("icons.svg", buildSprite());
for (const script of ["latin", "latin-ext"]) {
  const font = `inter-${script}-wght-normal.woff2`;
  cpSync(join(modules, "@fontsource-variable", "inter", "files", font), join(target, `inter-${script}.woff2`));
}
copyLicences();
writeManifest();
stripAddresses();
