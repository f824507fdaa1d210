import type { NotUnderstood } from '../file-form.ts'
import { entriesAt, formatYaml, type YamlValue } from '../text/yaml-document.ts'

/** What a part of a file has for the deployer alone: its keys but for those that are read. */
export function forDeployer(
  value: YamlValue | undefined,
  { read, by }: { readonly read: readonly string[]; readonly by: string },
): NotUnderstood[] {
  return entriesAt(value)
    .filter(({ key }) => !read.includes(key))
    .map(({ key, value: of, line }) => ({
      setting: key,
      value: formatYaml(of),
      line,
      why: `for ${by}, not for etcd`,
    }))
}
