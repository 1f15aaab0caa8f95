// Prints name, version, licence and copyright notice of every package whose code is in vendor.js or vendor.css.
import { existsSync, readFileSync, readdirSync } from "node:fs";

const { inputs } = JSON.parse(readFileSync("node_modules/meta.json", "utf8"));
const folders = new Set();
for (const path of Object.keys(inputs)) {
  const found = path.match(/^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//);
  if (found) folders.add(found[1]);
}

const STANDARD = /^(licen[cs]e|copying)(\.(md|txt))?$/i;

for (const folder of [...folders].sort()) {
  const about = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const file = existsSync(folder) && readdirSync(folder).find((name) => STANDARD.test(name));
  const author = typeof about.author === "object" ? about.author.name : about.author;
  const notice = file
    ? readFileSync(`${folder}/${file}`, "utf8").trim()
    : `The package holds no licence text; its package.json says ${about.license}${author ? `, by ${author}` : ""}.`;
  console.log(`${"=".repeat(80)}\n${about.name} ${about.version}: ${about.license}\n\n${notice}\n`);
}
