import { isDeepStrictEqual } from "node:util";
import { type Command, cpuSeconds } from "../cpu-seconds.ts";
import { type Measure, median } from "../figure.ts";
import { peer } from "../peers.ts";
import { appCommand, bundleAlone, compiled, defaultFlow, devAlone, stacksOf } from "../synth-flows.ts";

const runs = 5;

/**
 * What a synth costs: the app command, which bundles first, against cdktf's default flow, which compiles first;
 * the bundle against compiled JavaScript, both made beforehand; and all environments against `dev` alone.
 */
export const measure: Measure = async (say) => {
  const [tsNode, typescript] = [peer("ts-node", say), peer("typescript", say)];
  const flows = {
    "app command": appCommand(),
    "ts-node": defaultFlow(tsNode, typescript),
    bundle: bundleAlone(),
    compiled: compiled(typescript),
  } satisfies Record<string, Command>;
  const names = ["app command", "ts-node", "bundle", "compiled"] as const;

  say("each flow once, unmeasured: caches are warm and all say the same");
  const outcomes: Record<string, string>[] = [];
  for (const name of names) {
    await cpuSeconds(flows[name]);
    outcomes.push(stacksOf(flows[name]));
    if (!isDeepStrictEqual(outcomes.at(-1), outcomes[0])) {
      throw new Error(`${name} synthesized something else: there is nothing to compare`);
    }
  }

  const all = { ...flows, "dev alone": devAlone() };
  const measuredNames = [...names, "dev alone"] as const;
  await cpuSeconds(all["dev alone"]);
  const seconds = new Map<string, number[]>(measuredNames.map((name) => [name, []]));
  for (let run = 1; run <= runs; run++) {
    const measured: string[] = [];
    for (const name of measuredNames) {
      const used = await cpuSeconds(all[name]);
      seconds.get(name)?.push(used);
      measured.push(`${name} ${used.toFixed(2)} s`);
    }
    say(`run ${run} of ${runs}: ${measured.join(", ")}`);
  }

  const against = (own: string, other: string, atMost: number) => {
    const [mine, theirs] = [own, other].map((name) => median(seconds.get(name) ?? [])) as [number, number];
    const made = `${mine.toFixed(2)} s / ${theirs.toFixed(2)} s`;
    return { name: `synth: ${own} / ${other}, CPU`, value: mine / theirs, atMost, made };
  };
  return [
    against("app command", "ts-node", 0.2),
    against("bundle", "compiled", 0.7),
    against("app command", "dev alone", 2.5),
  ];
};
