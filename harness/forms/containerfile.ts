import { readContainers } from './container-command.ts'
import type { FileForm } from './file-form.ts'
import type { Variable } from './given.ts'
import type { Word } from './text/etcd-command.ts'
import { isEtcdImage } from './text/find-etcd.ts'
import { shellWords } from './text/shell.ts'
import { readYaml } from './text/yaml-document.ts'

/** The recipe of an image that starts etcd: its ENV, ENTRYPOINT and CMD. */
export const containerfile: FileForm = {
  name: 'containerfile',
  title: 'a Dockerfile',
  recognises: ({ text }) =>
    /^FROM[ \t]+\S/im.test(text) && /^(CMD|ENTRYPOINT|RUN|COPY|ENV)[ \t]/im.test(text),
  read: ({ text }) => {
    const instructions = instructionsOf(text)
    // Each FROM begins another image, and the last one is the one that runs.
    const from = instructions.findLastIndex(({ name }) => name === 'FROM')
    const own = instructions.slice(from)
    const last = (name: string) => own.findLast((instruction) => instruction.name === name)
    const base = own[0]?.value.split(/\s+/).find((word) => !word.startsWith('--')) ?? ''
    const reading = readContainers([
      {
        label: '',
        words: [...wordsOf(last('ENTRYPOINT')), ...wordsOf(last('CMD'))],
        variables: own.filter(({ name }) => name === 'ENV').flatMap(variablesOf),
        image: { reference: base, line: own[0]?.line ?? 1 },
        isEtcdImage: isEtcdImage(base),
      },
    ])
    if (reading.members.length > 0 || reading.problems.length > 0) return reading
    const problem = { line: 1, expected: 'an image that starts etcd', found: 'another one' }
    return { members: [], problems: [problem] }
  },
}

interface Instruction {
  readonly name: string
  readonly value: string
  readonly line: number
}

/** Lines that end in a backslash go on in the next one; comments between them are left out. */
function instructionsOf(text: string): readonly Instruction[] {
  const instructions: Instruction[] = []
  let open: { value: string; line: number } | undefined
  text.split('\n').forEach((raw, index) => {
    if (/^\s*(#|$)/.test(raw)) return
    const continues = /\\\s*$/.test(raw)
    const part = raw.replace(/\\\s*$/, '').trim()
    open = { line: open?.line ?? index + 1, value: open ? `${open.value} ${part}` : part }
    if (continues) return
    const [, name = '', value = ''] = /^(\w+)\s+(.*)$/s.exec(open.value) ?? []
    instructions.push({ name: name.toUpperCase(), value, line: open.line })
    open = undefined
  })
  return instructions
}

/** A list of words, or a line for a shell. */
function wordsOf(instruction: Instruction | undefined): readonly Word[] {
  if (instruction === undefined) return []
  const { value, line } = instruction
  const [list] = value.startsWith('[') ? readYaml(value).documents : []
  if (list?.kind !== 'list') return shellWords(value).map((text) => ({ text, line }))
  return list.items.flatMap((item) => (item.kind === 'scalar' ? [{ text: item.text, line }] : []))
}

/** `ENV A=1 B="2"` and the old `ENV A 1`. */
function variablesOf({ value, line }: Instruction): Variable[] {
  const [, old, rest] = /^(\w+)\s+([^=]*)$/s.exec(value) ?? []
  if (old !== undefined && rest !== undefined) return [{ name: old, value: rest, line }]
  return shellWords(value).flatMap((word) => {
    const [, name, text] = /^(\w+)=(.*)$/s.exec(word) ?? []
    return name === undefined || text === undefined ? [] : [{ name, value: text, line }]
  })
}
