/** Inside the member, of the HTTP endpoint. */
export const failpointPort = 22_381

/**
 * Turns the endpoint of the failpoints on, and makes each of them count how often it is passed: `off`
 * counts and does nothing else. A binary without failpoints ignores both. Empty without a list.
 */
export function failpointEnvironment(
  names: readonly string[] | undefined,
): Readonly<Record<string, string>> {
  if (names === undefined) return {}
  return {
    GOFAIL_HTTP: `0.0.0.0:${failpointPort}`,
    GOFAIL_FAILPOINTS: names.map((name) => `${name}=off`).join(';'),
  }
}
