import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { detectSystem } from '../../bootstrap/system.mjs'

export interface SourcesFile {
  readonly name: string
  readonly text: string
}

interface PackageSource {
  readonly uri: string
  readonly suites: readonly string[]
  readonly components: readonly string[]
}

/**
 * The Debian mirror that this machine itself uses: it is reachable, and near. Undefined where the
 * machine is not Debian (Ubuntu's mirrors do not hold Debian's suites); the build tool's own
 * default serves then.
 */
export function machineMirror(): string | undefined {
  const { codename } = detectSystem()
  return mirrorOf(readSources('/etc/apt'), codename)
}

/**
 * The first source of the distribution itself. Vendors' repositories may name the same suite, so
 * the distribution's own files are read first.
 */
export function mirrorOf(files: readonly SourcesFile[], codename: string): string | undefined {
  if (!debianCodenames.has(codename)) return undefined
  const own = (name: string) => name === 'sources.list' || /^debian\.(sources|list)$/.test(name)
  const ordered = [
    ...files.filter(({ name }) => own(name)),
    ...files.filter(({ name }) => !own(name)),
  ]
  const suites = new Set([codename, 'stable', 'testing', 'unstable'])
  return ordered
    .flatMap(sourcesOf)
    .find(
      (source) =>
        /^https?:/.test(source.uri) &&
        source.components.includes('main') &&
        source.suites.some((suite) => suites.has(suite)),
    )?.uri
}

const debianCodenames = new Set(['bullseye', 'bookworm', 'trixie', 'forky', 'duke', 'sid'])

function sourcesOf({ name, text }: SourcesFile): PackageSource[] {
  return name.endsWith('.sources') ? stanzasOf(text) : linesOf(text)
}

/** `deb [option=value …] URI SUITE COMPONENT…` */
function linesOf(text: string): PackageSource[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+([^#]+)/.exec(line)
    if (match === null) return []
    const [, uri = '', suite = '', components = ''] = match
    return [{ uri, suites: [suite], components: components.trim().split(/\s+/) }]
  })
}

function stanzasOf(text: string): PackageSource[] {
  const withoutComments = text.replaceAll(/^#.*\n/gm, '')
  return withoutComments.split(/\n\s*\n/).flatMap((stanza) => {
    const words = (field: string): string[] => {
      const value = new RegExp(`^${field}:(.*(?:\\n[ \\t].*)*)`, 'im').exec(stanza)?.[1] ?? ''
      return value.split(/\s+/).filter((word) => word !== '')
    }
    if (!words('Types').includes('deb') || words('Enabled')[0] === 'no') return []
    const [uri] = words('URIs')
    if (uri === undefined) return []
    return [{ uri, suites: words('Suites'), components: words('Components') }]
  })
}

function readSources(folder: string): SourcesFile[] {
  const parts = join(folder, 'sources.list.d')
  const paths = [
    join(folder, 'sources.list'),
    ...list(parts)
      .filter((name) => /\.(list|sources)$/.test(name))
      .map((name) => join(parts, name)),
  ]
  return paths.flatMap((path) => {
    try {
      return [{ name: path.split('/').at(-1) ?? '', text: readFileSync(path, 'utf8') }]
    } catch {
      return []
    }
  })
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}
