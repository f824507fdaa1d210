import type { Scenario } from '../../harness/index.ts'

/** Of a scenario that shows nothing of clients behind doors, whatever the door. */
export const atMembers = (reason: string): NonNullable<Scenario['behindDoors']> => ({
  gateway: reason,
  'grpc-proxy': reason,
})

export const checksAskMembers = atMembers('its checks ask each member by itself')
