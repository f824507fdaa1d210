import type { Word } from './etcd-command.ts'
import { isEtcd, isWrapper } from './find-etcd.ts'

/** The script that a command starts, by its name, where it may start etcd: it is another file to give. */
export function namedScript(words: readonly Word[]): Word | undefined {
  const program = words.find(({ text }) => !isWrapper(text) && !interpreters.test(text))
  if (words.some(({ text }) => /^-\w*c$/.test(text)) || program === undefined) return undefined
  return names.test(program.text) && !isEtcd(program.text) ? program : undefined
}

const interpreters = /^(.*\/)?((ba|da|z|k|a)?sh|python[\d.]*|perl|--)$/
const names =
  /(\.(sh|bash|py|pl)|(^|\/)(etcd(?!ctl$|utl$)[\w-]+|[\w-]*(start|run|entrypoint|wrapper)[\w-]*))$/

/** What is said of it. */
export function formatUnreadScript({ text }: Word): string {
  return `${text}, which is not read: give that script`
}
