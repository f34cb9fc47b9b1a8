/**
 * `npm run bench [-- <measure> …]`: runs what is in bench/measures/, all of it by default. The table goes to
 * stdout, progress to stderr. Exit: 0 every goal met, 1 one missed, 2 no such measure.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type Figure, isMet, type Measure, table } from "./figure.ts";

const known = readdirSync(join(import.meta.dirname, "measures")).map((file) => file.replace(/\.ts$/, ""));
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !known.includes(name));

if (unknown.length > 0) {
  console.error(`no measure ${unknown.join(", ")}: there are ${known.join(", ")}`);
  process.exitCode = 2;
} else {
  const figures: Figure[] = [];
  for (const name of wanted.length > 0 ? wanted : known) {
    const { measure }: { measure: Measure } = await import(`./measures/${name}.ts`);
    figures.push(...(await measure((line) => console.error(`${name}: ${line}`))));
  }
  console.log(table(figures));
  process.exitCode = figures.every(isMet) ? 0 : 1;
}
