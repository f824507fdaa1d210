/** Milliseconds as seconds with three digits: 20, 0.25, 0.000001. */
export function formatSeconds(ms: number): string {
  return String(Number((ms / 1_000).toPrecision(3)))
}
