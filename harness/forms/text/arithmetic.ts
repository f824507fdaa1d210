/**
 * The value of a shell's `$((8 * 1024 * 1024))`: whole numbers, variables, parentheses and the
 * operators of a sum. Undefined for anything else, and where a variable has no value.
 */
export function evaluateArithmetic(
  expression: string,
  variables: ReadonlyMap<string, string>,
): string | undefined {
  const tokens = expression.match(/\d+|[A-Za-z_]\w*|\*\*|<<|>>|[-+*/%()]|\S/g) ?? []
  const replaced = tokens
    .filter((token, index) => !(token === '$' && /^[A-Za-z_]/.test(tokens[index + 1] ?? '')))
    .map((token) => (/^[A-Za-z_]/.test(token) ? (variables.get(token) ?? '') : token))
  const reader: Reader = { tokens: replaced, at: 0 }
  const value = readBinary(reader, 0)
  return reader.at === replaced.length ? value?.toString() : undefined
}

interface Reader {
  readonly tokens: readonly string[]
  at: number
}

/** From the loosest to the tightest. */
const levels: readonly Readonly<
  Record<string, (left: bigint, right: bigint) => bigint | undefined>
>[] = [
  {
    '<<': (left, right) => (isSmall(right) ? left << right : undefined),
    '>>': (left, right) => (isSmall(right) ? left >> right : undefined),
  },
  { '+': (left, right) => left + right, '-': (left, right) => left - right },
  {
    '*': (left, right) => left * right,
    '/': (left, right) => (right === 0n ? undefined : left / right),
    '%': (left, right) => (right === 0n ? undefined : left % right),
  },
  { '**': (left, right) => (isSmall(right) ? left ** right : undefined) },
]

/** An exponent that a number of 64 bits may have. */
const isSmall = (value: bigint) => value >= 0n && value < 64n

function readBinary(reader: Reader, level: number): bigint | undefined {
  const operators = levels[level]
  if (operators === undefined) return readNumber(reader)
  let left = readBinary(reader, level + 1)
  for (;;) {
    const token = reader.tokens[reader.at] ?? ''
    const apply = Object.hasOwn(operators, token) ? operators[token] : undefined
    if (apply === undefined || left === undefined) return left
    reader.at++
    const right = readBinary(reader, level + 1)
    left = right === undefined ? undefined : apply(left, right)
  }
}

function readNumber(reader: Reader): bigint | undefined {
  const token = reader.tokens[reader.at++] ?? ''
  if (/^\d+$/.test(token)) return BigInt(token)
  if (token !== '(') return undefined
  const value = readBinary(reader, 0)
  return reader.tokens[reader.at++] === ')' ? value : undefined
}
