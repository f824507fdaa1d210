import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { extract, pack } from 'tar-stream'
import { EnvironmentError } from '../../core/errors.ts'

/** A file or directory to be put into a container, owned by root. */
export interface TarEntry {
  /** Absolute. */
  readonly path: string
  /** Absent for a directory. */
  readonly content?: string | Uint8Array
  readonly mode: number
}

export interface UnpackedFile {
  /** Relative to the path that was read, as the archive names it. */
  readonly path: string
  readonly content: Buffer
  readonly mode: number
}

/** An archive with relative names, as the engine extracts it below a directory. */
export function packTar(entries: readonly TarEntry[]): Promise<Buffer> {
  const archive = pack()
  for (const { path, content, mode } of entries) {
    const name = path.replace(/^\/+/, '')
    if (content === undefined) archive.entry({ name: `${name}/`, mode, type: 'directory' })
    else archive.entry({ name, mode }, Buffer.from(content))
  }
  archive.finalize()
  return buffer(archive)
}

/** The regular files of an archive, as the engine sends it. Rejects when it is cut short. */
export async function unpackTar(archive: NodeJS.ReadableStream): Promise<UnpackedFile[]> {
  const entries = extract()
  const piping = pipeline(archive, entries)
  piping.catch(() => {})
  const files: UnpackedFile[] = []
  for await (const entry of entries) {
    const { name, mode = 0, type } = entry.header
    const content = await buffer(entry)
    if (type === 'file') files.push({ path: name, content, mode: mode & 0o7777 })
  }
  await piping
  return files
}

/**
 * Hands the content of an archive's first file to `read`, and resolves as that does: what `read` does
 * not take is not transferred. Rejects when the archive has no file.
 */
export async function readFirstFile<Result>(
  archive: Readable,
  read: (content: AsyncIterable<Uint8Array>) => Promise<Result>,
): Promise<Result> {
  const entries = extract()
  pipeline(archive, entries).catch(() => {})
  try {
    for await (const entry of entries) {
      if (entry.header.type === 'file') return await read(entry as AsyncIterable<Uint8Array>)
      entry.resume()
    }
  } finally {
    archive.destroy()
    entries.destroy()
  }
  throw new EnvironmentError('Expected the archive to have a file, got none')
}
