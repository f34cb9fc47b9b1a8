import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bake, baseSystem } from "../../__tests__/suites/selinux/root-file-system.ts";
import { type Measure, median } from "../figure.ts";
import { installsAtBoot } from "../install-at-boot.ts";
import { type Boot, bootOnce } from "../machine.ts";

const RUNS = 3;

/**
 * Power-on to the first 200 of a baked image, against a stock system that installs the same at boot by user data; in
 * containers without internet, so a kernel's boot is in neither. Not counted against the installation: downloads of
 * packages and release, the reboot into SELinux, cloud-init, and the settings of roles `base` and `hardening`. Needs root.
 */
export const measure: Measure = async (say) => {
  const root = join(import.meta.dirname, "../..");
  const folder = mkdtempSync(join(tmpdir(), "webapp-boot-"));
  const [baked, stock] = [join(folder, "baked"), join(folder, "stock")];
  try {
    say("making the image, and the stock system: minutes the first time");
    await bake(root, await baseSystem(root, join(root, ".webstead/selinux")), baked);
    const packages = await installsAtBoot(root, baked, stock);
    say(`packages installed at boot: ${packages.join(" ")}`);
    const boots = { baked: [] as Boot[], installed: [] as Boot[] };
    for (let run = 1; run <= RUNS; run++) {
      boots.baked.push(await bootOnce(baked, join(folder, "boot")));
      boots.installed.push(await bootOnce(stock, join(folder, "boot")));
      const [own, other] = [boots.baked, boots.installed].map((all) => all.at(-1)?.answered.toFixed(2));
      say(`run ${run} of ${RUNS}: baked ${own} s, installed at boot ${other} s`);
    }
    for (const line of phases(boots)) say(line);
    const [own, other] = [boots.baked, boots.installed].map((all) =>
      median(all.map((boot) => boot.answered)),
    ) as [number, number];
    return [
      {
        name: "boot to 200: baked / installed at boot",
        value: own / other,
        atMost: 0.125,
        made: `${own.toFixed(2)} s / ${other.toFixed(2)} s`,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Median seconds of each phase, side by side. */
function phases(boots: Readonly<Record<"baked" | "installed", readonly Boot[]>>): string[] {
  const lengths = (all: readonly Boot[]) => {
    const perBoot = all.map(({ marks, settings, settingsDone, app, answered }) => {
      const ends: [string, number][] = [
        ...marks.map(([name], index): [string, number] => [name, marks[index + 1]?.[1] ?? settings]),
        ["user data", settingsDone],
        ["start of the app's unit", app],
        ["app to 200", answered],
      ];
      const system = marks[0]?.[1] ?? settings;
      let before = system;
      const rest = ends.map(([name, at]): [string, number] => {
        const length = at - before;
        before = at;
        return [name, length];
      });
      return new Map<string, number>([["systemd to the first unit", system], ...rest]);
    });
    return (name: string) => median(perBoot.map((boot) => boot.get(name) ?? 0));
  };
  const [baked, installed] = [lengths(boots.baked), lengths(boots.installed)];
  const names = [
    "systemd to the first unit",
    ...(boots.installed[0]?.marks.map(([name]) => name) ?? []),
    "user data",
    "start of the app's unit",
    "app to 200",
  ];
  const row = (name: string, own: string, other: string) =>
    `${name.padEnd(26)}${own.padStart(8)}${other.padStart(11)}`;
  return [
    row("phase, seconds", "baked", "installed"),
    ...names.map((name) => row(name, baked(name).toFixed(2), installed(name).toFixed(2))),
  ];
}
