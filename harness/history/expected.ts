/** `Expected … to be …, got …`, what was found shortened to keep the line readable. */
export function expected(what: string, wanted: string, got: unknown): string {
  const text = got === undefined ? 'nothing' : JSON.stringify(got)
  const found = text.length > 60 ? `${text.slice(0, 57)}...` : text
  return `Expected ${what} to be ${wanted}, got ${found}`
}
