import { isShellScript } from '../deployment/lookalikes.ts'
import { variableOf } from '../etcd/flags.ts'
import { keysOf } from '../etcd/yaml-file.ts'
import type { EmbeddedFile, FileForm, FileReading, NotUnderstood } from '../file-form.ts'
import { fromVariables } from '../given.ts'
import { embeddedFile } from '../kubernetes/kubernetes.ts'
import { etcdCommands } from '../text/etcd-command.ts'
import { quoteForShell } from '../text/quote.ts'
import {
  entriesAt,
  itemsAt,
  readYaml,
  textAt,
  valueAt,
  type YamlValue,
} from '../text/yaml-document.ts'

/** What a machine is set up with at its first start, with the units and files of etcd in it. */
export const machineConfig: FileForm = {
  name: 'machine',
  title: 'a configuration of a machine (Butane, Ignition, cloud-init)',
  recognises: ({ text, documents = [] }) =>
    documents.length > 0 && (text.startsWith('#cloud-config') || documents.some(isMachine)),
  read: ({ documents: whole = [] }) => {
    const documents = whole.flatMap((document) => userDataOf(document) ?? [document])
    const files = documents.flatMap((document) => [
      ...unitsOf(document),
      ...filesOf(document),
      ...commandsOf(document),
    ])
    const isEtcds = ({ name, text }: EmbeddedFile) => /etcd/i.test(name) || /etcd/i.test(text)
    const beside = files.filter(isEtcds).map(unreadFile)
    const own = documents.flatMap((document) => membersOf(document, beside))
    if (own.length > 0) {
      const problems = own.flatMap((each) => each.problems)
      return { members: own.map(({ member }) => member), problems }
    }
    if (files.some(isEtcds)) {
      return { members: [], problems: [], files: files.filter(isEtcds), ...ofScripts(files) }
    }
    const problem = { line: 1, expected: 'a unit or a file of etcd', found: 'none' }
    return { members: [], problems: [problem] }
  },
}

/** What scripts get and change, also those that start nothing. */
function ofScripts(
  files: readonly EmbeddedFile[],
): Pick<FileReading, 'releases' | 'notUnderstood'> {
  const read = files
    .filter(({ text }) => isShellScript(text.trimStart()))
    .map(({ text, lines }) => {
      const { releases, notUnderstood } = etcdCommands(text)
      const placed = <Row extends { readonly line: number }>(rows: readonly Row[]) =>
        rows.map((row) => ({ ...row, line: lines?.[row.line - 1] ?? row.line }))
      return { releases: placed(releases), notUnderstood: placed(notUnderstood) }
    })
  return {
    releases: read.flatMap(({ releases }) => releases),
    notUnderstood: read.flatMap(({ notUnderstood }) => notUnderstood),
  }
}

function unreadFile({ name, text }: EmbeddedFile): NotUnderstood {
  const line = text.search(/[^\n]/) + 1
  return {
    setting: name,
    value: '',
    line,
    why: 'a unit or a file beside a map of flags is not read',
  }
}

/** A map of flags, from which CoreOS makes a drop-in with their variables. */
function membersOf(document: YamlValue, beside: readonly NotUnderstood[]) {
  const maps = [
    ...['etcd2', 'etcd', 'etcd_member'].map((key) => valueAt(document, 'coreos', key)),
    valueAt(document, 'etcd'),
  ]
  return maps.flatMap((map) => {
    const variables = entriesAt(map).flatMap(({ key, value, line }) => {
      const isFlag = value.kind === 'scalar' && value.type !== 'null'
      return isFlag ? [{ name: variableOf(key), value: value.text, line }] : []
    })
    if (variables.length === 0) return []
    const { settings, notUnderstood, problems } = fromVariables(variables)
    const member = { label: '', settings, notUnderstood: [...notUnderstood, ...beside] }
    return [{ member, problems }]
  })
}

function isMachine(document: YamlValue): boolean {
  const keys = keysOf(document)
  const isButane = keys.includes('variant') && keys.includes('version')
  // Container Linux Config, before Butane, has no variant.
  const hasUnits = itemsAt(document, 'systemd', 'units').length > 0
  const isIgnition = valueAt(document, 'ignition', 'version') !== undefined
  return isButane || hasUnits || isIgnition || userDataOf(document) !== undefined
}

/** What a profile of LXD has for cloud-init, with the lines of the profile. */
function userDataOf(document: YamlValue): readonly YamlValue[] | undefined {
  const texts = ['user', 'cloud-init'].flatMap((owner) => {
    const value = valueAt(document, 'config', `${owner}.user-data`)
    return value?.kind === 'scalar' && value.text.startsWith('#cloud-config') ? [value] : []
  })
  if (texts.length === 0) return undefined
  return texts.flatMap(({ text, textLine }) => readYaml('\n'.repeat(textLine - 1) + text).documents)
}

/** Each with its drop-ins behind it, as systemd reads them. */
function unitsOf(document: YamlValue): readonly EmbeddedFile[] {
  const units = [...itemsAt(document, 'systemd', 'units'), ...itemsAt(document, 'coreos', 'units')]
  return units.flatMap((unit) => {
    const dropIns = [...itemsAt(unit, 'dropins'), ...itemsAt(unit, 'drop-ins')]
    const texts = [unit, ...dropIns].flatMap((part) => {
      const content = valueAt(part, 'contents') ?? valueAt(part, 'content')
      return content?.kind === 'scalar' ? [content] : []
    })
    const text = texts.reduce((joined, { text: own, textLine }) => {
      const gap = Math.max(0, textLine - joined.split('\n').length)
      return joined + '\n'.repeat(gap) + own.replace(/\n?$/, '\n')
    }, '')
    return texts.length === 0 ? [] : [{ name: textAt(unit, 'name') ?? 'unit', text }]
  })
}

function filesOf(document: YamlValue): readonly EmbeddedFile[] {
  const files = [...itemsAt(document, 'storage', 'files'), ...itemsAt(document, 'write_files')]
  return files.flatMap((file) => {
    const content = valueAt(file, 'contents', 'inline') ?? valueAt(file, 'content')
    const source = textAt(file, 'contents', 'source')
    const name = textAt(file, 'path') ?? 'file'
    if (content?.kind === 'scalar') {
      return [embeddedFile(name, { text: content.text, line: content.textLine })]
    }
    const text = source === undefined ? undefined : textOfDataUrl(source)
    return text === undefined ? [] : [embeddedFile(name, { text, line: file.line })]
  })
}

/** Those of cloud-init, one a line, as the script that they are. */
function commandsOf(document: YamlValue): readonly EmbeddedFile[] {
  const commands = ['bootcmd', 'runcmd'].flatMap((key) => itemsAt(document, key))
  const lines = commands.flatMap((command) => {
    if (command.kind === 'scalar') {
      return command.text
        .replace(/\n$/, '')
        .split('\n')
        .map((text, index) => ({ text, line: command.textLine + index }))
    }
    const words = itemsAt(command).flatMap((word) => (word.kind === 'scalar' ? [word.text] : []))
    return [{ text: words.map(quoteForShell).join(' '), line: command.line }]
  })
  const text = ['#!/bin/sh', ...lines.map((one) => one.text)].join('\n')
  if (lines.length === 0) return []
  return [{ name: 'runcmd', text, lines: [lines[0]?.line ?? 1, ...lines.map(({ line }) => line)] }]
}

/** `data:,NAME%3Dvalue` and its form in base64; undefined for another URL and for one that is damaged. */
function textOfDataUrl(url: string): string | undefined {
  const [, base64, data = ''] = /^data:[^,]*?(;base64)?,(.*)$/s.exec(url) ?? []
  if (!url.startsWith('data:')) return undefined
  if (base64 !== undefined) return Buffer.from(data, 'base64').toString('utf8')
  try {
    return decodeURIComponent(data)
  } catch {
    return undefined
  }
}
