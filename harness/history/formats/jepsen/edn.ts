import type { Element, FilePlace, Refuse } from '../format.ts'
import { createEdnCursor } from './edn-cursor.ts'
import { closingOf, createEdnReader } from './edn-reader.ts'

/**
 * Reads EDN (github.com/edn-format/edn) as Jepsen's stores hold it, into JSON values: keywords are
 * strings with their colon, maps are objects, a record such as `#jepsen.history.Op{…}` is its map.
 * What JSON has not is an object of one field with a `#`: `{"#set":[…]}`, `{"#inst":"…"}`.
 */
export function* readEdn(text: string, refuse: Refuse): Generator<Element, void> {
  const cursor = createEdnCursor(text, refuse)
  const reader = createEdnReader(cursor)
  reader.skip(0)
  const closing = closingOf[cursor.peek() ?? '']
  const isOneList = closing === ']' || closing === ')'
  if (isOneList) cursor.take()
  for (let index = 0; ; index++) {
    reader.skip(0)
    if (cursor.isAtEnd()) {
      if (isOneList) cursor.fail(`Expected \`${closing}\`, got the end of the file`)
      return
    }
    if (isOneList && cursor.peek() === closing) {
      cursor.take()
      reader.skip(0)
      if (!cursor.isAtEnd()) cursor.fail('Expected the end of the file after the list')
      return
    }
    const line = cursor.line()
    yield { value: reader.value(0), place: isOneList ? { line, index } : { line } }
  }
}

/** The value with which a text begins; what follows it is not looked at. */
export function readEdnValue(text: string, { line }: FilePlace, refuse: Refuse): unknown {
  const cursor = createEdnCursor(text, (_, problem) => refuse({ line }, problem))
  const reader = createEdnReader(cursor)
  reader.skip(0)
  return reader.value(0)
}
