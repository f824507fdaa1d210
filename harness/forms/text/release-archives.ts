import type { Word } from './etcd-command.ts'
import { isEtcdImage } from './find-etcd.ts'
import { isMarked, withoutMarks } from './unresolved.ts'

/** An archive of a release of etcd, or the folder of its downloads. */
const archive =
  /(?:^|[/\s"'=])(etcd-v?\d+\.\d+\.\d+(?:-[a-z]+\.\d+)?-(?:linux|darwin|freebsd|windows)[\w.-]*)/
const folder = /(?:^|\/)(etcd(?:\/releases\/download)?\/v?\d+\.\d+\.\d+(?:-[a-z]+\.\d+)?)(?:\/|$)/

/** The part of a text that names a release of etcd: `etcd-v3.5.12-linux-amd64.tar.gz` of a URL. */
export function releaseIn(text: string): string | undefined {
  return archive.exec(text)?.[1] ?? folder.exec(text)?.[1]
}

/** The name of an archive of etcd with a version that no variable's value is known of. */
function openReleaseIn(text: string): string | undefined {
  const [name] = isMarked(text)
    ? (/(?<=^|\/)etcd-[^/]*\.(?:tar|tgz|zip)[^/]*$/.exec(text) ?? [])
    : []
  return name !== undefined && isMarked(name) ? withoutMarks(name) : undefined
}

/** The version that it names; undefined where the text names none. */
export function versionOfRelease(text: string): string | undefined {
  const release = releaseIn(text) ?? tagOf(text)
  return /\d+\.\d+\.\d+(?:-[a-z]+\.\d+)?/.exec(release ?? '')?.[0]
}

/** Of an image whose name is etcd's. */
function tagOf(reference: string): string | undefined {
  return isImageOfEtcd(reference) ? /:v?(\d[^/@:]*)(?:@.*)?$/.exec(reference)?.[1] : undefined
}

/** The tag of another program's image, such as a wrapper's or a manager's, is none of etcd's. */
export function isImageOfEtcd(reference: string): boolean {
  const name = /([^/:@]*)(?::[^/:@]*)?(?:@.*)?$/.exec(reference)?.[1] ?? ''
  return isEtcdImage(reference) || (/etcd/i.test(name) && !others.test(name))
}

const others = /wrapper|manager|operator|druid|backup|restore|proxy|browser|keeper|adm|ctl|ui/i

/** A release that a script gets. */
export interface NamedRelease {
  readonly reference: string
  readonly line: number
  /** The script does not say which version it is. */
  readonly isOpen?: true
}

/** Of the words of a command; what it only prints is none. */
export function releasesOf(words: readonly Word[]): NamedRelease[] {
  if (/^(echo|printf)$/.test(words[0]?.text ?? '')) return []
  return words.flatMap(({ text, line }): NamedRelease[] => {
    const reference = releaseIn(text)
    if (reference !== undefined) return [{ reference, line }]
    const open = openReleaseIn(text)
    return open === undefined ? [] : [{ reference: open, line, isOpen: true }]
  })
}

/** The one release of all, and what is said where there is not one. */
export function theRelease<Found extends NamedRelease>(
  releases: readonly Found[],
): { readonly image?: Found; readonly unclear: readonly (Found & { readonly why: string })[] } {
  const known = releases.filter(({ isOpen }) => isOpen !== true)
  const versions = new Map(
    known.toReversed().map((one) => [versionOfRelease(one.reference), one] as const),
  )
  const [image] = known
  if (image !== undefined && versions.size === 1) return { image, unclear: [] }
  const several = [...versions.values()].toReversed().map((one) => ({ ...one, why: oneOfSeveral }))
  const open = image === undefined ? releases.slice(0, 1) : []
  return { unclear: [...several, ...open.map((one) => ({ ...one, why: unknownVersion }))] }
}

const oneOfSeveral = 'one of several versions of etcd, of which none is taken: `--etcd` names one'
const unknownVersion = 'its version does not follow from the file: `--etcd` names one'
