/** A field's number, or `otherwise` where it is missing or wrong itself: that is its own rule's business. */
export function numberOr(value: unknown, otherwise: number): number {
  return typeof value === "number" && Number.isFinite(value) ? value : otherwise;
}
