/** For a person: 20, 0.25, 0.000001. */
export function seconds(ms: number): string {
  return String(Number((ms / 1_000).toPrecision(3)))
}
