import { basename, dirname } from 'node:path/posix'
import type { SourceFile } from '../deployment/deployment.ts'
import { isUnit } from './systemd-unit.ts'

/**
 * The files, with the drop-ins of a unit of systemd behind its lines, as systemd reads them: those of
 * its folder `etcd.service.d`, or those of the only unit there is. A drop-in without its unit stays a
 * file of its own.
 */
export function joinDropIns(files: readonly SourceFile[]): readonly SourceFile[] {
  const units = files.filter(({ text }) => isUnit(normalized(text)))
  const dropIns = units.filter(isDropIn)
  const whole = units.filter((unit) => !isDropIn(unit))
  const unitOf = (dropIn: SourceFile) =>
    whole.find(({ path }) => folderOf(dropIn) === `${basename(path)}.d`) ??
    (whole.length === 1 ? whole[0] : undefined)
  return files.flatMap((file) => {
    if (dropIns.includes(file)) return unitOf(file) === undefined ? [file] : []
    const own = dropIns.filter((dropIn) => unitOf(dropIn) === file)
    const inOrder = own.toSorted((a, b) => (basename(a.path) < basename(b.path) ? -1 : 1))
    return [inOrder.reduce(append, file)]
  })
}

/** In the folder of a unit, or with nothing of its own that starts: it changes what another starts. */
function isDropIn(file: SourceFile): boolean {
  if (/\.(service|socket|unit)\.d$/.test(folderOf(file))) return true
  const isNamed = /\.conf$/.test(file.path)
  return isNamed && !/^[ \t]*\[(Unit|Install)\]/m.test(file.text)
}

function append(file: SourceFile, { path, text }: SourceFile): SourceFile {
  const joined = file.text.replace(/\n?$/, '\n')
  const firstLine = joined.split('\n').length
  return { ...file, text: joined + text, parts: [...(file.parts ?? []), { path, firstLine }] }
}

const folderOf = ({ path }: SourceFile) => basename(dirname(path))
const normalized = (text: string) => text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
