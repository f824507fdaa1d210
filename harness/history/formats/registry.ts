import type { HistoryFormat } from './format.ts'
import { jepsenEdn, jepsenJson, jepsenLog } from './jepsen/formats.ts'
import { porcupineJson } from './porcupine/format.ts'

/** How other programs write histories; the first that recognizes a file reads it. */
export const foreignFormats: readonly HistoryFormat[] = [
  jepsenEdn,
  jepsenJson,
  jepsenLog,
  porcupineJson,
]

/** By the beginning of a file; undefined for our own files, and for what is none of them. */
export function recognizeFormat(beginning: string): HistoryFormat | undefined {
  return foreignFormats.find((format) => format.recognizes(beginning))
}
