import type { GivenSetting } from '../file-form.ts'
import type { DeployedMember } from './deployment.ts'
import { formatProblem } from './open-files.ts'

/** A proxy of the v2 API is started as a member is, and is none. */
export function withoutProxies(all: readonly DeployedMember[], problems: string[]) {
  const proxies = all.flatMap(({ settings }) => settings.filter(isProxy))
  const [proxy] = proxies
  if (proxy === undefined) return all
  const members = all.filter(({ settings }) => !settings.some(isProxy))
  const [first, ...rest] = members
  const found = `a proxy, by ${proxy.name}=${proxy.value}`
  if (first === undefined) {
    const problem = { line: proxy.line, expected: 'a member of etcd', found }
    problems.push(formatProblem({ path: proxy.file }, problem))
    return all
  }
  const unread = proxies.map(({ name, value, file, line }) => ({
    setting: name,
    value,
    file,
    line,
    why: 'it starts a proxy, which is no member',
  }))
  return [{ ...first, notUnderstood: [...first.notUnderstood, ...unread] }, ...rest]
}

const isProxy = ({ name, value }: GivenSetting) => name === 'proxy' && /^(on|readonly)$/.test(value)
