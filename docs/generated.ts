import { documentedOptions, wrongRows } from '../fixtures/options/documented-options.ts'
import { type CommandName, exitCodeMeanings, exitCodesOf } from '../harness/cli/exit-codes.ts'
import { exitCodes } from '../harness/core/errors.ts'
import type { FileForm } from '../harness/forms/file-form.ts'
import { namedForms } from '../harness/forms/file-forms.ts'
import { historySchema } from '../harness/history/schema/published.ts'
import { type Lie, lies } from '../harness/lying-proxy/lies.ts'
import { runSchema } from '../harness/run-record/schema/run.ts'
import { throughputSchema } from '../harness/run-record/throughput-record.ts'
import { type DoorKind, doorTraits } from '../harness/topology/door.ts'
import { doorBounds } from '../harness/topology/door-bounds.ts'
import { type DoorPromise, doorPromises } from '../harness/topology/door-promises.ts'
import { allChecks } from '../harness/verify/checks/all-checks.ts'
import type { Check } from '../harness/verify/checks/check.ts'
import { type Wall, walls } from '../harness/walls.ts'
import { markdownTable } from './markdown-table.ts'
import { optionsTable, wrongTable } from './options-table.ts'

/**
 * File of docs/ → its text as it must be, made from its text as it is: a file that is generated
 * whole ignores the text, a page keeps all but the parts between its markers.
 */
export const generatedDocs: Readonly<Record<string, (text: string) => string>> = {
  'ARCHITECTURE.md': (text) => replacePart(text, 'walls', wallsTable(walls)),
  'DEPLOYMENTS.md': (text) => replacePart(text, 'forms', formsTable(namedForms)),
  'EXIT_CODES.md': (text) => replacePart(text, 'exit codes', exitCodesTable()),
  'options.md': (text) =>
    replacePart(
      replacePart(text, 'wrong', wrongTable(documentedOptions, wrongRows)),
      'options',
      optionsTable(documentedOptions),
    ),
  'LIES.md': (text) => replacePart(text, 'lies', liesTable(lies)),
  'VERIFY.md': (text) => replacePart(text, 'checks', checksTable(allChecks)),
  'suites/doors.md': (text) =>
    replacePart(
      replacePart(text, 'doors', doorsTable(doorPromises)),
      'not judged',
      notJudgedTable(),
    ),
  'history.schema.json': () => formatJson(historySchema),
  'run.schema.json': () => formatJson(runSchema),
  'throughput.schema.json': () => formatJson(throughputSchema),
}

/** The page with what lies between `<!-- generated: name -->` and `<!-- end -->` replaced. */
export function replacePart(page: string, name: string, part: string): string {
  const [begin, end] = [`<!-- generated: ${name} -->\n`, '<!-- end -->']
  const from = page.indexOf(begin)
  const to = page.indexOf(end, from)
  if (from < 0 || to < 0) {
    throw new RangeError(`Expected \`${begin.trim()}\` and \`${end}\` in the page, found neither`)
  }
  return `${page.slice(0, from + begin.length)}\n${part}\n\n${page.slice(to)}`
}

function doorsTable(promises: readonly DoorPromise[]): string {
  const kinds = Object.keys(doorTraits) as DoorKind[]
  const rows = promises.map(({ promise, behind }) => [
    promise,
    ...kinds.map((kind) => behind[kind] || 'hold'),
  ])
  return markdownTable(['promise', ...kinds.map((kind) => `\`${kind}\``)], rows)
}

function notJudgedTable(): string {
  const kinds = Object.keys(doorTraits) as DoorKind[]
  const rows = kinds.flatMap((kind) => [
    ...Object.entries(doorTraits[kind].untimed).map(([request, reason]) => [
      `\`${kind}\``,
      `the time of \`${request}\``,
      'always',
      reason,
    ]),
    ...doorBounds[kind].unbound.map(({ measures, effects, reason, instead = {} }) => [
      `\`${kind}\``,
      `bounds of ${measures.map((measure) => `\`${measure}\``).join(', ')}`,
      effects === undefined
        ? 'any fault of a member'
        : `a fault that ${effects.map((effect) => `\`${effect}\``).join(', ')}`,
      [reason, ...insteadOf(instead)].join('. '),
    ]),
  ])
  return markdownTable(['door', 'what', 'where', 'why'], rows)
}

function insteadOf(instead: Readonly<Record<string, string>>): string[] {
  const names = Object.values(instead).map((name) => `\`${name}\``)
  return names.length === 0 ? [] : [`The bounds hold for ${names.join(' and ')} instead`]
}

function wallsTable(table: readonly Wall[]): string {
  const rows = table.map((wall) => [`\`${wall.path}\``, wall.holds, formatImports(wall)])
  return markdownTable(['folder', 'holds', 'may import'], rows)
}

function exitCodesTable(): string {
  const codes = Object.values(exitCodes)
  const names = Object.keys(exitCodeMeanings) as CommandName[]
  const rows = names.map((name) => {
    const meanings = new Map(exitCodesOf(name))
    return [`\`${name}\``, ...codes.map((code) => meanings.get(code) ?? '')]
  })
  return markdownTable(['command', ...codes.map(String)], rows)
}

function formsTable(forms: readonly FileForm[]): string {
  const rows = forms.map(({ name, title, write }) => [
    `\`${name}\``,
    title,
    write === undefined ? 'read' : 'read and written',
  ])
  return markdownTable(['form', 'what it is', ''], rows)
}

function checksTable(checks: readonly Check[]): string {
  const rows = checks.map(({ name, holds, codes }) => [
    `\`${name}\``,
    holds,
    codes.map((code) => `\`${code}\``).join(', '),
  ])
  return markdownTable(['check', 'what holds on a healthy cluster', 'codes of its faults'], rows)
}

function liesTable(table: readonly Lie[]): string {
  const rows = table.map(({ kind, name, says, every, detection }) => {
    const often = every === 1 ? 'always' : `1 in ${every}`
    const { scenario, id } = detection
    return [kind, `\`${name}\``, says, often, `\`${scenario}\``, `\`${id}\``]
  })
  const titles = ['kind', 'lie', 'the server …', 'how often', 'detected in', 'by']
  return markdownTable(titles, rows)
}

function formatImports({ mayImport, mayImportTypes = [] }: Wall): string {
  const short = (path: string) =>
    path === 'harness/' ? 'all of harness' : path.replace(/^harness\/(?!index|vitest)/, '')
  const types = mayImportTypes.map((path) => `types of ${short(path)}`)
  const all = [...mayImport.map(short), ...types]
  return all.length === 0 ? 'nothing of ours' : all.join(', ')
}

function formatJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
