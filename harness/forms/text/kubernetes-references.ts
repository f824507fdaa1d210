/**
 * The text with the references that Kubernetes replaces in a command, an argument and the value of a
 * variable: `$(NAME)`, whatever the name has up to the parenthesis. `$$` is a dollar, so that `$$(NAME)` is no
 * reference; one without a value, and one that nothing closes, stays as it is written.
 */
export function expandReferences(
  text: string,
  lookUp: (name: string) => string | undefined,
): string {
  return text.replaceAll(/\$\$|\$\(([^)]*)\)/g, (written, name?: string) =>
    name === undefined ? '$' : (lookUp(name) ?? written),
  )
}
