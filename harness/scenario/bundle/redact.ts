/** Fields whose texts come from users: keys, values, and lists and transactions of them. */
const privateFields = new Set([
  ...['key', 'end', 'value', 'initial', 'keys', 'otherKeys', 'partition', 'prefix'],
])

/** Words of the format within a transaction. */
const vocabulary = new Set([
  ...['', '\0', 'put', 'get', 'delete', 'range', 'txn', 'append', 'cas', 'r', 'w'],
  ...['value', 'version', 'mod', 'create', 'lease', '=', '!=', '<', '>'],
])

/** Replaces texts by others of the same order, the same text by the same everywhere. */
export type Redact = <Content>(content: Content) => Content

/**
 * Of all the texts in these contents: `x0001`, `x0002`, in the order of the texts, so that ranges hold
 * the same keys as before. Members become `m1`, `m2`.
 */
export function createRedact(contents: readonly unknown[], members: readonly string[]): Redact {
  const texts = new Set<string>()
  for (const content of contents) visit(content, false, texts)
  for (const word of vocabulary) texts.delete(word)
  const sorted = [...texts].sort()
  const digits = String(sorted.length).length
  const names = new Map(
    sorted.map((text, at) => [text, `x${String(at + 1).padStart(digits, '0')}`]),
  )
  const memberNames = new Map(members.map((member, at) => [member, `m${at + 1}`]))
  return (content) => replace(content, { isPrivate: false, names, memberNames }) as typeof content
}

function visit(content: unknown, isPrivate: boolean, texts: Set<string>): void {
  if (typeof content === 'string') {
    if (isPrivate) texts.add(content)
  } else if (Array.isArray(content)) {
    for (const each of content) visit(each, isPrivate, texts)
  } else if (typeof content === 'object' && content !== null) {
    for (const [field, value] of Object.entries(content)) {
      if (field === 'keys') for (const key of Object.keys(value as object)) texts.add(key)
      visit(value, isPrivateField(field, isPrivate), texts)
    }
  }
}

interface Names {
  readonly isPrivate: boolean
  readonly names: ReadonlyMap<string, string>
  readonly memberNames: ReadonlyMap<string, string>
}

function replace(content: unknown, names: Names): unknown {
  if (typeof content === 'string') {
    if (names.isPrivate) return names.names.get(content) ?? content
    return names.memberNames.get(content) ?? content
  }
  if (Array.isArray(content)) return content.map((each) => replace(each, names))
  if (typeof content !== 'object' || content === null) return content
  return Object.fromEntries(
    Object.entries(content).flatMap(([field, value]) => {
      // An error's text may hold anything.
      if (field === 'error') return [[field, 'redacted']]
      // So may the words of a probe, which name members.
      if (field === 'proof') return [[field, { ...value, expected: 'redacted', measured: [] }]]
      const isPrivate = isPrivateField(field, names.isPrivate)
      const replaced = replace(value, { ...names, isPrivate })
      return [[field, field === 'keys' ? renameFields(replaced as object, names) : replaced]]
    }),
  )
}

/** What lies in a list of keys is private by its own field's name. */
const isPrivateField = (field: string, isWithin: boolean): boolean =>
  field !== 'keys' && (isWithin || privateFields.has(field))

function renameFields(keys: object, { names }: Names): object {
  return Object.fromEntries(
    Object.entries(keys).map(([key, value]) => [names.get(key) ?? key, value]),
  )
}
