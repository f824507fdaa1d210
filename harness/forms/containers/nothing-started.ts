import type { Problem } from '../form.ts'
import { formatUnreadScript, namedScript } from '../text/named-script.ts'
import type { ContainerCommand } from './container-command.ts'

/**
 * What is wrong where no container starts etcd: of the one that seems to be meant for it, what it starts
 * and what to give instead. `whole` says what to give where it is only a part.
 */
export function nothingStarted(
  containers: readonly ContainerCommand[],
  { expected, whole }: { readonly expected: string; readonly whole: string },
): Problem {
  const meant = containers.length === 1 ? containers : containers.filter(isMeant)
  const [found] = meant.flatMap((container) => reasonOf(container, whole) ?? [])
  return { line: 1, found: 'none', ...found, expected }
}

const isMeant = ({ label, image, words }: ContainerCommand) =>
  /etcd/i.test([label, image?.reference, ...words.map(({ text }) => text)].join(' '))

function reasonOf(
  container: ContainerCommand,
  whole: string,
): Omit<Problem, 'expected'> | undefined {
  const { label, line = 1, image, words, isBuilt } = container
  const script = namedScript(words)
  if (script !== undefined) {
    const { variables } = container
    const started = { path: script.text, variables, ...(image !== undefined && { image }) }
    return { line: script.line, found: formatUnreadScript(script), script: started }
  }
  if (!isMeant(container)) return undefined
  const [first] = words
  if (first !== undefined) {
    const end = words.findIndex(({ text }) => text.startsWith('-'))
    const started = words.slice(0, end < 1 ? 1 : end).map(({ text }) => text)
    return { line: first.line, found: `${label}, which starts ${started.join(' ')}` }
  }
  if (isBuilt) return { line, found: `${label}, which is built: give the file that it is built by` }
  if (image === undefined) return { line, found: `${label}, which has no image: ${whole}` }
  const found = `${label}, of an image that may start anything: give the file that it is built by`
  return { line: image.line, found }
}
