const mostShown = 20

/** For a verdict's evidence: the first violations, as a picture shows them, and how many there are. */
export function firstViolations<Violation>(found: readonly Violation[]) {
  return { violations: found.slice(0, mostShown), violationsFound: found.length }
}
