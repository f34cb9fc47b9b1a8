/** One measured number against its goal. Numbers are ratios within one run: they hold on any machine. */
export interface Figure {
  /** What was measured, in words. */
  readonly name: string;
  readonly value: number;
  /** The value may be at most this. */
  readonly atMost: number;
  /** What the ratio was made of, for example `0.41 s / 6.90 s`. */
  readonly made: string;
}

/** What each file in bench/measures/ exports as `measure`. Progress goes to `say`. */
export type Measure = (say: (line: string) => void) => Promise<Figure[]>;

/** Whether the goal is met. */
export function isMet({ value, atMost }: Figure): boolean {
  return value <= atMost;
}

/** The figures as lines of a table. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.name,
    figure.value.toFixed(2),
    `<= ${figure.atMost}`,
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
