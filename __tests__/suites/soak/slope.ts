/**
 * The slope of the straight line through points: the median of the slopes between any two of them (Theil and Sen). Unlike
 * with least squares, some points far from the line, as when the engine drops compiled code, do not turn it.
 */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const between = points.flatMap(([x, y], index) =>
    points.slice(index + 1).map(([otherX, otherY]) => (otherY - y) / (otherX - x)),
  );
  between.sort((a, b) => a - b);
  const middle = between[Math.floor(between.length / 2)];
  if (middle === undefined) throw new RangeError(`a slope needs two points, got ${points.length}`);
  return middle;
}
