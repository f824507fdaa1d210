/**
 * The text with the references that Kubernetes replaces in a command, an argument and the value of a
 * variable: `$(NAME)`, whatever the name has up to the parenthesis. `$$` is a dollar, so that `$$(NAME)` is no
 * reference; one without a value, and one that nothing closes, stays as it is written.
 */
export function expandReferences(
  text: string,
  lookUp: (name: string) => string | undefined,
): string {
  // Nothing is looked for behind the last parenthesis, so that no text takes long.
  const end = text.lastIndexOf(')') + 1
  const expanded = text.slice(0, end).replaceAll(reference, (written, name?: string) => {
    return name === undefined ? '$' : (lookUp(name) ?? written)
  })
  return expanded + text.slice(end).replaceAll('$$', '$')
}

const reference = /\$\$|\$\(([^)]*)\)/g
