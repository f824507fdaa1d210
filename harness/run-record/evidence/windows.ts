import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { amount } from '../../core/schema/parts.ts'
import { Type } from '../../core/schema/type.ts'
import { createValidator, type Shape } from '../../core/schema/validator.ts'
import { readRecord } from '../read-record.ts'

const windowsSchema = Type.Object({
  format: Type.Literal('gauntlet-windows/1'),
  durationMs: Type.Number({ ...amount, description: 'How long all windows last by plan.' }),
  windowMs: Type.Number({ ...amount, description: 'How long one of them lasts at most.' }),
})

/**
 * `windows.json`: the scenario ran in windows, one after the other on one cluster. Each has a
 * directory of its own, `windows/0001` and so on, and goes on from the final state of the one before.
 */
export interface Windows extends Shape<typeof windowsSchema> {}

const format = {
  what: 'the windows of a scenario',
  validator: createValidator(windowsSchema),
}

/** Throws an InputError with the file and what is wrong with it. */
export const readWindows = (file: string): Windows => readRecord(file, format)

export const windowsFile = (directory: string): string => join(directory, 'windows.json')

/** From 1; relative to the scenario's directory. */
export const windowFolder = (number: number): string => `windows/${String(number).padStart(4, '0')}`

/** The folders of all windows, in order, relative to the scenario's directory. */
export async function listWindows(directory: string): Promise<string[]> {
  const found = await readdir(join(directory, 'windows'), { withFileTypes: true }).catch(() => [])
  const names = found.filter((entry) => entry.isDirectory() && /^\d{4,}$/.test(entry.name))
  return names
    .map(({ name }) => Number(name))
    .sort((one, other) => one - other)
    .map(windowFolder)
}
