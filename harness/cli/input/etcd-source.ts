import { statSync } from 'node:fs'
import { InputError } from '../../core/errors.ts'
import type { ClusterOptions } from '../options/cluster.ts'

/** The option that names an etcd of its kind. */
export type EtcdSource = keyof Pick<ClusterOptions, 'etcd' | 'image' | 'binaries' | 'tarball'>

/**
 * What one text that stands for an etcd is: a version such as 3.5.30, a directory of binaries, a
 * release archive, else an image. Figures alone are a version, so that 3.5 is no image. Throws an
 * InputError that names the option for a path or a URL at which there is nothing.
 */
export function etcdSourceOf(text: string, option: string): EtcdSource {
  if (/^v?\d+(\.\d+)*$/.test(text)) return 'etcd'
  const found = statSync(text, { throwIfNoEntry: false })
  if (found === undefined) {
    if (!looksLikePlace(text)) return 'image'
    throw new InputError(`Expected a directory or an archive at \`${option} ${text}\`, got none`)
  }
  return found.isFile() ? 'tarball' : 'binaries'
}

/** Whether it begins as a path or a URL does, and no reference of an image. */
const looksLikePlace = (text: string): boolean => /^(\.{0,2}\/|[a-z]+:\/\/|$)/.test(text)
