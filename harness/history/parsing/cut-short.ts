/** What may complete a value outside a string: nothing, a number, a member, a literal's rest. */
const restsOfValues = [
  '',
  '0',
  ':0',
  '"":0',
  ...['true', 'false', 'null'].flatMap((literal) =>
    Array.from(literal.slice(1), (_, index) => literal.slice(index + 1)),
  ),
]

/** What may complete a string: its last escape, its quote, and the value where it is a name. */
const restsOfStrings = ['', '\\', '0', '00', '000', '0000'].flatMap((rest) => [
  `${rest}"`,
  `${rest}":0`,
])

/**
 * Whether something could follow the text that makes it one whole JSON object: a line that was cut
 * anywhere is, a whole or a corrupt line is not. It reads the text once and parses it at most 14
 * times: for a last line only.
 */
export function isCutShort(text: string): boolean {
  const open = text.startsWith('{') ? findOpen(text) : undefined
  if (open === undefined) return false
  const rests = open.isInString ? restsOfStrings : restsOfValues
  return rests.some((rest) => isJson(text + rest + open.closers))
}

/** What the text leaves open; undefined when it closes its first bracket, or closes a wrong one. */
function findOpen(text: string): { closers: string; isInString: boolean } | undefined {
  const closers: string[] = []
  let isInString = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '"') isInString = !isInString
    else if (isInString) at += character === '\\' ? 1 : 0
    else if (character === '{') closers.push('}')
    else if (character === '[') closers.push(']')
    else if (character === '}' || character === ']') {
      if (closers.pop() !== character || closers.length === 0) return undefined
    }
  }
  return { closers: closers.reverse().join(''), isInString }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
