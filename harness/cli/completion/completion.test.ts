import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { renderCompletion } from './render.ts'

const commands = [
  {
    name: 'run',
    description: "runs the user's suites",
    options: [
      { name: '--depth', takesValue: true, choices: ['quick', 'ci', 'full'] },
      { name: '--json', takesValue: false, choices: [] },
    ],
    words: ['chaos', 'quorum-loss', 'quorum-loss/leader-killed'],
  },
  { name: 'report', description: 'renders', options: [], words: [] },
]

/** What bash offers behind these words. */
async function completed(...words: string[]): Promise<string[]> {
  const script = `${renderCompletion('bash', commands)}
    COMP_WORDS=(gauntlet ${words.map((word) => `'${word}'`).join(' ')})
    COMP_CWORD=${words.length}
    _gauntlet; printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout } = await promisify(execFile)('bash', ['-c', script])
  return stdout.split('\n').filter((line) => line !== '')
}

test('bash completes commands, options, their values and scenarios', async () => {
  expect(await completed('r')).toEqual(['run', 'report'])
  expect(await completed('run', '--d')).toEqual(['--depth'])
  expect(await completed('run', '--depth', '')).toEqual(['quick', 'ci', 'full'])
  expect(await completed('run', '--json', 'quorum-loss/')).toEqual(['quorum-loss/leader-killed'])
  expect(await completed('report', '')).toEqual([])
})

test('zsh gets the same functions, and fish quotes what it shows', () => {
  expect(renderCompletion('zsh', commands)).toMatch(/^#compdef gauntlet\n.*bashcompinit/)
  const fish = renderCompletion('fish', commands)
  expect(fish).toContain("-a run -d 'runs the user\\'s suites'")
  expect(fish).toContain('-l depth -r -f -a "quick ci full"')
})
