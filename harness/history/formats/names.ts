/**
 * What the formats of other programs are called and hold, for people, in the order in which they are
 * tried. Apart from their readers, of which a file needs one and `--help` none.
 */
export const foreignFormatNames = {
  'jepsen-edn': "Jepsen's history.edn: registers, independent keys, sets, mutexes",
  'jepsen-json': 'the same as JSON: an array of objects, or an object a line',
  'jepsen-log': "Jepsen's history.txt or jepsen.log: an operation a line, as Jepsen prints it",
  'porcupine-json':
    "operations with Call and Return as Porcupine's: get, put, append, or read, write, cas",
} as const

export type ForeignFormatName = keyof typeof foreignFormatNames
