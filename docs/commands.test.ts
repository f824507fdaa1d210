import { CommanderError } from 'commander'
import { expect, test } from 'vitest'
import { commands, isCommandName } from '../harness/cli/gauntlet.ts'
import { chosenScenarios, select } from '../harness/cli/run/suites.ts'
import { loadCatalogue } from '../harness/engine/images/catalogue.ts'
import { shellWords } from '../harness/forms/text/shell.ts'
import { markdownFiles, readSource } from '../harness/testing/sources.ts'

const helps = ['gauntlet', ...Object.keys(commands).map((name) => `commands/${name}`)]
const pages = [
  ...markdownFiles().filter((page) => page !== 'CHANGELOG.md'),
  ...helps.map((name) => `harness/cli/${name}.ts`),
]

/** How the pages start the command, and what stands for `gauntlet` and its first words then. */
const starts = [
  [/^npm start(?: -- |$)/, 'run --depth quick '],
  [/^npm run -s gauntlet -- /, ''],
  [/^npm run nightly -- /, 'nightly '],
  [/^npm run -s bench -- /, 'bench '],
  [/^npx etcd-gauntlet /, ''],
  [/^gauntlet /, ''],
] as const

interface Example {
  readonly line: string
  /** What follows `gauntlet`. */
  readonly words: readonly string[]
}

/** The lines of a page's blocks, where a backslash goes on in the next line; those of a help text. */
function linesOf(page: string): string[] {
  const source = readSource(page)
  if (page.endsWith('.ts')) return source.match(/^ {2}(?:eval "\$\()?gauntlet [^`\n]*/gm) ?? []
  const blocks = [...source.matchAll(/^```\w*\n(.*?)^```/gms)].map(([, text = '']) => text)
  return blocks.flatMap((text) => text.replaceAll(/\s*\\\n\s*/g, ' ').split('\n'))
}

/** A comment stands behind two spaces. */
function examplesIn(page: string): Example[] {
  return linesOf(page).flatMap((whole) => {
    const [line = ''] = whole
      .trim()
      .replace(/^(?:- )?(?:run: )?(?:eval "\$\()?/, '')
      .split(/\)"|\s{2,}|\s+#\s|\s+&&\s|\s+\|\s|\s+>/)
    const start = starts.find(([prefix]) => prefix.test(line))
    if (start === undefined) return []
    const [prefix, first] = start
    return [{ line, words: shellWords(withoutGaps(`${first}${line.replace(prefix, '')}`)) }]
  })
}

/** What a reader fills in, `<run-id>` and `"$CI_NODE_INDEX"`, is filled in. */
const withoutGaps = (line: string) => line.replaceAll(/<[\w-]+>/g, 'x').replaceAll(/\$\w+/g, '1')

const examples = pages.flatMap((page) => {
  return examplesIn(page).map(({ line, words }) => [page, line, words] as const)
})

test('the pages and the help texts have examples', () => {
  const fromHelp = examples.filter(([page]) => page.endsWith('.ts'))
  expect(fromHelp.length).toBeGreaterThan(30)
  expect(examples.length - fromHelp.length).toBeGreaterThan(40)
})

const versions = loadCatalogue().versions.map(({ version }) => version)

/** Where no registry is set there are no others. */
const versionOptions: readonly (string | undefined)[] = ['--etcd', '--upgrade-to']

test.each(examples)('%s: `%s` is a command as it stands', async (page, line, words) => {
  const [name = '', ...args] = words
  if (!isCommandName(name)) throw new RangeError(`Expected a command, got ${line}`)
  const command = await commands[name]()
  command.exitOverride().configureOutput({ outputError: () => {}, writeOut: () => {} })
  command.action(() => {})
  try {
    await command.parseAsync(args, { from: 'user' })
  } catch (thrown) {
    if (!(thrown instanceof CommanderError && thrown.exitCode === 0)) throw thrown
  }
  // Files that the reader has, behind `--from`, and scenarios that a page has the reader write.
  const isReaders = (word: string) =>
    /\.(env|yaml|service)$/.test(word) || readSource(page).includes(`id: '${word}'`)
  const named = args.filter((word, at) => {
    return /^\d+\.\d+\.\d+$/.test(word) && versionOptions.includes(args[at - 1])
  })
  expect(named.filter((version) => !versions.includes(version))).toEqual([])
  const suites = command.args.filter((word) => !isReaders(word))
  if (name === 'run') await chosenScenarios(await select(suites))
})
