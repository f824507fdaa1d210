import type { Word } from './etcd-command.ts'
import { isEtcd, isRemoteShell, isRuntime, isWrapper } from './find-etcd.ts'
import type { HereDocument } from './shell-lines.ts'
import { withoutMarks } from './unresolved.ts'

/** What the shell reads once more: the words behind `eval`, and that of `bash -c` and `su -c`. */
export function scriptWithin([command, ...words]: readonly Word[]): Word | undefined {
  const line = command?.line ?? 1
  if (command?.text === 'eval') return { text: words.map(({ text }) => text).join(' '), line }
  const all = command === undefined ? [] : [command, ...words]
  // `ssh HOST "COMMAND"` and `tmux new -d 'COMMAND'`: their last word.
  const last = words.at(-1)
  if (all.some(({ text }) => isRemoteShell(text)) && last !== undefined && /\s/.test(last.text)) {
    return { ...last, text: last.text.replace(/^--command=/, '') }
  }
  const isShell = all.some(({ text }) => isShellProgram(text))
  const at = all.findIndex(({ text }) => /^-\w*c$/.test(text))
  const before = all.slice(0, Math.max(at, 0)).every(({ text }) => !isEtcd(text) || text === 'etcd')
  const isInContainer = all.some(({ text }) => isRuntime(text))
  return isShell && at > 0 && before && !isInContainer ? all[at + 1] : undefined
}

const isShellProgram = (word: string) => /^(.*\/)?((ba|da|z|k|a)?sh|su|runuser)$/.test(word)

/** Whether a shell reads the here-document: `ssh HOST <<EOF`, `cat <<EOF | sudo bash`. */
export function isForShell({ command }: HereDocument): boolean {
  const last =
    command
      .replaceAll(/<<-?\s*\S+/g, ' ')
      .split('|')
      .at(-1) ?? ''
  const words = last.trim().split(/\s+/)
  const program = words.find((word) => !isWrapper(word)) ?? ''
  return !last.includes('>') && (isShellProgram(program) || isRemoteShell(program))
}

/** `$(cat FILE)` and `$(grep -v '^#' FILE | xargs)`, of which the shell makes assignments. */
export function fileWithin({ text, line }: Word): Word | undefined {
  const [, path] =
    /^(?:\$\(|`)\s*(?:cat|grep|egrep|sed)\s(?:[^|]*\s)?([\w./-]*[\w-])\s*(?:\||\)$|`$)/.exec(
      withoutMarks(text),
    ) ?? []
  return path === undefined ? undefined : { text: path, line }
}
