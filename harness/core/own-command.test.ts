import { expect, test } from 'vitest'
import { ownCommand } from './own-command.ts'

test('the command that runs a scenario again fits how this program was started', () => {
  const installed = '/home/me/app/node_modules/etcd-gauntlet/dist'
  expect(ownCommand('/home/me/gauntlet', { npm_command: 'run-script' })).toBe(
    'npm run -s gauntlet --',
  )
  expect(ownCommand(installed, { npm_command: 'exec' })).toBe('npx gauntlet')
  expect(ownCommand(installed, {})).toBe('gauntlet')
})
