/** What a number may be at most, or must be at least. */
export type Goal = { readonly atMost: number } | { readonly atLeast: number };

/** One measured number against its goal. Numbers are ratios within one run: they hold on any machine. */
export type Figure = Goal & {
  /** What was measured, in words. */
  readonly name: string;
  readonly value: number;
  /** What the ratio was made of, for example `0.41 s / 6.90 s`. */
  readonly made: string;
};

/** What each file in bench/measures/ exports as `measure`. Progress goes to `say`. */
export type Measure = (say: (line: string) => void) => Promise<Figure[]>;

/** Whether the goal is met. */
export function isMet(figure: Figure): boolean {
  return "atMost" in figure ? figure.value <= figure.atMost : figure.value >= figure.atLeast;
}

/** The goal in signs. */
export function goalOf(goal: Goal): string {
  return "atMost" in goal ? `<= ${goal.atMost}` : `>= ${goal.atLeast}`;
}

/** The figures as lines of a table. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.name,
    figure.value.toFixed(2),
    goalOf(figure),
    isMet(figure) ? "met" : "MISSED",
    figure.made,
  ]);
  const all = [["", "ratio", "goal", "", "made of"], ...rows];
  const widths = (all[0] ?? []).map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** The middle one of an odd number of values, the mean of the two middle ones of an even number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  if (low === undefined || high === undefined) throw new RangeError("no values to take the median of");
  return (low + high) / 2;
}
